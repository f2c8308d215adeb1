#pragma once

#include <dialogferry/engine/moment.hpp>

#include <chrono>
#include <cstdint>

namespace dialogferry::engine {

/// Tells an API that is down from a request that fails: after a run of failures without one success it asks
/// for a probe. A probe that is answered lays the failures at the requests' door; one that is not is an
/// outage: everybody waits, and what failed meanwhile is nobody's failure (architecture.md, Actors).
class OutageDetector {
public:
  enum class State : std::uint8_t {
    up,
    suspect, ///< a probe is on its way, nothing else is sent
    down,    ///< probes only, with growing pauses
  };

  State state() const { return state_; }

  /// Any answer that shows life (below 500, 429 included).
  void on_alive();

  /// A transport error, a timeout or a 5xx. Returns true when a probe must be sent now.
  bool on_failure();

  /// What came of a probe. Returns how long to wait before the next one; zero when the API is up again.
  std::chrono::milliseconds on_probe(bool alive, Moment now);

  /// When the outage began; meaningful while down.
  Moment since() const { return since_; }

private:
  static constexpr std::uint32_t suspicious = 5; ///< failures in a row
  static constexpr std::chrono::milliseconds first_pause{250};
  static constexpr std::chrono::milliseconds last_pause{5'000};

  State state_ = State::up;
  std::uint32_t failures_ = 0;
  std::chrono::milliseconds pause_ = first_pause;
  Moment since_{};
};

} // namespace dialogferry::engine
