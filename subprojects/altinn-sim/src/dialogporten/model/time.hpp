#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// 100 ns ticks since 1970-01-01T00:00:00Z, as in Request::now.
using Ticks = std::int64_t;

constexpr Ticks ticks_per_ms = 10'000;
constexpr Ticks ticks_per_second = 10'000'000;

/// Clients may be this far ahead of the clock (dialogporten.md 3.1, 3.9).
constexpr Ticks future_tolerance = 15 * ticks_per_second;

/// A date-time of a body. The default is year 1, which counts as "not supplied" (dialogporten.md 3.1).
struct Time {
  static constexpr Ticks year_one = -621'355'968'000'000'000;

  Ticks ticks = year_one;

  bool supplied() const { return ticks != year_one; }
  auto operator<=>(const Time&) const = default;
};

/// Reads ISO 8601 with explicit offset, the offset folded in; nothing where the text is anything else
/// (dialogporten.md 1, "Timestamps, input"). More than seven fractional digits are cut.
std::optional<Time> parse_time(std::string_view text);

/// UTC with 7 decimals and `Z`. Storage keeps microseconds, so the last digit of what it gave is 0.
std::string to_string(Time time);

/// The last instant that .NET has; storage takes it for "never" and gives it back whole (observed.md OD-8).
constexpr Time last_instant{2'534'023'007'999'999'999};

/// What storage keeps of a time: whole microseconds.
constexpr Time stored(Time time) {
  if (time == last_instant) return time;
  const Ticks rest = time.ticks % 10;
  return Time{time.ticks - (rest < 0 ? rest + 10 : rest)};
}

} // namespace altinn_sim::dialogporten
