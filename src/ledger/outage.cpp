#include <dialogferry/ledger/outage.hpp>

#include <utility>

namespace dialogferry::ledger {

std::optional<Outage::State> Outage::now() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::uint64_t Outage::times() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

void Outage::begin(Problem problem, Instant at) {
  State state;
  {
    const std::lock_guard lock(mutex_);
    const bool is_new = !state_;
    if (is_new) {
      ++times_;
      state_.emplace().since = at;
    }
    state_->problem = std::move(problem);
    if (!is_new) return;
    state = *state_;
  }
  if (told_) told_(&state);
}

void Outage::end() {
  {
    const std::lock_guard lock(mutex_);
    if (!state_) return;
    state_.reset();
  }
  if (told_) told_(nullptr);
}

bool Outage::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return is_given_up_; });
  return !is_given_up_;
}

void Outage::give_up() {
  {
    const std::lock_guard lock(mutex_);
    is_given_up_ = true;
  }
  changed_.notify_all();
}

Wait wait_for_ledger() {
  Wait wait;
  wait.code = WaitCode::down;
  wait.api = "ledger";
  return wait;
}

} // namespace dialogferry::ledger
