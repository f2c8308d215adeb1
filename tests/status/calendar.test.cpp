#include "../../src/status/calendar.hpp"

#include "support.hpp"

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;

namespace {

RowStatus row_from(const char* from, const char* cutover) {
  RowStatus row;
  row.from = day(from);
  row.cutover = day(cutover);
  return row;
}

} // namespace

TEST_CASE("Days that have not begun are filled in", "[status]") {
  auto row = row_from("2025-11-10", "2025-11-14");
  row.days = {{day("2025-11-14"), DayState::complete, 5, 1}, {day("2025-11-12"), DayState::parked, 3, 0}};
  const auto days = days_of_year(row, 2025);
  REQUIRE(days.size() == 5);
  CHECK(days[0] == ledger::DayTally{day("2025-11-10"), DayState::waiting, 0, 0});
  CHECK(days[2] == row.days[1]);
  CHECK(days[3].state == DayState::waiting);
  CHECK(days[4] == row.days[0]);
}

TEST_CASE("Years are newest first, and each holds its planned days alone", "[status]") {
  auto row = row_from("2023-12-28", "2025-01-14");
  row.days = {{day("2025-01-14"), DayState::complete, 5, 0},
              {day("2025-01-01"), DayState::parked, 3, 2},
              {day("2024-12-31"), DayState::running, 7, 0},
              {day("2023-12-31"), DayState::complete, 9, 0}};
  const auto years = years_of(row);
  REQUIRE(years.size() == 3);
  CHECK(year_of(years[0].first) == 2025);
  CHECK(years[0].planned == 14);
  CHECK(years[0].complete == 1);
  CHECK(years[0].parked == 1);
  CHECK(years[0].read == 8);
  CHECK(years[0].failed == 2);
  CHECK(years[0].waiting() == 12);
  CHECK(years[1].planned == 366);
  CHECK(years[1].running == 1);
  CHECK(years[2].first == day("2023-12-28"));
  CHECK(years[2].planned == 4);
  const auto last = days_of_year(row, 2023);
  REQUIRE(last.size() == 4);
  CHECK(last.back().read == 9);
  CHECK(days_of_year(row, 2022).empty());
}

TEST_CASE("Days come by month, and a week begins on Monday", "[status]") {
  const auto months = by_month(days_of_year(row_from("2025-01-30", "2025-03-02"), 2025));
  REQUIRE(months.size() == 3);
  CHECK(months[0].size() == 2);
  CHECK(months[1].size() == 28);
  CHECK(months[2].front().day == day("2025-03-01"));
  CHECK(weekday_of(day("2025-03-01")) == 5); // a Saturday
  CHECK(weekday_of(day("1969-12-29")) == 0);
}

TEST_CASE("A day's cell shows the worst that is known of it, and verified only what was compared",
          "[status]") {
  using ledger::DayCheck;
  const auto state = [](DayState of, std::uint64_t failed, DayCheck check) {
    return cell_state({day("2025-01-01"), of, 10, failed, check});
  };
  CHECK(state(DayState::waiting, 0, DayCheck::none) == CellState::waiting);
  CHECK(state(DayState::running, 1, DayCheck::clean) == CellState::running);
  CHECK(state(DayState::parked, 1, DayCheck::clean) == CellState::parked);
  CHECK(state(DayState::complete, 0, DayCheck::none) == CellState::complete);
  CHECK(state(DayState::complete, 0, DayCheck::sampled) == CellState::complete);
  CHECK(state(DayState::complete, 0, DayCheck::clean) == CellState::verified);
  CHECK(state(DayState::complete, 2, DayCheck::clean) == CellState::failed);
  CHECK(state(DayState::complete, 2, DayCheck::differs) == CellState::differs);
}

TEST_CASE("Three and a half centuries of days still make a list of years", "[status]") {
  CHECK(years_of(row_from("1650-01-01", "2025-11-14")).size() == 150);
  CHECK(years_of(row_from("2025-11-14", "2025-11-01")).empty());
}
