#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace dialogferry::cli {

/// Takes SIGINT, SIGTERM and SIGHUP out of their usual way: they wait until somebody asks. To be made before
/// any thread, for threads take over what is blocked.
class SignalWatch {
public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// The next signal, waiting at most this long.
  std::optional<int> wait(std::chrono::milliseconds time);

private:
  sigset_t watched_;
  sigset_t before_;
};

} // namespace dialogferry::cli
