#include <dialogferry/engine/history/planner.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {
Day day(const char* text) {
  return parse_day(text).value();
}
const Day last_day = day("2030-01-01");

Planner planner(const char* from, const char* to) {
  return {"row", "carry", {day(from), day(to)}, {"nav", "skd"}};
}
} // namespace

TEST_CASE("Days are planned newest first, organisations as given", "[engine][planner]") {
  auto plan = planner("2025-01-30", "2025-02-01");
  std::vector<std::string> keys;
  while (auto shard = plan.next(last_day)) {
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
  CHECK(plan.next(last_day)->key.part == 3);
  CHECK(plan.next(last_day)->key.organisation == "skd");
  CHECK(plan.next(last_day)->key.day == day("2025-01-31"));
  CHECK_FALSE(plan.next(last_day).has_value());
  CHECK(plan.empty(last_day));
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
  CHECK(plan.next(last_day)->key.day == day("2025-01-07"));
  CHECK(plan.next(last_day)->key.day == day("2025-01-06"));
  CHECK(plan.next(last_day)->key.day == day("2025-01-05"));
}

TEST_CASE("A shard that was not begun comes again, at its place", "[engine][planner]") {
  auto plan = planner("2025-01-31", "2025-02-01");
  const auto first = plan.next(last_day), second = plan.next(last_day), third = plan.next(last_day);
  plan.give_back(*third);
  plan.give_back(*second);
  CHECK(plan.next(last_day)->key == second->key);
  CHECK(plan.next(last_day)->key == third->key);
  CHECK(plan.next(last_day)->key.organisation == "skd");
  CHECK(plan.empty(last_day));
  plan.give_back(*first);
  CHECK_FALSE(plan.empty(last_day));
  Shard handed_over;
  handed_over.key = {"row", "publish", day("2025-02-01"), "all", 0};
  plan.give_back(handed_over);
  CHECK(plan.next(last_day)->key == handed_over.key);
}

TEST_CASE("A thousand years of days are planned at once", "[engine][planner]") {
  Planner plan("row", "carry", {{-365'000 + 1}, {0}}, {"ttd"});
  CHECK(plan.planned() == 365'000);
  std::size_t count = 0;
  while (plan.next(last_day))
    ++count;
  CHECK(count == 365'000);
}

TEST_CASE("A day that is not over waits, and comes first once it is", "[engine][planner][OR-1]") {
  auto plan = planner("2025-01-30", "2025-02-02");
  const auto yesterday = day("2025-01-31");
  Shard open;
  open.key = {"row", "carry", day("2025-02-01"), "nav", 3};
  plan.resume(open);
  std::size_t shards = 0;
  while (const auto shard = plan.next(yesterday)) {
    CHECK(shard->key.day <= yesterday);
    ++shards;
  }
  CHECK(shards == 4);
  CHECK(plan.empty(yesterday));
  CHECK(plan.waiting(yesterday) == day("2025-02-01"));
  const auto today = yesterday.next();
  CHECK_FALSE(plan.empty(today));
  CHECK(plan.next(today)->key.part == 3);
  CHECK(plan.next(today)->key.day == today);
  CHECK(plan.next(today)->key.day == today);
  CHECK_FALSE(plan.next(today));
  CHECK(plan.waiting(today) == day("2025-02-02"));
  CHECK_FALSE(plan.waiting(today.next()));
  CHECK(planner("2025-02-05", "2025-02-06").empty(today));
}

TEST_CASE("The days of another organisation are planned beside those of the others",
          "[engine][planner][OR-5]") {
  auto plan = planner("2025-01-30", "2025-01-31");
  for (int i = 0; i < 3; ++i)
    plan.next(last_day);
  plan.add({"nav", "ttd"});
  std::vector<std::string> keys;
  while (const auto shard = plan.next(last_day))
    keys.push_back(to_string(shard->key.day) + " " + shard->key.organisation);
  CHECK(keys == std::vector<std::string>{"2025-01-31 ttd", "2025-01-30 skd", "2025-01-30 ttd"});
  CHECK(plan.planned() == 6);
}
