#include <dialogferry/engine/limit/outage.hpp>

#include <algorithm>

namespace dialogferry::engine {

void OutageDetector::on_alive() {
  if (state_ == State::up) failures_ = 0;
}

bool OutageDetector::on_failure() {
  if (state_ != State::up || ++failures_ < suspicious) return false;
  state_ = State::suspect;
  return true;
}

std::chrono::milliseconds OutageDetector::on_probe(bool alive, Moment now) {
  if (alive) {
    state_ = State::up;
    failures_ = 0;
    pause_ = first_pause;
    return std::chrono::milliseconds{0};
  }
  if (state_ != State::down) since_ = now;
  state_ = State::down;
  const auto pause = pause_;
  pause_ = std::min(last_pause, pause_ * 2);
  return pause;
}

} // namespace dialogferry::engine
