#pragma once

#include <dialogferry/engine/limit/answer_history.hpp>
#include <dialogferry/engine/limit/answer_times.hpp>
#include <dialogferry/engine/limit/concurrency_limit.hpp>
#include <dialogferry/engine/limit/knee.hpp>
#include <dialogferry/engine/limit/limit_finder.hpp>
#include <dialogferry/engine/limit/rate_options.hpp>
#include <dialogferry/engine/limit/sharing.hpp>
#include <dialogferry/engine/limit/token_bucket.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace dialogferry::engine {

/// How one attempt ended, as far as the rate is concerned.
enum class Signal : std::uint8_t {
  success,    ///< any answer that is none of the others; a 400 or 404 is one
  throttled,  ///< 429
  overloaded, ///< 503
  failed,     ///< any other 5xx, a reset, a timeout
};

/// What holds requests back.
enum class RateReason : std::uint8_t {
  free,            ///< nothing but the number of connections
  configured_rate, ///< `rate` and `burst` of the configuration
  found_limit,     ///< a limit of the target, found from its 429 answers
  pause,           ///< Retry-After, or an outage decided elsewhere
  latency,         ///< fewer in flight than configured: slow answers, 503, or more bring waiting only
};

/// `free`, `configured rate`, `found limit`, `retry-after pause`, `latency`
std::string_view name_of(RateReason reason);

/// One moment of a controller, for the status page and metrics.
struct RateView {
  std::optional<double> found_limit; ///< requests per second the target seems to allow; nothing: none found
  double rate = 0;                   ///< requests per second allowed now; 0 = no ceiling
  std::uint32_t in_flight = 0;
  std::uint32_t concurrency_limit = 0;  ///< 1 to connections
  RateReason reason = RateReason::free; ///< what refused an attempt within the last second
  std::optional<Moment> paused_until;   ///< nobody sends before; nothing: no pause
  Moment pause{};                       ///< how long that pause is from its beginning to its end
};

/// The one authority over the requests to one API, for all shards together (docs/limiter.md): it says how
/// many attempts may start now, and learns from the answers. Every attempt pays a token, retries too, and
/// holds a place in flight until its on_answer() or give_back().
///
/// A pure state machine: time and randomness are handed in, nothing is locked; one owner calls it. `now` must
/// not go backwards.
class RateController {
public:
  /// Numbers in [0, 1), for the jitter above Retry-After.
  using Random = std::function<double()>;

  RateController(const RateOptions& options, Random random);

  /// One attempt may start now; it is counted.
  bool try_acquire(Moment now) { return acquire_up_to(1, now) == 1; }

  /// Of `wanted` attempts, how many may start now; they are counted.
  std::uint32_t acquire_up_to(std::uint32_t wanted, Moment now);

  /// After a refusal: when to ask again. Nothing: ask after the next answer.
  std::optional<Moment> next_chance(Moment now);

  /// An attempt that started at `sent` has ended. `retry_after` is the header's wait, counted from `now`: who
  /// was refused waits it in any case, everybody once so many of the newest answers are refusals that the API
  /// as a whole refuses.
  void on_answer(Moment sent, Moment now, Signal signal,
                 std::optional<std::chrono::milliseconds> retry_after = std::nullopt, RequestKind kind = {});

  /// Attempts that were acquired and never sent: places and tokens go back.
  void give_back(std::uint32_t count);

  /// Requests that went out without being acquired, such as those that the HTTP client repeats by itself: the
  /// attempts that come next wait for them.
  void charge(std::uint64_t count) { ceiling_.owe(count); }

  /// Nobody starts before `until`; a longer pause that is already there stays.
  void pause_until(Moment until);

  /// Other figures from now on; attempts in flight and what was learned stay.
  void configure(const RateOptions& options, Moment now);

  RateView view(Moment now) const;

  // -- one of several engines (docs/limiter.md, Several engines)

  /// From now on rate, burst and the limit found are those of several engines, and this one has a share of
  /// them: almost nothing until it hears of one.
  void begin_sharing(Moment now);

  /// What the others are to be told. `is_idle`: no request waits for its turn.
  ledger::RateUse tell(bool is_idle, Moment now);

  /// What was heard in answer to what was told at `told`.
  void hear(const ledger::RateShare& heard, Moment told, Moment now);

  /// Whether there is something that the others should not be kept waiting for: a pause, or another limit.
  bool has_news() const { return has_pause_to_tell_ || (sharing_ && sharing_->leads() && is_slower()); }

private:
  std::uint32_t places(Moment now) const;
  void refused(RateReason reason, Moment now);
  bool all_are_refused(Moment now) const;
  void pause_for(Moment wait, Moment now);
  void learn(Moment sent, Moment now, Signal signal, RequestKind kind, bool all_taken);
  bool follows() const { return sharing_ && !sharing_->leads(); }
  bool is_slower() const { return finder_.pace() > 0 && (told_pace_ <= 0 || finder_.pace() < told_pace_); }
  void take_share(Moment now);
  void follow_pause(Moment until, Moment now);

  RateOptions options_;
  Random random_;
  TokenBucket ceiling_;
  LimitFinder finder_;
  ConcurrencyLimit concurrency_;
  Knee knee_;
  AnswerTimes times_;
  AnswerHistory refusals_; ///< "throttled" are answers that asked for a pause
  std::uint32_t in_flight_ = 0;
  Moment paused_at_{0};    ///< when the pause began, or the first of those that ran into one another
  Moment resume_{0};       ///< end of the pause, jitter included
  Moment spread_until_{0}; ///< until then places in flight open one after another
  RateReason refused_by_ = RateReason::free;
  Moment refused_at_{0};
  std::optional<Sharing> sharing_;
  double told_pace_ = 0;
  bool has_pause_to_tell_ = false;
};

} // namespace dialogferry::engine
