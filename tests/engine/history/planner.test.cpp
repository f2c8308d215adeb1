#include <dialogferry/engine/history/planner.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {
Day day(const char* text) {
  return parse_day(text).value();
}
Planner planner(const char* from, const char* to) {
  return {"row", "carry", {day(from), day(to)}, {"nav", "skd"}};
}
} // namespace

TEST_CASE("Days are planned newest first, organisations as given", "[engine][planner]") {
  auto plan = planner("2025-01-30", "2025-02-01");
  std::vector<std::string> keys;
  while (auto shard = plan.next()) {
    keys.push_back(to_string(shard->key.day) + " " + shard->key.organisation);
    CHECK(shard->from == shard->key.day.start());
    CHECK(shard->to == shard->key.day.end());
    CHECK(shard->checkpoint == Checkpoint{shard->to, {}});
  }
  CHECK(keys == std::vector<std::string>{"2025-02-01 nav", "2025-02-01 skd", "2025-01-31 nav",
                                         "2025-01-31 skd", "2025-01-30 nav", "2025-01-30 skd"});
}

TEST_CASE("What the ledger knows is not begun again; what it left open comes first", "[engine][planner]") {
  auto plan = planner("2025-01-31", "2025-02-01");
  plan.known(day("2025-02-01"), "nav");
  plan.known(day("2025-01-31"), "nav");
  plan.known(day("2024-01-31"), "nav");
  plan.known(day("2025-01-31"), "krt");
  Shard open;
  open.key = {"row", "carry", day("2025-01-31"), "nav", 3};
  open.to = day("2025-01-31").end();
  plan.resume(open);
  CHECK(plan.next()->key.part == 3);
  CHECK(plan.next()->key.organisation == "skd");
  CHECK(plan.next()->key.day == day("2025-01-31"));
  CHECK_FALSE(plan.next().has_value());
  CHECK(plan.empty());
}

TEST_CASE("Resumed shards come newest window first", "[engine][planner]") {
  auto plan = planner("2025-01-31", "2025-01-30");
  for (const char* text : {"2025-01-05", "2025-01-07", "2025-01-06"}) {
    Shard shard;
    shard.key.day = day(text);
    shard.to = day(text).end();
    plan.resume(shard);
  }
  CHECK(plan.planned() == 0);
  CHECK(plan.next()->key.day == day("2025-01-07"));
  CHECK(plan.next()->key.day == day("2025-01-06"));
  CHECK(plan.next()->key.day == day("2025-01-05"));
}

TEST_CASE("A thousand years of days are planned at once", "[engine][planner]") {
  Planner plan("row", "carry", {{-365'000 + 1}, {0}}, {"ttd"});
  CHECK(plan.planned() == 365'000);
  std::size_t count = 0;
  while (plan.next())
    ++count;
  CHECK(count == 365'000);
}
