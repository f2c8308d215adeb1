#pragma once

#include <dialogferry/engine/moment.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace dialogferry::engine {

/// Seconds as a number, for arithmetic on rates.
constexpr double in_seconds(Moment span) {
  return static_cast<double>(span.count()) * 1e-9;
}

/// The span of so many seconds, rounded up to a nanosecond; beyond 30 years it is cut.
inline Moment from_seconds(double seconds) {
  return Moment{static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e9) * 1e9))};
}

/// A token bucket: `rate` tokens a second flow in, at most `capacity` are kept. In any closed window of one
/// second it gives at most `rate` + `capacity` tokens. A rate of 0 means no limit at all.
class TokenBucket {
public:
  TokenBucket() = default;

  /// A full bucket; a capacity below 1 counts as 1, or nothing could ever pass.
  TokenBucket(double rate, double capacity)
      : rate_{rate}
      , capacity_{std::max(1.0, capacity)}
      , tokens_{capacity_} {}

  double rate() const { return rate_; }

  /// How many of `wanted` could be taken now.
  std::uint32_t available(std::uint32_t wanted, Moment now) {
    if (rate_ <= 0) return wanted;
    refill(now);
    return tokens_ >= wanted ? wanted : static_cast<std::uint32_t>(std::max(0.0, tokens_));
  }

  /// Takes what available() has promised at the same moment.
  void take(std::uint32_t count) {
    if (rate_ > 0) tokens_ -= count;
  }

  /// Takes what was spent without asking; where that is not there, it is paid from what flows in next.
  void owe(std::uint64_t count) {
    if (rate_ > 0) tokens_ -= static_cast<double>(count);
  }

  /// Puts back what was taken and not used.
  void put_back(std::uint32_t count) { tokens_ = std::min(capacity_, tokens_ + count); }

  /// The first moment, not before `now`, at which a token is there.
  Moment next_token(Moment now) {
    if (available(1, now) == 1) return now;
    return std::max(now, filled_at_) + std::max(Moment{1}, from_seconds((1 - tokens_) / rate_));
  }

  /// Goes on with other figures; what has flowed in so far is kept as far as it fits.
  void change(double rate, double capacity, Moment now) {
    refill(now);
    const bool was_unlimited = rate_ <= 0;
    rate_ = rate;
    capacity_ = std::max(1.0, capacity);
    tokens_ = was_unlimited ? capacity_ : std::min(tokens_, capacity_);
  }

  /// Starts over without a token; they flow from `at`, which may lie ahead.
  void restart_empty(Moment at) {
    tokens_ = 0;
    filled_at_ = at;
  }

private:
  void refill(Moment now) {
    if (now <= filled_at_) return;
    tokens_ = std::min(capacity_, tokens_ + rate_ * in_seconds(now - filled_at_));
    filled_at_ = now;
  }

  double rate_ = 0;
  double capacity_ = 1;
  double tokens_ = 1;
  Moment filled_at_{0};
};

} // namespace dialogferry::engine
