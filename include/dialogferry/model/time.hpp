#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry {

/// A point in time with the resolution of the sources: 100 ns ticks since 1970-01-01T00:00:00Z, UTC.
/// Covers the years 1 to 9999 (storage.md, JSON rules: zero to seven fractional digits).
struct Instant {
  static constexpr std::int64_t per_microsecond = 10;
  static constexpr std::int64_t per_millisecond = 10'000;
  static constexpr std::int64_t per_second = 10'000'000;
  static constexpr std::int64_t per_day = 86'400 * per_second;

  std::int64_t ticks = 0;

  auto operator<=>(const Instant&) const = default;

  /// Milliseconds since the epoch, rounded toward minus infinity (M-40).
  std::int64_t unix_milliseconds() const;
};

constexpr Instant operator+(Instant at, std::chrono::milliseconds span) {
  return {at.ticks + span.count() * Instant::per_millisecond};
}
constexpr Instant operator-(Instant at, std::chrono::milliseconds span) {
  return {at.ticks - span.count() * Instant::per_millisecond};
}

/// Reads ISO 8601 with zero to seven fractional digits (more are cut) and `Z`, `+hh:mm` or no zone, which
/// reads as UTC. Nothing for anything else, dates that do not exist included.
std::optional<Instant> parse_instant(std::string_view text);

/// `2025-06-18T08:54:53.623376Z`: trailing zeros of the fraction trimmed, no fraction where there is none.
std::string to_string(Instant at);

/// Appends what to_string() gives; at most 28 characters.
void append_instant(std::string& out, Instant at);

/// Now, of the system clock. Only the outermost layer asks; rooms are handed the time.
Instant system_now();

/// A UTC calendar day (architecture.md, Days), as a number of days since 1970-01-01.
struct Day {
  std::int32_t number = 0;

  auto operator<=>(const Day&) const = default;

  Instant start() const { return {number * Instant::per_day}; }
  /// The first instant after the day.
  Instant end() const { return {(number + std::int64_t{1}) * Instant::per_day}; }
  Day next() const { return {number + 1}; }
  Day previous() const { return {number - 1}; }
};

/// The day an instant falls on.
Day day_of(Instant at);

/// Reads `2025-03-01`; nothing for anything else.
std::optional<Day> parse_day(std::string_view text);

/// `2025-03-01`
std::string to_string(Day day);

} // namespace dialogferry
