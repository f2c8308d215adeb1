#include "temp_ledger.hpp"

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

const std::string messages = "a2-correspondence-historic";

ShardKey of(const char* stage, Day on, std::uint32_t part = 0) {
  return {messages, stage, on, "all", part};
}

Handed handed(std::int32_t number) {
  Uuid id;
  id.bytes[15] = static_cast<std::uint8_t>(number);
  id.bytes[0] = 0xf0;
  return {number, id};
}

Commit migrates(const ShardKey& key, std::vector<Handed> records) {
  Commit commit;
  commit.key = key;
  commit.counts = counts(records.size());
  commit.handed = std::move(records);
  commit.next_stage = "publish";
  return commit;
}

Commit ends(const ShardKey& key, ShardState state = ShardState::complete) {
  Commit commit;
  commit.key = key;
  commit.state = StateChange{state, state == ShardState::parked ? "broken" : "", now + std::chrono::hours{1}};
  if (key.stage == "migrate") commit.next_stage = "publish";
  return commit;
}

struct Fixture {
  TempLedger folder;
  std::unique_ptr<Ledger> ledger = open_or_die(folder.url());
  Day today = day("2025-01-22");
  ShardKey first = of("migrate", today);
  ShardKey second = of("publish", today);

  Fixture() { begin(first); }
  void begin(const ShardKey& key) { must(ledger->start_shards(std::vector{whole_day(key)}, now)); }
  void commit(Commit commit) { must(ledger->commit(std::vector{std::move(commit)}, now)); }
  std::vector<ShardKey> ready() { return must(ledger->to_go_on_with(messages, "migrate", "publish", 10)); }
  HandedOver waiting(std::int64_t after = 0, std::size_t limit = 100) {
    return must(ledger->handed_over(second, "migrate", after, limit));
  }
};

} // namespace

TEST_CASE("What one stage hands over waits for the next, block by block, and goes once that is done with it",
          "[ledger]") {
  Fixture f;
  f.commit(migrates(f.first, {handed(1), handed(2)}));
  f.commit(migrates(f.first, {handed(3)}));
  const auto waiting = f.waiting();
  REQUIRE(waiting.blocks.size() == 2);
  CHECK(waiting.blocks[0].records == std::vector{handed(1), handed(2)});
  CHECK(waiting.blocks[1].records == std::vector{handed(3)});
  CHECK_FALSE(waiting.is_whole);
  CHECK(f.waiting(0, 1).blocks == std::vector{waiting.blocks[0]});
  CHECK(f.waiting(waiting.blocks[0].id).blocks == std::vector{waiting.blocks[1]});

  f.commit(ends(f.first));
  CHECK(f.waiting().is_whole);
  f.begin(f.second);
  Commit published;
  published.key = f.second;
  published.counts = counts(2);
  published.gone_on_with = {waiting.blocks[0].id};
  f.commit(published);
  CHECK(f.waiting().blocks == std::vector{waiting.blocks[1]});
}

TEST_CASE("A day is gone on with when no part of it is open in the stage before, newest first, once",
          "[ledger]") {
  Fixture f;
  CHECK(f.ready().empty());
  auto split = migrates(f.first, {handed(1)});
  split.split_off = {{1, f.today.start(), f.today.end()}};
  split.state = StateChange{ShardState::complete, {}, {}};
  f.commit(split);
  CHECK(f.ready().empty());
  const auto before = of("migrate", f.today.previous());
  f.begin(before);
  f.commit(ends(before, ShardState::parked)); // what could be carried of it is published all the same
  f.commit(ends(of("migrate", f.today, 1)));
  CHECK(f.ready() == std::vector{f.second, of("publish", f.today.previous())});
  f.begin(f.second);
  CHECK(f.ready() == std::vector{of("publish", f.today.previous())});
  CHECK_FALSE(must(f.ledger->handed_over(of("publish", f.today.previous()), "migrate", 0, 9)).is_whole);
}

TEST_CASE("A day that is done is due once more when a record comes later, and the watermark stays",
          "[ledger]") {
  Fixture f;
  must(f.ledger->set_plan({messages, "publish", f.today, f.today, {"all"}}, now));
  f.commit(ends(f.first));
  f.begin(f.second);
  f.commit(ends(f.second));
  const auto due = [&] { return must(f.ledger->due_shards(messages, "publish", now)); };
  CHECK(due().empty());
  f.commit(migrates(f.first, {handed(7)}));
  REQUIRE(due().size() == 1);
  CHECK(due()[0].state == ShardState::parked);
  CHECK(must(f.ledger->state_of(messages, "publish", f.today)) == DayState::parked);
  CHECK(f.waiting().blocks.size() == 1);
}

TEST_CASE("A day that something comes for while it ends is not complete but due at once", "[ledger]") {
  Fixture f;
  f.commit(migrates(f.first, {handed(1)}));
  f.commit(ends(f.first));
  f.begin(f.second);
  const auto blocks = f.waiting().blocks; // all there is, as the shard sees it
  REQUIRE(blocks.size() == 1);
  f.commit(migrates(f.first, {handed(2)})); // an exception that was tried again
  auto last = ends(f.second);
  last.counts = counts(1);
  last.gone_on_with = {blocks[0].id};
  f.commit(last);
  const auto due = must(f.ledger->due_shards(messages, "publish", now));
  REQUIRE(due.size() == 1);
  CHECK(due[0].state == ShardState::parked);
  auto more = ends(f.second);
  more.gone_on_with = {f.waiting().blocks.at(0).id};
  f.commit(more);
  CHECK(must(f.ledger->load(f.second))->state == ShardState::complete);
}

TEST_CASE("A day that waits for the stage before is due when that is complete", "[ledger]") {
  Fixture f;
  f.commit(ends(f.first, ShardState::parked));
  f.begin(f.second);
  f.commit(ends(f.second, ShardState::parked));
  CHECK(must(f.ledger->due_shards(messages, "publish", now)).empty());
  f.commit(ends(f.first));
  CHECK(must(f.ledger->due_shards(messages, "publish", now)).size() == 1);
}

TEST_CASE("A file is known until its day is complete, or its time is over", "[ledger]") {
  Fixture f;
  const auto id = handed(9).target_id;
  must(f.ledger->note_files(std::vector<TakenFile>{{"a", id, f.today, std::nullopt},
                                                   {"b", handed(8).target_id, f.today.next(), now}}));
  must(f.ledger->note_files(std::vector<TakenFile>{{"a", handed(1).target_id, f.today, std::nullopt}}));
  const auto known = [&] { return must(f.ledger->files(std::vector<std::string>{"a", "b", "c"})); };
  CHECK(known() == std::vector<std::optional<Uuid>>{id, handed(8).target_id, std::nullopt});
  f.commit(ends(f.first));
  CHECK(known()[0] == std::nullopt);
  FeedCommit tick;
  tick.row = "a2-correspondence-live";
  tick.stage = "carry";
  tick.feed = "stream/all";
  tick.up_to_date_at = now;
  must(f.ledger->commit({}, std::vector{tick}, now));
  CHECK(known()[1] == std::nullopt);
}

TEST_CASE("The state of a day is that of its shards", "[ledger]") {
  Fixture f;
  must(f.ledger->set_plan({messages, "migrate", f.today, f.today, {"all"}}, now));
  const auto state = [&](Day day) { return must(f.ledger->state_of(messages, "migrate", day)); };
  CHECK(state(f.today.next()) == DayState::waiting);
  CHECK(state(f.today) == DayState::running);
  f.commit(ends(f.first));
  CHECK(state(f.today) == DayState::complete);
}
