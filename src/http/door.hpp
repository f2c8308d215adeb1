#pragma once

#include "worker.hpp"

#include <boost/asio/post.hpp>

#include <functional>
#include <mutex>
#include <utility>

namespace dialogferry::http {

/// How other threads reach something that lives on a worker, until it is closed; the worker may be gone then.
class Door {
public:
  explicit Door(Worker& worker)
      : worker_(worker) {}

  /// On the worker's thread, after what runs there now.
  void post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (open_) boost::asio::post(worker_.context(), std::move(task));
  }

  /// On the worker's thread: at once where that is this one.
  void pass(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      if (!open_) return;
      if (!worker_.on_this_thread()) return boost::asio::post(worker_.context(), std::move(task));
    }
    task();
  }

  /// On the worker's thread.
  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }

private:
  Worker& worker_;
  std::mutex mutex_;
  bool open_ = true; ///< guarded
};

} // namespace dialogferry::http
