#pragma once

#include <dialogferry/cli/carry.hpp>

namespace dialogferry::cli {

/// The world as it is: engines from `start`, the status page on the network, signals of the process. To be
/// made before any thread.
Runtime make_runtime(decltype(Runtime::start) start);

} // namespace dialogferry::cli
