#include "signals.hpp"
#include "status_server.hpp"

#include <dialogferry/cli/runtime.hpp>

namespace dialogferry::cli {

Runtime make_runtime(decltype(Runtime::start) start) {
  const auto signals = std::make_shared<SignalWatch>();
  return {std::move(start),
          serve_status,
          [signals](std::chrono::milliseconds time) { return signals->wait(time); },
          {}};
}

} // namespace dialogferry::cli
