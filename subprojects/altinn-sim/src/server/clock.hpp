#pragma once

#include <chrono>
#include <cstdint>

namespace altinn_sim {

/// Microseconds of a clock that never goes back.
inline std::int64_t steady_us() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

} // namespace altinn_sim
