#include "arrivals.hpp"

#include <algorithm>

namespace altinn_sim {

void Arrivals::slide_to(std::int64_t step) {
  auto leaving = std::min<std::int64_t>(step - step_, static_cast<std::int64_t>(steps));
  for (std::int64_t at = 1; at <= leaving; ++at) {
    auto& slot = window_[static_cast<std::size_t>(step_ + at) % steps];
    within_ -= slot;
    slot = 0;
  }
  step_ = step;
}

void Arrivals::arrived(std::int64_t now_us) {
  if (seconds_.empty()) {
    first_us_ = now_us;
    seconds_.reserve(64);
  }
  auto since = std::max<std::int64_t>(now_us - first_us_, 0);
  if (since / step_us > step_) slide_to(since / step_us);
  ++window_[static_cast<std::size_t>(step_) % steps];
  most_ = std::max(most_, ++within_);
  auto second = std::min(static_cast<std::size_t>(since / 1'000'000), longest_series - 1);
  if (second >= seconds_.size()) seconds_.resize(second + 1);
  ++seconds_[second];
}

} // namespace altinn_sim
