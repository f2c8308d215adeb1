#pragma once

#include "correspondence/service.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace altinn_sim {

/// Lets the jobs of Correspondence happen in real time, in a thread of its own.
class JobClock {
public:
  explicit JobClock(correspondence::Service& service);
  ~JobClock();
  JobClock(const JobClock&) = delete;
  JobClock& operator=(const JobClock&) = delete;

  /// There may be jobs that are due sooner.
  void wake();

private:
  void run();

  correspondence::Service& service_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool came_ = false;
  bool ends_ = false;
  std::thread thread_;
};

} // namespace altinn_sim
