#include <dialogferry/engine/limit/trouble.hpp>

#include <algorithm>

namespace dialogferry::engine {

void Trouble::refused(bool let_go, Moment now) {
  let_back(let_go);
  score_ = std::min(most_score, score_ + 1);
  const bool begins = !on_ && score_ >= score_on;
  on_ = on_ || begins;
  if (!begins && !(on_ && let_go)) return;
  places_ = 1;
  next_ = now + pause_;
  pause_ = std::min(last_pause, 2 * pause_);
}

void Trouble::passed(bool let_go, Moment now) {
  let_back(let_go);
  score_ = std::max(0, score_ - 1);
  if (!on_) return;
  places_ = std::min<std::uint32_t>(2 * places_, most_waiting);
  pause_ = first_pause;
  next_ = now;
  if (score_ > score_off) return;
  on_ = false;
  places_ = 1;
  in_flight_ = 0;
}

std::uint32_t Trouble::may_go(std::uint32_t waiting, Moment now) {
  if (!on_) return waiting;
  if (now < next_ || in_flight_ >= places_) return 0;
  const auto count = std::min(waiting, places_ - in_flight_);
  in_flight_ += count;
  return count;
}

} // namespace dialogferry::engine
