#pragma once

#include "wording.hpp"

#include <dialogferry/status/status.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::status {

/// What a square shows, the worst last to be covered up.
enum class CellState : std::uint8_t { waiting, running, complete, failed, parked };

/// One square of a picture of days or months.
struct Cell {
  Day day; ///< the day, or the first one shown of its month
  CellState state = CellState::waiting;
  std::uint64_t read = 0;
  std::uint64_t failed = 0;
  int column = 0;
  int line = 0;
};

/// The squares of one year, a column a week, Monday on the first line.
struct YearGrid {
  int year = 0;
  int columns = 0;
  std::vector<Cell> cells;
  std::vector<std::pair<int, Day>> months; ///< where a month's name stands, and a day of it
};

struct MonthTally {
  Day first; ///< of the days in range
  std::uint64_t complete = 0, parked = 0, running = 0, waiting = 0;
  std::uint64_t read = 0, failed = 0;
};

/// Up to so many days have a square each; of more, months have.
inline constexpr std::size_t largest_day_grid = 1200;

/// All planned days of a row, oldest first, those that have not begun included.
std::vector<ledger::DayTally> fill_days(const RowStatus& row);

/// By year, newest first.
std::vector<YearGrid> year_grids(const std::vector<ledger::DayTally>& oldest_first);

/// A square a month, a line a year, newest year on the first line; at most a hundred years.
std::vector<Cell> month_cells(const std::vector<ledger::DayTally>& oldest_first);

/// By month, newest first; at most 1200 of them.
std::vector<MonthTally> month_tallies(const std::vector<ledger::DayTally>& oldest_first);

int year_of(Day day);

/// The month's name, shortened: `Mar`, `mars`.
std::string month_of(Day day, const Locale& locale);

} // namespace dialogferry::status
