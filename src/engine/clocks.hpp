#pragma once

#include <dialogferry/engine/moment.hpp>

#include <chrono>

namespace dialogferry::engine {

/// The clock that actors go by, apart from tests.
inline Moment steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace dialogferry::engine
