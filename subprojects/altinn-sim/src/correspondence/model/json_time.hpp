#pragma once

#include "correspondence/model/record.hpp"

#include <string_view>

namespace altinn_sim::correspondence {

/// A time as bodies may spell it: a date, or date and time to minutes, seconds or fractions, without an
/// offset UTC (observed.md OC-14); cut to microseconds. Nothing for any other form.
std::optional<Ticks> parse_json_time(std::string_view text);

} // namespace altinn_sim::correspondence
