#include <dialogferry/engine/verify/due_days.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine::verify;
using namespace std::chrono_literals;

namespace {

const Instant now = *parse_instant("2025-03-10T12:00:00Z");

Day day(const char* text) {
  return *parse_day(text);
}

Instant in(std::chrono::minutes span) {
  return {now.ticks + std::chrono::seconds(span).count() * Instant::per_second};
}

/// A row with one stage or two, whose days are the letters from 9 March back: complete, running, parked, and
/// V: complete and compared, D: differs, S: a sample of it.
struct Row {
  explicit Row(std::string_view newest_first, std::string_view before = {}) {
    if (!before.empty()) add("migrate", before);
    add(before.empty() ? "carry" : "publish", newest_first);
    std::vector<std::string> stages;
    for (const auto& stage : snapshot.stages)
      stages.push_back(stage.stage);
    days.emplace("row", stages, DueDays::Pauses{24h, 1h});
  }

  void add(const char* name, std::string_view newest_first) {
    auto& stage = snapshot.stages.emplace_back();
    stage.row = "row";
    stage.stage = name;
    stage.plan = ledger::Plan{"row", name, day("2025-03-01"), day("2025-03-09"), {"skd", "ttd"}};
    auto each = day("2025-03-09");
    for (const char letter : newest_first) {
      auto& tally = stage.days.emplace_back();
      tally.day = each;
      tally.state = letter == 'r' ? DayState::running : letter == 'p' ? DayState::parked : DayState::complete;
      tally.verified = letter == 'V'   ? ledger::DayCheck::clean
                       : letter == 'D' ? ledger::DayCheck::differs
                       : letter == 'S' ? ledger::DayCheck::sampled
                                       : ledger::DayCheck::none;
      each = each.previous();
    }
  }

  std::vector<std::string> due(Instant at = now, std::size_t limit = 100) const {
    std::vector<std::string> texts;
    for (const auto found : days->find(snapshot, at, limit))
      texts.push_back(to_string(found).substr(8));
    return texts;
  }

  ledger::Snapshot snapshot;
  std::optional<DueDays> days;
};

using Days = std::vector<std::string>;

} // namespace

TEST_CASE("Days that are carried and not compared since are due, newest first", "[verify][patrol]") {
  CHECK(Row("crVcpSD").due() == Days{"09", "06", "04", "03"});
  CHECK(Row("cccc").due(now, 2) == Days{"09", "08"});
  CHECK(Row("").due().empty());
}

TEST_CASE("A day that is not over, or out of the plan, is not compared", "[verify][patrol]") {
  Row row("cc");
  row.snapshot.stages[0].plan->cutover = day("2025-03-08");
  CHECK(row.due() == Days{"08"});
  CHECK(Row("cc").due(*parse_instant("2025-03-09T23:59:59Z")) == Days{"08"});
}

TEST_CASE("Of two stages a day must be through both", "[verify][patrol]") {
  CHECK(Row("ccc", "crc").due() == Days{"09", "07"});
  CHECK(Row("rc", "cc").due() == Days{"08"});
}

TEST_CASE("A day that differs is looked at again a day later, or once it was carried again",
          "[verify][patrol]") {
  Row row("Dc");
  row.days->note_differing(day("2025-03-09"), now);
  CHECK(row.due() == Days{"08"});
  CHECK(row.due(in(24h)) == Days{"09", "08"});
  row.snapshot.stages[0].days[0].verified = ledger::DayCheck::none;
  CHECK(row.due() == Days{"09", "08"});
}

TEST_CASE("A day that could not be compared is told of, and tried again later", "[verify][patrol]") {
  Row row("cc");
  row.days->note_failed(day("2025-03-09"), "storage: 500", now);
  CHECK(row.due() == Days{"08"});
  CHECK(row.due(in(60min)) == Days{"09", "08"});
  CHECK(row.days->not_compared(10) ==
        std::vector<NotCompared>{{day("2025-03-09"), "storage: 500", in(60min)}});
  row.days->note_clean(day("2025-03-09"));
  CHECK(row.days->not_compared(10).empty());
}

TEST_CASE("A day that differs is not one that could not be compared", "[verify][patrol]") {
  Row row("c");
  row.days->note_failed(day("2025-03-09"), "storage: 500", now);
  row.days->note_differing(day("2025-03-09"), now);
  CHECK(row.days->not_compared(10).empty());
}
