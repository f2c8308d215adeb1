#pragma once

#include <cstddef>
#include <memory>

namespace dialogferry::http {

class Worker;

/// One of a pool's event loops, to be told from others; null: none.
using Loop = const Worker*;

/// The loop whose thread this is.
Loop loop_of_this_thread() noexcept;

/// The event loops that clients and servers share, each with one thread: the pool's own, or one that somebody
/// lends to it by turns. Declare it before (destroy it after) whatever uses it; destroying it closes all of
/// that and joins its own threads. Not to be destroyed on one of its threads, nor while one is lent.
class IoPool {
public:
  struct State;

  /// Whose threads run the loops: the pool's own, or lent ones that call `turn`.
  enum class Threads : unsigned char { own, lent };

  /// `threads` from 1 to 1024; other values are brought into that range.
  explicit IoPool(std::size_t threads, Threads whose = Threads::own);
  ~IoPool();
  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;

  std::size_t threads() const;

  /// From the thread that is lent to a loop: carries what is ready there, after waiting for something to be
  /// where `wait` is set. Always the same thread for a loop.
  void turn(std::size_t loop, bool wait);

  /// From any thread: ends the wait of a loop.
  void wake(std::size_t loop);

  /// Shuts all clients and servers and returns when they are. Not from one of the pool's threads.
  void close();

  const std::shared_ptr<State>& state() const { return state_; }

private:
  std::shared_ptr<State> state_;
};

} // namespace dialogferry::http
