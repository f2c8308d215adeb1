#include <dialogferry/model/watermark.hpp>

namespace dialogferry {

std::string_view name_of(DayState state) {
  switch (state) {
  case DayState::waiting: return "waiting";
  case DayState::running: return "running";
  case DayState::complete: return "complete";
  case DayState::parked: return "parked";
  }
  return "waiting";
}

Watermark watermark(Day from, Day cutover, std::span<const DayMark> newest_first) {
  Watermark result;
  Day expected = cutover;
  for (const auto& mark : newest_first) {
    if (mark.day > cutover) continue;
    const bool done = mark.state == DayState::complete || mark.state == DayState::parked;
    if (mark.day != expected || mark.day < from || !done) break;
    if (mark.state == DayState::parked) result.exceptions.push_back(mark.day);
    result.migrated_back_to = mark.day;
    expected = mark.day.previous();
  }
  return result;
}

} // namespace dialogferry
