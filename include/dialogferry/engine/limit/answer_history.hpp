#pragma once

#include <dialogferry/engine/limit/token_bucket.hpp>

#include <array>
#include <cstdint>

namespace dialogferry::engine {

/// How many answers of the last twelve seconds let a request pass (any but 429) and how many throttled it,
/// counted in bins of 25 ms.
class AnswerHistory {
public:
  static constexpr Moment bin_width{25'000'000};
  static constexpr std::int64_t bin_count = 512;

  struct Counts {
    double passed = 0;
    double throttled = 0;

    double all() const { return passed + throttled; }
    double share() const { return all() > 0 ? throttled / all() : 0; }
  };

  void add_passed(Moment now) { ++bin(now).passed; }
  void add_throttled(Moment now) { ++bin(now).throttled; }

  /// The newest answers: at least those of `span`, and more until there are `enough` or the history ends.
  Counts recent(Moment now, Moment span, double enough) const;

  /// The most that passed within a span, of all such spans of the history.
  double most_passed(Moment span) const;

  /// The rate of a token bucket that keeps `burst` seconds of tokens and is empty now: over the window
  /// since it was last full it has let pass rate × (window + burst), over any other no more. Hence the
  /// largest passed ÷ (window + burst) of all windows that begin at or after `since` and end now.
  double rate_of_emptied_bucket(Moment since, Moment now, double burst) const;

private:
  struct Bin {
    std::uint32_t passed = 0;
    std::uint32_t throttled = 0;
  };

  Bin& bin(Moment now) {
    const auto index = now / bin_width;
    if (index != newest_) advance(index);
    return bins_[static_cast<std::size_t>(newest_ % bin_count)];
  }
  const Bin& at(std::int64_t index) const { return bins_[static_cast<std::size_t>(index % bin_count)]; }
  std::int64_t oldest() const { return newest_ < bin_count ? 0 : newest_ - bin_count + 1; }
  void advance(std::int64_t index);

  std::array<Bin, bin_count> bins_{};
  std::int64_t newest_ = 0;
};

} // namespace dialogferry::engine
