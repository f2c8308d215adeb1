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
  const std::lock_guard lock(mutex_);
  if (!state_) {
    ++times_;
    state_.emplace().since = at;
  }
  state_->problem = std::move(problem);
}

void Outage::end() {
  const std::lock_guard lock(mutex_);
  state_.reset();
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

} // namespace dialogferry::ledger
