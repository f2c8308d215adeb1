#pragma once

#include <cstdint>

namespace dialogferry::engine {

/// What the configuration allows of one API (interfaces.md, `[apis.…]`).
struct RateOptions {
  double rate = 0;               ///< requests per second at the most; 0 = no ceiling
  double burst = 1;              ///< requests at once at the most, on top of the rate; below 1 counts as 1
  std::uint32_t connections = 1; ///< requests in flight at the most; 0 counts as 1
  bool adaptive = true; ///< find the target's own limit; off: only the ceiling, connections and pauses

  bool operator==(const RateOptions&) const = default;
};

} // namespace dialogferry::engine
