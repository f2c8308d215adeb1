#pragma once

#include "live/platform_clock.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <thread>

namespace altinn_sim::live {

/// A thread of its own that does things at their time of the platform's clock. What is done runs in that
/// thread, one after the other.
class Agenda {
public:
  explicit Agenda(PlatformClock& clock);
  ~Agenda();
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  boost::asio::io_context& context() { return context_; }
  storage::Ticks now() const { return clock_.now(); }

  /// From any thread; a time that has passed means at once.
  void at(storage::Ticks time, std::function<void()> action);
  /// The clock has jumped.
  void look_again();
  /// Does nothing more; whoever is called from the agenda may be destroyed after it.
  void stop();

private:
  void do_what_is_due();

  PlatformClock& clock_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::multimap<storage::Ticks, std::function<void()>> entries_; // the thread's own
  std::thread thread_;
};

} // namespace altinn_sim::live
