#pragma once

#include <dialogferry/status/status.hpp>

#include <cstdint>
#include <vector>

namespace dialogferry::status {

/// What a day's cell shows.
enum class CellState : std::uint8_t {
  waiting,
  running,
  complete,
  verified, ///< complete, and the target was found to have the same
  failed,   ///< complete, but for some records
  differs,  ///< complete, and the target was found to have something else
  parked,
};

CellState cell_state(const ledger::DayTally& day);

/// Days of a year or month, and their records.
struct DaySum {
  Day first; ///< the oldest that is planned
  std::uint64_t planned = 0, complete = 0, parked = 0, running = 0, verified = 0;
  std::uint64_t read = 0, failed = 0;

  std::uint64_t waiting() const { return planned - complete - parked - running; }
  void add(const ledger::DayTally& day);
};

int year_of(Day day);
/// 0 = Monday
int weekday_of(Day day);

/// The planned years of a row, newest first; at most a hundred and fifty.
std::vector<DaySum> years_of(const RowStatus& row);

/// All planned days of one year, oldest first, those that have not begun included.
std::vector<ledger::DayTally> days_of_year(const RowStatus& row, int year);

/// Days, oldest first, a list a month.
std::vector<std::vector<ledger::DayTally>> by_month(const std::vector<ledger::DayTally>& oldest_first);

} // namespace dialogferry::status
