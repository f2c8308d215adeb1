#include "day_grid.hpp"

#include <algorithm>
#include <chrono>

namespace dialogferry::status {

namespace {

constexpr std::size_t most_months = 1200;

std::chrono::year_month_day date_of(Day day) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day.number}}};
}

/// 0 = Monday; 1970-01-01 was a Thursday.
int weekday_of(Day day) {
  return ((day.number + 3) % 7 + 7) % 7;
}

unsigned month_number(Day day) {
  return static_cast<unsigned>(date_of(day).month());
}

CellState cell_state(const ledger::DayTally& day) {
  switch (day.state) {
  case DayState::waiting: return CellState::waiting;
  case DayState::running: return CellState::running;
  case DayState::parked: return CellState::parked;
  case DayState::complete: break;
  }
  return day.failed > 0 ? CellState::failed : CellState::complete;
}

CellState cell_state(const MonthTally& month) {
  if (month.parked > 0) return CellState::parked;
  if (month.waiting + month.running == 0) return month.failed > 0 ? CellState::failed : CellState::complete;
  return month.complete + month.running > 0 ? CellState::running : CellState::waiting;
}

} // namespace

int year_of(Day day) {
  return static_cast<int>(date_of(day).year());
}

std::string month_of(Day day, const Locale& locale) {
  const auto whole = locale.month(day);
  const auto name = whole.substr(0, whole.find(' '));
  // Every month's name has plain letters only, so that three of them can be cut off.
  return name.size() <= 4 ? name : name.substr(0, 3);
}

std::vector<ledger::DayTally> fill_days(const RowStatus& row) {
  std::vector<ledger::DayTally> filled;
  if (!row.from || !row.cutover) return filled;
  filled.reserve(row.numbers.planned);
  auto known = row.days.rbegin();
  for (Day day = *row.from; day <= *row.cutover; day = day.next()) {
    while (known != row.days.rend() && known->day < day)
      ++known;
    const bool there = known != row.days.rend() && known->day == day;
    filled.push_back(there ? *known : ledger::DayTally{day, DayState::waiting, 0, 0});
  }
  return filled;
}

std::vector<YearGrid> year_grids(const std::vector<ledger::DayTally>& oldest_first) {
  std::vector<YearGrid> years;
  unsigned month = 0;
  for (const auto& day : oldest_first) {
    const int year = year_of(day.day);
    if (years.empty() || years.back().year != year) {
      years.push_back({year, 0, {}, {}});
      month = 0;
    }
    auto& grid = years.back();
    const int line = weekday_of(day.day);
    if (grid.columns == 0 || line == 0) ++grid.columns;
    grid.cells.push_back({day.day, cell_state(day), day.read, day.failed, grid.columns - 1, line});
    if (month_number(day.day) == month) continue;
    month = month_number(day.day);
    // Two names need room beside each other.
    if (!grid.months.empty() && grid.columns - 1 - grid.months.back().first < 3) grid.months.pop_back();
    grid.months.emplace_back(grid.columns - 1, day.day);
  }
  std::reverse(years.begin(), years.end());
  return years;
}

std::vector<MonthTally> month_tallies(const std::vector<ledger::DayTally>& oldest_first) {
  std::vector<MonthTally> months;
  unsigned month = 0;
  for (auto day = oldest_first.rbegin(); day != oldest_first.rend(); ++day) {
    if (month_number(day->day) != month) {
      if (months.size() == most_months) break;
      months.emplace_back();
      month = month_number(day->day);
    }
    auto& tally = months.back();
    tally.first = day->day;
    tally.complete += day->state == DayState::complete ? 1 : 0;
    tally.parked += day->state == DayState::parked ? 1 : 0;
    tally.running += day->state == DayState::running ? 1 : 0;
    tally.waiting += day->state == DayState::waiting ? 1 : 0;
    tally.read += day->read;
    tally.failed += day->failed;
  }
  return months;
}

std::vector<Cell> month_cells(const std::vector<ledger::DayTally>& oldest_first) {
  std::vector<Cell> cells;
  if (oldest_first.empty()) return cells;
  const int newest = year_of(oldest_first.back().day);
  for (const auto& month : month_tallies(oldest_first)) {
    cells.push_back({month.first, cell_state(month), month.read, month.failed,
                     static_cast<int>(month_number(month.first)) - 1, newest - year_of(month.first)});
  }
  std::reverse(cells.begin(), cells.end());
  return cells;
}

} // namespace dialogferry::status
