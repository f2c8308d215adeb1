#pragma once

#include <dialogferry/http/io_pool.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace dialogferry::http {

using Clock = std::chrono::steady_clock;

/// Something that lives on a worker's thread: a client's share of connections, a server.
class Guest {
public:
  Guest() = default;
  virtual ~Guest() = default;
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  /// Ends what is past its deadline. Returns whether anything is left that has one.
  virtual bool sweep(Clock::time_point now) = 0;

  /// Ends everything, now and for good.
  virtual void shut() = 0;
};

/// One event loop with its thread, its own or lent by turns, and the one timer that all deadlines on it
/// share: a timer per request costs a third of the throughput (toolchain.md 4).
class Worker {
public:
  explicit Worker(IoPool::Threads whose);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  boost::asio::io_context& context() { return context_; }
  bool on_this_thread() const { return current_ == this; }
  static const Worker* current() { return current_; } ///< whose thread this is; null elsewhere

  /// On the lent thread: carries what is ready, and waits for something first where that is asked for.
  void turn(bool wait);

  /// From any thread: the guest is swept, and shut when the pool ends.
  void welcome(std::shared_ptr<Guest> guest);

  /// On the worker's thread: deadlines exist from now on.
  void need_sweep() {
    if (!sweeping_) arm();
  }

  /// On the worker's thread: shuts all guests and lets no more in.
  void shut_guests();

  /// Shuts all guests and joins the thread. A lent thread must have given its last turn.
  void stop() noexcept;

private:
  void arm();
  void sweep();
  void run();

  static thread_local const Worker* current_;

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::vector<std::weak_ptr<Guest>> guests_;
  bool sweeping_ = false;
  bool stopping_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

struct IoPool::State {
  std::vector<std::unique_ptr<Worker>> workers;
  std::atomic<std::size_t> next{0}; ///< where the next guest begins, so that small loads spread
};

} // namespace dialogferry::http
