#pragma once

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace dialogferry {

/// How far one day of a row has come, over all its organisations.
enum class DayState : std::uint8_t {
  waiting,  ///< nothing of it has begun
  running,  ///< begun, not finished
  complete, ///< every shard of every organisation is complete
  parked,   ///< every shard is complete or parked, and at least one is parked
};

/// `waiting`, `running`, `complete`, `parked`
std::string_view name_of(DayState state);

/// A day and how far it has come.
struct DayMark {
  Day day;
  DayState state = DayState::waiting;

  bool operator==(const DayMark&) const = default;
};

/// How far back a row is carried (architecture.md, Watermark).
struct Watermark {
  std::optional<Day> migrated_back_to; ///< the oldest day D so that every day from D up to the cut-over is
                                       ///< complete or parked; nothing while the cut-over day itself is not
  std::vector<Day> exceptions;         ///< the parked ones of those days, newest first

  bool operator==(const Watermark&) const = default;
};

/// The watermark of the days `from` to `cutover`, both inclusive. `newest_first` holds each day at most once
/// and in falling order; a day that is not there has not begun, days outside the range do not count.
Watermark watermark(Day from, Day cutover, std::span<const DayMark> newest_first);

} // namespace dialogferry
