#include "../../src/status/day_grid.hpp"

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
  const auto days = fill_days(row);
  REQUIRE(days.size() == 5);
  CHECK(days[0] == ledger::DayTally{day("2025-11-10"), DayState::waiting, 0, 0});
  CHECK(days[2] == row.days[1]);
  CHECK(days[3].state == DayState::waiting);
  CHECK(days[4] == row.days[0]);
}

TEST_CASE("A year's squares stand by week and weekday, newest year first", "[status]") {
  const auto years = year_grids(fill_days(row_from("2024-12-28", "2025-01-14")));
  REQUIRE(years.size() == 2);
  CHECK(years[0].year == 2025);
  CHECK(years[1].year == 2024);
  const auto& cells = years[0].cells;
  REQUIRE(cells.size() == 14);
  CHECK(cells[0].line == 2); // 1 January 2025 was a Wednesday
  CHECK(cells[0].column == 0);
  CHECK(cells[4].line == 6); // Sunday
  CHECK(cells[5].line == 0);
  CHECK(cells[5].column == 1);
  CHECK(years[0].columns == 3);
}

TEST_CASE("A month's square shows the worst of its days", "[status]") {
  auto row = row_from("2024-12-01", "2025-02-28");
  for (auto each = *row.cutover; each >= day("2025-01-01"); each = each.previous())
    row.days.push_back({each, DayState::complete, 10, 0});
  row.days[3].state = DayState::parked;
  row.days.back().failed = 2;
  const auto cells = month_cells(fill_days(row));
  REQUIRE(cells.size() == 3);
  CHECK(cells[0].state == CellState::waiting);
  CHECK(cells[0].column == 11);
  CHECK(cells[0].line == 1);
  CHECK(cells[1].state == CellState::failed);
  CHECK(cells[1].read == 310);
  CHECK(cells[2].state == CellState::parked);
  const auto months = month_tallies(fill_days(row));
  REQUIRE(months.size() == 3);
  CHECK(months[0].complete == 27);
  CHECK(months[0].parked == 1);
  CHECK(months[2].waiting == 31);
}

TEST_CASE("Three and a half centuries of days still make a page", "[status]") {
  const auto days = fill_days(row_from("1650-01-01", "2025-11-14"));
  CHECK(month_cells(days).size() == 1200);
  CHECK(month_tallies(days).size() == 1200);
}
