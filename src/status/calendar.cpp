#include "calendar.hpp"

#include <algorithm>
#include <chrono>

namespace dialogferry::status {

namespace {

constexpr int most_years = 150;

std::chrono::year_month_day date_of(Day day) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day.number}}};
}

Day first_of(int year) {
  const std::chrono::sys_days day{std::chrono::year{year} / 1 / 1};
  return {static_cast<std::int32_t>(day.time_since_epoch().count())};
}

struct Range {
  Day from, to; ///< both inclusive
};

Range planned_in(const RowStatus& row, int year) {
  return {std::max(*row.from, first_of(year)), std::min(*row.cutover, first_of(year + 1).previous())};
}

bool is_planned(const RowStatus& row) {
  return row.from && row.cutover && *row.from <= *row.cutover;
}

} // namespace

CellState cell_state(const ledger::DayTally& day) {
  switch (day.state) {
  case DayState::waiting: return CellState::waiting;
  case DayState::running: return CellState::running;
  case DayState::parked: return CellState::parked;
  case DayState::complete: break;
  }
  if (day.verified == ledger::DayCheck::differs) return CellState::differs;
  if (day.failed > 0) return CellState::failed;
  return day.verified == ledger::DayCheck::clean ? CellState::verified : CellState::complete;
}

void DaySum::add(const ledger::DayTally& day) {
  complete += day.state == DayState::complete ? 1 : 0;
  parked += day.state == DayState::parked ? 1 : 0;
  running += day.state == DayState::running ? 1 : 0;
  verified += day.verified == ledger::DayCheck::clean ? 1 : 0;
  read += day.read;
  failed += day.failed;
}

int year_of(Day day) {
  return static_cast<int>(date_of(day).year());
}

/// 1970-01-01 was a Thursday.
int weekday_of(Day day) {
  return ((day.number + 3) % 7 + 7) % 7;
}

std::vector<DaySum> years_of(const RowStatus& row) {
  std::vector<DaySum> years;
  if (!is_planned(row)) return years;
  auto day = row.days.begin();
  const int newest = year_of(*row.cutover);
  for (int year = newest; year >= year_of(*row.from) && year > newest - most_years; --year) {
    const auto range = planned_in(row, year);
    DaySum sum;
    sum.first = range.from;
    sum.planned = static_cast<std::uint64_t>(range.to.number - range.from.number + 1);
    for (; day != row.days.end() && day->day >= range.from; ++day)
      sum.add(*day);
    years.push_back(sum);
  }
  return years;
}

std::vector<ledger::DayTally> days_of_year(const RowStatus& row, int year) {
  std::vector<ledger::DayTally> days;
  if (!is_planned(row)) return days;
  const auto range = planned_in(row, year);
  // The list is newest first: the last of those that are not older.
  auto known = std::make_reverse_iterator(
      std::find_if(row.days.begin(), row.days.end(), [&](const auto& day) { return day.day < range.from; }));
  for (Day day = range.from; day <= range.to; day = day.next()) {
    while (known != row.days.rend() && known->day < day)
      ++known;
    const bool there = known != row.days.rend() && known->day == day;
    days.push_back(there ? *known : ledger::DayTally{day, DayState::waiting, 0, 0});
  }
  return days;
}

std::vector<std::vector<ledger::DayTally>> by_month(const std::vector<ledger::DayTally>& oldest_first) {
  std::vector<std::vector<ledger::DayTally>> months;
  for (const auto& day : oldest_first) {
    if (months.empty() || date_of(day.day).month() != date_of(months.back().back().day).month())
      months.emplace_back();
    months.back().push_back(day);
  }
  return months;
}

} // namespace dialogferry::status
