#pragma once

#include <cstdint>

namespace dialogferry {

/// How much a line of the log matters: `trace` least.
enum class LogLevel : std::uint8_t { trace, debug, info, warning, error };

} // namespace dialogferry
