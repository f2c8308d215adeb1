#pragma once

#include <dialogferry/engine/limit/token_bucket.hpp>

#include <cstdint>

namespace dialogferry::engine {

/// What calls that are refused alike have in common, while others of the same API succeed: what stands behind
/// it is down (observed.md OD-2). While more than half of their tries fail, they are not tried each by
/// itself: one goes as a probe, with growing pauses; when it passes, the others go, more and more at once.
/// A pure state machine; the owner keeps the calls and says what became of their tries.
class Trouble {
public:
  /// Calls that wait in place for one trouble; more are given back to be deferred, so that they do not keep
  /// the others from their places.
  static constexpr std::size_t most_waiting = 64;

  /// True while calls wait for their turn; false while each may be tried again by its own clock.
  bool on() const { return on_; }

  /// A call was refused. `let_go`: may_go() had let it.
  void refused(bool let_go, Moment now);

  /// A call that was refused before has passed, or was refused for something else.
  void passed(bool let_go, Moment now);

  /// How many of `waiting` calls may go now; they count as let go until refused() or passed().
  std::uint32_t may_go(std::uint32_t waiting, Moment now);

  /// When the next may go, where it is a matter of time alone.
  Moment next() const { return next_; }

private:
  static constexpr int most_score = 16;
  static constexpr int score_on = 8;  ///< so many more refusals than successes
  static constexpr int score_off = 4; ///< and again so few
  static constexpr Moment first_pause = std::chrono::milliseconds{500};
  static constexpr Moment last_pause = std::chrono::seconds{5};

  void let_back(bool let_go) { in_flight_ -= let_go && in_flight_ > 0 ? 1 : 0; }

  int score_ = 0; ///< refusals less successes, 0 to most_score
  bool on_ = false;
  std::uint32_t places_ = 1; ///< in flight at the most
  std::uint32_t in_flight_ = 0;
  Moment pause_ = first_pause;
  Moment next_{0};
};

} // namespace dialogferry::engine
