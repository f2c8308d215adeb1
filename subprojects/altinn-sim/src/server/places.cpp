#include "places.hpp"

#include <algorithm>

namespace altinn_sim {

Places::Places(unsigned places, std::chrono::microseconds time)
    : places_(places)
    , time_us_(time.count()) {}

Places::Turn Places::take(std::int64_t now_us) {
  if (places_ == 0) return {now_us, now_us + time_us_};
  std::lock_guard lock(mutex_);
  auto begins = now_us;
  if (ends_.size() == places_) {
    begins = std::max(begins, ends_.top());
    ends_.pop();
  }
  ends_.push(begins + time_us_);
  return {begins, begins + time_us_};
}

} // namespace altinn_sim
