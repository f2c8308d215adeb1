#include "temp_ledger.hpp"

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

Uuid id(std::uint8_t last) {
  Uuid id;
  id.bytes[15] = last;
  return id;
}

} // namespace

TEST_CASE("A commit adds what was done and outlives the ledger's closing", "[ledger]") {
  const TempLedger folder;
  const auto place = key(day("2025-11-14"));
  Commit commit;
  commit.key = place;
  commit.checkpoint = Checkpoint{at("2025-11-14T17:00:00.1234567Z"), {id(1), id(2)}};
  commit.counts = counts(98, 2);
  commit.digest_read.add(id(1), {1});
  commit.digest_acked.add(id(2), {~std::int64_t{0}});
  commit.restarts = 1;
  {
    const auto ledger = open_or_die(folder.url());
    must(ledger->start_shards(std::vector{whole_day(place)}, now));
    must(ledger->commit(std::vector{commit}, now));
    must(ledger->commit(std::vector{commit, commit}, now));
  }
  const auto shard = must(open_or_die(folder.url())->load(place));
  REQUIRE(shard.has_value());
  Digest read, acked;
  for (int i = 0; i < 3; ++i) {
    read += commit.digest_read;
    acked += commit.digest_acked;
  }
  CHECK(shard->checkpoint == *commit.checkpoint);
  CHECK(shard->counts == counts(3 * 98, 3 * 2));
  CHECK(shard->digest_read == read);
  CHECK(shard->digest_acked == acked);
  CHECK(shard->restarts == 3);
  CHECK(shard->state == ShardState::open);
  CHECK(shard->changed_at == now);
}

TEST_CASE("A commit happens as a whole or not at all", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto good = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(good)}, now));
  auto progress = completes(good, 9);
  progress.failures = {failure("50001234/a", "M-87", 422)};
  const auto before = must(ledger->load(good));

  SECTION("a shard that has not begun") {
    const auto result = ledger->commit(std::vector{progress, completes(key(day("2025-11-13"), "new"))}, now);
    REQUIRE_FALSE(result.has_value());
    CHECK_THAT(result.error().member, Catch::Contains("2025-11-13/new"));
    CHECK_THAT(result.error().message, Catch::Contains("has not begun"));
  }
  SECTION("more taken back than was counted") {
    auto wrong = Commit{};
    wrong.key = good;
    wrong.taken_back = counts(10);
    REQUIRE_FALSE(ledger->commit(std::vector{progress, wrong}, now).has_value());
  }
  SECTION("a part that is there already") {
    auto split = progress;
    split.split_off = {{1, good.day.start(), good.day.end()}, {1, good.day.start(), good.day.end()}};
    REQUIRE_FALSE(ledger->commit(std::vector{split}, now).has_value());
  }
  CHECK(must(ledger->load(good)) == before);
  CHECK(must(ledger->exceptions({})).empty());
  CHECK(stage_of(*ledger).counts == Counts{});

  must(ledger->commit(std::vector{progress}, now));
  CHECK(must(ledger->load(good))->counts == counts(9));
}

TEST_CASE("A large day splits in the commit that moves its window", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto first = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(first)}, now));
  Commit split;
  split.key = first;
  split.counts = counts(5000);
  split.checkpoint = Checkpoint{at("2025-11-14T20:00:00Z"), {}};
  split.from = at("2025-11-14T18:00:00Z");
  split.split_off = {{1, at("2025-11-14T09:00:00Z"), *split.from},
                     {2, first.day.start(), at("2025-11-14T09:00:00Z")}};
  must(ledger->commit(std::vector{split}, now));

  CHECK(must(ledger->load(first))->from == *split.from);
  const auto open = must(ledger->open_shards(row, stage));
  REQUIRE(open.size() == 3);
  CHECK(open[1].key == key(first.day, "ttd", 1));
  CHECK(open[1].from == at("2025-11-14T09:00:00Z"));
  CHECK(open[1].checkpoint == Checkpoint{*split.from, {}});
  CHECK(open[2].counts == Counts{});
}

TEST_CASE("A parked shard keeps its reason until it completes", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  const auto later = at("2025-11-20T13:00:00Z");
  must(ledger->commit(std::vector{parks(place, "the page cannot be read", later)}, now));
  Commit tried;
  tried.key = place;
  tried.counts = counts(4);
  must(ledger->commit(std::vector{tried}, now));
  CHECK(must(ledger->load(place))->state == ShardState::parked);
  CHECK(must(ledger->load(place))->reason == "the page cannot be read");
  CHECK(must(ledger->load(place))->retry_at == later);
  must(ledger->commit(std::vector{completes(place)}, now));
  CHECK(must(ledger->load(place))->state == ShardState::complete);
  CHECK(must(ledger->load(place))->reason.empty());
  CHECK(must(ledger->load(place))->retry_at == Instant{});
}

TEST_CASE("A retried record moves from one outcome to another", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  auto failed = completes(place, 9);
  failed.counts[Outcome::failed] = 1;
  failed.failures = {failure("50001234/a", "M-87", 422)};
  must(ledger->commit(std::vector{failed}, now));
  Commit retried;
  retried.key = place;
  retried.counts = counts(1);
  retried.taken_back = counts(0, 1);
  retried.resolved = {1};
  must(ledger->commit(std::vector{retried}, now));
  CHECK(must(ledger->load(place))->counts == counts(10));
  CHECK(stage_of(*ledger).counts == counts(10));
  CHECK(stage_of(*ledger).days.empty()); // no plan names the organisation
  CHECK(must(ledger->exception(1))->state == ExceptionState::resolved);
}

TEST_CASE("A live feed's cursor moves with its counts and what it has handled", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const std::string live = "a3-app-instances-live";
  CHECK_FALSE(must(ledger->cursor(live, stage, "stream")).has_value());
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/a", now}}));
  FeedCommit feed;
  feed.row = live;
  feed.stage = stage;
  feed.feed = "stream";
  feed.cursor = Checkpoint{at("2025-11-20T11:59:59Z"), {id(7)}};
  feed.counts = counts(2);
  feed.failures = {failure("50001234/b", "M-3", 0)}; // counts itself
  feed.failures.front().organisation = "ttd";
  feed.handled = {must(ledger->inbox(live, 0, 10)).front().id};
  must(ledger->commit({}, std::vector{feed}, now));
  CHECK(must(ledger->cursor(live, stage, "stream")) == feed.cursor);
  CHECK(must(ledger->inbox(live, 0, 10)).empty());
  CHECK(stage_of(*ledger).counts == counts(2, 1));
  CHECK(must(ledger->exception(1))->day == day("2025-11-10"));

  feed.handled.clear();
  feed.taken_back = counts(100);
  CHECK_FALSE(ledger->commit({}, std::vector{feed}, now).has_value());
}

TEST_CASE("A record of a feed is one failure however often it fails, and none once it is carried",
          "[ledger][live]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  FeedCommit fails;
  fails.row = "a3-app-instances-live";
  fails.stage = stage;
  fails.failures = {failure("50001234/b", "M-3", 0)};
  for (int times = 0; times < 2; ++times)
    must(ledger->commit({}, std::vector{fails}, now));
  CHECK(stage_of(*ledger).counts == counts(0, 1));
  CHECK(must(ledger->exception(1))->attempts == 2);
  FeedCommit carried;
  carried.row = fails.row;
  carried.stage = stage;
  carried.counts = counts(1);
  carried.settled = {"50001234/b", "50001234/never-failed"};
  for (int times = 0; times < 2; ++times)
    must(ledger->commit({}, std::vector{carried}, now));
  CHECK(stage_of(*ledger).counts == counts(2));
  CHECK(must(ledger->exception(1))->state == ExceptionState::resolved);
}

TEST_CASE("Wake-ups are kept and done with in the same transaction as what they are about",
          "[ledger][live]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  Commit waits;
  waits.key = place;
  waits.counts[Outcome::deferred] = 1;
  waits.wake_ups = {{0, place.row, place.stage, "import/50001234/a", now, "0"}};
  must(ledger->commit(std::vector{waits}, now));
  const auto due = must(ledger->wake_ups(place.row, place.stage, now, 10));
  REQUIRE(due.size() == 1);

  Commit waits_on;
  waits_on.key = place;
  waits_on.woken = {due[0].id};
  waits_on.wake_ups = {{0, place.row, place.stage, "import/50001234/a", at("2025-11-20T13:00:00Z"), "1"}};
  must(ledger->commit(std::vector{waits_on}, now));
  CHECK(must(ledger->wake_ups(place.row, place.stage, now, 10)).empty());
  CHECK(must(ledger->wake_ups(place.row, place.stage, at("2025-11-20T13:00:00Z"), 10)).size() == 1);
}

TEST_CASE("A parked shard is due at once when its last deferred record is taken back", "[ledger][live]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  auto waits = parks(place, "2 not complete at the source yet", at("2025-11-20T13:00:00Z"));
  waits.counts[Outcome::deferred] = 2;
  must(ledger->commit(std::vector{waits}, now));
  Commit carried;
  carried.key = place;
  carried.counts = counts(1);
  carried.taken_back[Outcome::deferred] = 1;
  must(ledger->commit(std::vector{carried}, now));
  CHECK(must(ledger->due_shards(place.row, place.stage, now)).empty());
  must(ledger->commit(std::vector{carried}, now));
  CHECK(must(ledger->due_shards(place.row, place.stage, now)).size() == 1);
}

TEST_CASE("A shard with deferred records is parked where it would be complete, whoever counted them",
          "[ledger][OD-2]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  Commit waits;
  waits.key = place;
  waits.counts[Outcome::deferred] = 2;
  must(ledger->commit(std::vector{waits}, now));
  Commit carried; // one of them, by itself
  carried.key = place;
  carried.counts = counts(1);
  carried.taken_back[Outcome::deferred] = GENERATE(1U, 2U);
  if (carried.taken_back[Outcome::deferred] == 2) carried.counts = counts(2);
  must(ledger->commit(std::vector{carried}, now));
  Commit done;
  done.key = place;
  done.state = StateChange{ShardState::complete, {}, at("2025-11-20T13:00:00Z")};
  must(ledger->commit(std::vector{done}, now));
  const auto shard = must(ledger->load(place));
  REQUIRE(shard);
  if (carried.taken_back[Outcome::deferred] == 2) {
    CHECK(shard->state == ShardState::complete);
    CHECK(shard->reason.empty());
  } else {
    CHECK(shard->state == ShardState::parked);
    CHECK(shard->reason == "1 deferred");
    CHECK(shard->retry_at == at("2025-11-20T13:00:00Z"));
  }
}

TEST_CASE("The ledger tells for whom records wait, why, since when, and how many", "[ledger][OD-2]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  const auto later = at("2025-11-20T13:00:00Z");
  Commit waits;
  waits.key = place;
  waits.counts[Outcome::deferred] = 3;
  waits.wake_ups = {
      {0, place.row, place.stage, "moment/1/a", later, "0", "dialogporten", "behind", now},
      {0, place.row, place.stage, "moment/1/b", now, "0", "dialogporten", "behind", later},
      {0, place.row, place.stage, "import/1/c", now, "0"},
  };
  must(ledger->commit(std::vector{waits}, now));
  CHECK(must(ledger->held(place.row, place.stage)) == 2);
  const auto snapshot = must(ledger->snapshot());
  REQUIRE(snapshot.held.size() == 1);
  CHECK(snapshot.held[0] == HeldCount{place.row, place.stage, "dialogporten", "behind", 2, now, now});
  CHECK(held_records(snapshot, place.row) == 2);
  const auto due = must(ledger->wake_ups(place.row, place.stage, later, 10));
  CHECK(std::count_if(due.begin(), due.end(), [](const auto& one) { return one.api == "dialogporten"; }) ==
        2);
}
