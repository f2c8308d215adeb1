#include "migration/job_clock.hpp"

#include "clock.hpp"

namespace altinn_sim {

JobClock::JobClock(correspondence::Service& service)
    : service_(service)
    , thread_([this] { run(); }) {}

JobClock::~JobClock() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void JobClock::wake() {
  {
    const std::lock_guard lock(mutex_);
    came_ = true;
  }
  changed_.notify_one();
}

void JobClock::run() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    came_ = false;
    lock.unlock();
    const auto due = service_.run_jobs(steady_us());
    lock.lock();
    const auto is_wanted = [this] { return came_ || ends_; };
    if (due)
      changed_.wait_until(lock, std::chrono::steady_clock::time_point(std::chrono::microseconds(*due)),
                          is_wanted);
    else
      changed_.wait(lock, is_wanted);
  }
}

} // namespace altinn_sim
