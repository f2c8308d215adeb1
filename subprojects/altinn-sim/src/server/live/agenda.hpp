#pragma once

#include "live/platform_clock.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace altinn_sim::live {

/// A thread of its own that does things at their time of the platform's clock. What is done runs in that
/// thread, one after the other.
class Agenda {
public:
  explicit Agenda(PlatformClock& clock);
  ~Agenda();
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  boost::asio::io_context& context();
  storage::Ticks now() const { return clock_.now(); }

  /// From any thread; a time that has passed means at once.
  void at(storage::Ticks time, std::function<void()> action);
  /// From any thread: at once, and then again after each pause of real time, until it returns false.
  void repeat(std::chrono::milliseconds pause, std::function<bool()> action);
  /// The clock has jumped.
  void look_again();
  /// Does nothing more; whoever is called from the agenda may be destroyed after it.
  void stop();

private:
  struct Thread;

  void do_what_is_due();

  PlatformClock& clock_;
  std::unique_ptr<Thread> thread_;
};

} // namespace altinn_sim::live
