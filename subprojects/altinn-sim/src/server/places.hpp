#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <vector>

namespace altinn_sim {

/// A server that works on so many requests at once, each for the same time, while the others wait in the
/// order in which they came: its throughput has a knee (observed.md OD-13). When a request's turn is follows
/// from those before it, so nothing needs to wait but the answer. Safe to use from several threads.
class Places {
public:
  /// `places` 0: no request waits for another.
  Places(unsigned places, std::chrono::microseconds time);

  /// When the work on a request begins and ends, in microseconds of the clock of `now_us`.
  struct Turn {
    std::int64_t begins_us = 0;
    std::int64_t ends_us = 0;
  };

  /// A request comes in; times never go back.
  Turn take(std::int64_t now_us);

private:
  const unsigned places_;
  const std::int64_t time_us_;
  std::mutex mutex_;
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>>
      ends_; ///< of the last `places_`
};

} // namespace altinn_sim
