#include "live/platform_clock.hpp"

#include <chrono>

namespace altinn_sim::live {

storage::Ticks PlatformClock::real_now() {
  using HundredNanoseconds = std::chrono::duration<storage::Ticks, std::ratio<1, 10'000'000>>;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<HundredNanoseconds>(now).count();
}

void PlatformClock::jump_to(storage::Ticks offset) {
  offset_.store(offset);
  for (const auto& action : actions_)
    action();
}

} // namespace altinn_sim::live
