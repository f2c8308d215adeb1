#pragma once

#include <cstddef>
#include <memory>

namespace dialogferry::http {

/// The I/O threads that clients and servers share: each runs one event loop of its own. Declare it before
/// (destroy it after) whatever uses it; destroying it closes all of that and joins the threads. Not to be
/// destroyed on one of its own threads.
class IoPool {
public:
  struct State;

  /// `threads` from 1 to 64; other values are brought into that range.
  explicit IoPool(std::size_t threads);
  ~IoPool();
  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;

  std::size_t threads() const;
  const std::shared_ptr<State>& state() const { return state_; }

private:
  std::shared_ptr<State> state_;
};

} // namespace dialogferry::http
