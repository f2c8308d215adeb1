#pragma once

#include <atomic>
#include <cstddef>

namespace dialogferry::engine {

/// Records that wait for calls, at all APIs, that were refused and wait out a pause of their own. Gates
/// count, who begins records reads: they take no place from the others meanwhile. Used from any thread.
using RestingCalls = std::atomic<std::size_t>;

} // namespace dialogferry::engine
