#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// 100 ns steps since 1970-01-01T00:00:00Z, the resolution of the platform's own clocks.
using Ticks = std::int64_t;
/// Days since 1970-01-01.
using Day = std::int64_t;

constexpr Ticks microsecond = 10;
constexpr Ticks millisecond = 10'000;
constexpr Ticks second = 10'000'000;
constexpr Ticks minute = 60 * second;
constexpr Ticks hour = 60 * minute;
constexpr Ticks whole_day = 24 * hour;
/// A time that is not there.
constexpr Ticks no_time = std::numeric_limits<Ticks>::min();
/// What the platform counts from: 0001-01-01T00:00:00Z (storage.md 1.4).
constexpr Ticks ticks_of_1970 = 621'355'968'000'000'000;

constexpr Ticks floor_to(Ticks value, Ticks step) {
  return value - ((value % step) + step) % step;
}

constexpr Day day_of(Ticks time) {
  return floor_to(time, whole_day) / whole_day;
}

Day day_from_civil(int year, unsigned month, unsigned day);

/// "2025-06-18T08:54:53.623376Z": up to seven fraction digits, trailing zeros left out (storage.md, JSON
/// rules).
void append_time(std::string& out, Ticks time);
std::string time_text(Ticks time);
/// How a time says its zone: with a Z, or with the offset of a server that runs in UTC, "+00:00"
/// (observed.md OS-7).
enum class Zone : std::uint8_t { utc, server };
void append_time(std::string& out, Ticks time, Zone zone);
/// "2025-06-18"
std::string day_text(Day day);

/// Reads a date-time with `Z`, an offset, or no zone (then UTC), or a date alone; null for anything else.
std::optional<Ticks> parse_time(std::string_view text);
/// Reads "2025-06-18"; null for anything else.
std::optional<Day> parse_day(std::string_view text);

} // namespace altinn_sim::storage
