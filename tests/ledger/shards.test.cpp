#include "temp_ledger.hpp"

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

TEST_CASE("A shard begins at the end of its window, once", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto first = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(first)}, now));
  auto progress = Commit{};
  progress.key = first;
  progress.counts = counts(3);
  must(ledger->commit(std::vector{progress}, now));
  must(ledger->start_shards(std::vector{whole_day(first)}, now));

  const auto shard = must(ledger->load(first));
  REQUIRE(shard.has_value());
  CHECK(shard->key == first);
  CHECK(shard->from == at("2025-11-14T00:00:00Z"));
  CHECK(shard->to == at("2025-11-15T00:00:00Z"));
  CHECK(shard->checkpoint == Checkpoint{shard->to, {}});
  CHECK(shard->counts == counts(3));
  CHECK_FALSE(must(ledger->load(key(day("2025-11-13")))).has_value());
  CHECK_FALSE(must(ledger->load(key(day("2025-11-14"), "skd"))).has_value());
}

TEST_CASE("Finished and open shards come newest day first, each in its list", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto done = key(day("2025-11-14")), parked = key(day("2025-11-13"), "skd"),
             running = key(day("2025-11-12"));
  must(ledger->start_shards(std::vector{whole_day(running), whole_day(parked), whole_day(done)}, now));
  const auto later = at("2025-11-20T13:00:00Z");
  must(ledger->commit(std::vector{completes(done), parks(parked, "no answer", later)}, now));

  std::vector<std::string> seen;
  must(ledger->finished(row, stage, [&](const FinishedShard& shard) {
    seen.push_back(to_string(shard.day) + ' ' + std::string(shard.organisation) + ' ' +
                   std::string(name_of(shard.state)) + ' ' + to_string(shard.retry_at));
  }));
  CHECK(seen == std::vector<std::string>{"2025-11-14 ttd complete 1970-01-01T00:00:00Z",
                                         "2025-11-13 skd parked 2025-11-20T13:00:00Z"});
  const auto open = must(ledger->open_shards(row, stage));
  REQUIRE(open.size() == 1);
  CHECK(open.front().key == running);
  CHECK(must(ledger->open_shards(row, "publish")).empty());
}

TEST_CASE("A parked shard is due when its time has come, or at once when somebody asks", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto parked = key(day("2025-11-13")), other = key(day("2025-11-12"));
  must(ledger->start_shards(std::vector{whole_day(parked), whole_day(other)}, now));
  const auto later = at("2025-11-20T13:00:00Z");
  must(ledger->commit(std::vector{parks(parked, "no answer", later), parks(other, "no answer", later)}, now));
  CHECK(must(ledger->due_shards(row, stage, now)).empty());
  CHECK(must(ledger->due_shards(row, stage, later)).size() == 2);

  CHECK(must(ledger->retry(row, day("2025-11-13"), now)).shards == 1);
  const auto due = must(ledger->due_shards(row, stage, now));
  REQUIRE(due.size() == 1);
  CHECK(due.front().key == parked);
  CHECK(due.front().reason == "no answer");
}

TEST_CASE("What is forgotten is carried anew and counted once", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto newest = day("2025-11-14");
  must(ledger->set_plan(plan(day("2025-11-12"), newest), now));
  must(ledger->start_shards(std::vector{whole_day(key(newest)), whole_day(key(newest.previous()))}, now));
  auto failing = completes(key(newest.previous()), 5);
  failing.counts[Outcome::failed] = 1;
  failing.failures = {failure("50001234/a", "M-87", 422)};
  must(ledger->commit(std::vector{completes(key(newest), 7), failing}, now));

  CHECK(must(ledger->forget(row, stage, newest.previous(), newest.previous(), now)) == 1);
  const auto after = stage_of(*ledger);
  CHECK(after.counts == counts(7));
  REQUIRE(after.days.size() == 1);
  CHECK(after.days.front().day == newest);
  CHECK(must(ledger->exception(1))->state == ExceptionState::resolved);
  CHECK(must(ledger->snapshot()).changelog.front().migrated_back_to == newest);
  CHECK_FALSE(must(ledger->load(key(newest.previous()))).has_value());
}
