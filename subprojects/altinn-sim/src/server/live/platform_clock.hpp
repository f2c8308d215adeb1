#pragma once

#include "storage/time.hpp"

#include <atomic>
#include <functional>
#include <vector>

namespace altinn_sim::live {

/// The simulated platform's now: real time, unless somebody set it. Safe to use from several threads.
class PlatformClock {
public:
  storage::Ticks now() const { return real_now() + offset_.load(std::memory_order_relaxed); }

  /// From here on it runs as real time does.
  void set(storage::Ticks now) { jump_to(now - real_now()); }
  void advance(storage::Ticks by) { jump_to(offset_.load() + by); }

  /// Called after every jump; before the first one.
  void on_jump(std::function<void()> action) { actions_.push_back(std::move(action)); }

private:
  static storage::Ticks real_now();
  void jump_to(storage::Ticks offset);

  std::atomic<storage::Ticks> offset_{0};
  std::vector<std::function<void()>> actions_;
};

} // namespace altinn_sim::live
