#pragma once

#include <chrono>

namespace dialogferry::engine {

/// A point on a clock that only goes forward; where it starts means nothing.
using Moment = std::chrono::nanoseconds;

} // namespace dialogferry::engine
