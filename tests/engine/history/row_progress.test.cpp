#include <dialogferry/engine/history/row_progress.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

Day day(const char* text) {
  return parse_day(text).value();
}

/// Ten days, of which the three newest are begun, and one before all of them.
struct Row {
  Row() {
    plan = {"row", "carry", day("2025-11-01"), day("2025-11-10"), {"nav"}};
    ledger::StageSnapshot stage;
    stage.row = "row";
    stage.stage = "carry";
    stage.counts[Outcome::created] = 400;
    stage.days = {{day("2025-11-10"), DayState::complete, 100, 0},
                  {day("2025-11-09"), DayState::parked, 50, 0},
                  {day("2025-11-08"), DayState::complete, 100, 0},
                  {day("2025-10-01"), DayState::complete, 150, 0}};
    snapshot.stages = {stage};
    snapshot.causes = {{"row", "carry", "id", 0, ledger::ExceptionState::open, 3},
                       {"row", "carry", "id", 0, ledger::ExceptionState::retrying, 1},
                       {"row", "carry", "id", 0, ledger::ExceptionState::resolved, 9},
                       {"other", "carry", "id", 0, ledger::ExceptionState::open, 5}};
  }

  ledger::Plan plan;
  ledger::Snapshot snapshot;
  RowProbe history;
  LiveProbe live;
};

} // namespace

TEST_CASE("A historic row counts the days of its plan; those beyond are in the counts only",
          "[engine][progress]") {
  const Row row;
  const auto shown = history_progress(row.plan, row.history, &row.snapshot);
  CHECK(shown.history);
  CHECK(shown.days_planned == 10);
  CHECK(shown.days_complete == 2);
  CHECK(shown.days_parked == 1);
  CHECK(shown.counts.read() == 400);
  CHECK(shown.exceptions == 4);
  CHECK(shown.migrated_back_to == day("2025-11-08"));
}

TEST_CASE("A row whose ledger was not read yet shows what is at work", "[engine][progress]") {
  Row row;
  row.history.in_flight = 7;
  row.history.shards = 2;
  const auto shown = history_progress(row.plan, row.history, nullptr);
  CHECK(shown.in_flight == 7);
  CHECK(shown.shards == 2);
  CHECK(shown.days_planned == 10);
  CHECK(shown.days_complete == 0);
}

TEST_CASE("A live row lags as long as its oldest change waits, else since it was last read to its end",
          "[engine][progress]") {
  Row row;
  const Instant now{100 * Instant::per_second};
  CHECK_FALSE(live_progress(row.plan.row, row.live, now, &row.snapshot).live_lag);
  row.live.polled = 99 * Instant::per_second;
  CHECK(live_progress(row.plan.row, row.live, now, &row.snapshot).live_lag == 1s);
  row.live.oldest_waiting = 95 * Instant::per_second;
  const auto shown = live_progress(row.plan.row, row.live, now, &row.snapshot);
  CHECK(shown.live_lag == 5s);
  CHECK_FALSE(shown.history);
  CHECK(shown.days_planned == 0);
  CHECK(shown.counts.read() == 400);
  CHECK_FALSE(shown.wait);
  row.live.polling_fails = true;
  CHECK(live_progress(row.plan.row, row.live, now, nullptr).wait ==
        Wait{WaitCode::stream, "storage", {}, 0, false});
}
