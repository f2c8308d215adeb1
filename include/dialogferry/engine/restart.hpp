#pragma once

#include <dialogferry/engine/moment.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace dialogferry::engine {

/// How often and how fast a failed child is restarted (architecture.md, Actors: supervision as in OTP).
struct RestartRules {
  std::uint32_t max_restarts = 5; ///< within the window; one more failure parks
  std::chrono::milliseconds window{600'000};
  std::chrono::milliseconds first{500};    ///< delay before the first restart
  std::chrono::milliseconds last{300'000}; ///< longest delay
};

/// Counts the failures of one child and says what follows each.
class RestartPolicy {
public:
  explicit RestartPolicy(RestartRules rules)
      : rules_(rules) {}

  /// The child failed at `now`: wait this long, then restart it; nothing when it is to be parked. `random` in
  /// [0, 1) spreads the delay over [half, whole] so that children that failed together do not come back
  /// together.
  std::optional<std::chrono::milliseconds> on_failure(Moment now, double random);

  /// Failures counted inside the window at the last on_failure().
  std::uint32_t recent() const { return static_cast<std::uint32_t>(failures_.size()); }

private:
  RestartRules rules_;
  std::deque<Moment> failures_;
};

} // namespace dialogferry::engine
