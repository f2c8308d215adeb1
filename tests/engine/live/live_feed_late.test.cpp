#include "feed_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

/// The uploader has read this version, and these events with it.
Uploaded read(Instant version, std::uint64_t events, Outcome outcome = Outcome::created) {
  Uploaded uploaded;
  uploaded.outcome = outcome;
  uploaded.last_changed = version;
  uploaded.seen = {1, events};
  return uploaded;
}

Uploaded nothing_new() {
  Uploaded uploaded;
  uploaded.outcome = Outcome::unchanged;
  uploaded.nothing_new = true;
  return uploaded;
}

std::vector<ledger::WakeUp> wake_ups(const FeedWorld& world) {
  std::vector<ledger::WakeUp> all;
  for (const auto& note : world.ledger.feeds->asked)
    all.insert(all.end(), note.commit.wake_ups.begin(), note.commit.wake_ups.end());
  return all;
}

void wake(FeedWorld& world, ledger::WakeUp wake_up) {
  wake_up.id = 9;
  world.due.wake_ups = {std::move(wake_up)};
  world.advance(1s);
}

} // namespace

TEST_CASE("A change younger than 10 s when it is read is looked at once more 30 to 60 s later",
          "[engine][feed][OS-1]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  world.event(world.record(2));
  world.finish(0, read(world.instant() - 9s, 5));
  world.finish(1, read(world.instant() - 11s, 5));
  const auto waiting = wake_ups(world);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].key == "late/" + world.record(1));
  CHECK(waiting[0].due >= world.instant() + 30s);
  CHECK(waiting[0].due <= world.instant() + 60s);
}

TEST_CASE(
    "The second look asks for nothing where no event came, counts nothing, and is the last of its version",
    "[engine][feed][OS-1]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  const auto version = world.instant();
  world.finish(0, read(version, 5));
  wake(world, wake_ups(world).at(0));
  REQUIRE(world.uploads->asked.size() == 2);
  CHECK(world.uploads->asked[1].unless_events == 5U);
  CHECK(world.uploads->asked[1].priority == Priority::live);
  world.finish(1, nothing_new());
  const auto& last = world.ledger.feeds->asked.back().commit;
  CHECK(last.woken == std::vector<std::int64_t>{9});
  CHECK(last.counts.read() == 0);
  CHECK(wake_ups(world).size() == 1);

  wake(world, wake_ups(world).at(0)); // an event had come, the record is the same version still
  world.finish(2, read(version, 6, Outcome::updated));
  CHECK(world.ledger.feeds->asked.back().commit.counts[Outcome::updated] == 1);
  CHECK(wake_ups(world).size() == 1);
}

TEST_CASE("A second look that finds another young version asks for another", "[engine][feed][OS-1]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  world.finish(0, read(world.instant(), 5));
  wake(world, wake_ups(world).at(0));
  world.finish(1, read(world.instant(), 6, Outcome::updated));
  CHECK(wake_ups(world).size() == 2);
}

TEST_CASE("An event that comes during the second look has the record read whole behind it",
          "[engine][feed][OS-1]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  world.finish(0, read(world.instant(), 5));
  wake(world, wake_ups(world).at(0));
  world.event(world.record(1));
  world.finish(1, nothing_new());
  REQUIRE(world.uploads->asked.size() == 3);
  CHECK_FALSE(world.uploads->asked[2].unless_events);
}

TEST_CASE("Many changes of one record share one second look", "[engine][feed][OS-1]") {
  FeedWorld world;
  world.start();
  for (std::size_t i = 0; i < 5; ++i) {
    world.event(world.record(1));
    world.finish(i, read(world.instant(), i));
    world.advance(1s);
  }
  for (const auto& waiting : wake_ups(world))
    CHECK(waiting.key == "late/" + world.record(1)); // the ledger keeps one of a key
}

TEST_CASE("A record that failed, or waits by itself, is not looked at once more for its events",
          "[engine][feed][OS-1]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  world.event(world.record(2));
  world.finish(0, read(world.instant(), 5, Outcome::failed));
  auto waits = read(world.instant(), 5, Outcome::deferred);
  waits.again = SecondLook{SecondLook::Why::import, world.instant() + 10s, {}};
  world.finish(1, waits);
  REQUIRE(wake_ups(world).size() == 1);
  CHECK(wake_ups(world)[0].key == "import/" + world.record(2));
}

TEST_CASE("A text that changes without the row's time is carried by the next poll, once",
          "[engine][feed][OS-2]") {
  FeedWorld world;
  world.list.rows = {{world.record(1), world.instant() + 1s}};
  world.start();
  world.finish(0, read(world.instant() + 1s, 5));
  world.advance(12s);
  CHECK(world.carried().size() == 1);
  world.list.rows[0].title = "Ola Nordmann";
  world.advance(6s);
  REQUIRE(world.carried() == Strings{world.record(1), world.record(1)});
  world.finish(1);
  world.advance(60s);
  CHECK(world.carried().size() == 2);
}

TEST_CASE("An event that names a party with leading zeros, or another one, is of the record the source gives",
          "[engine][feed][OE-6]") {
  const auto party =
      GENERATE(as<std::string>{}, "0050001234", "50099999", "9999999999999999999999999999999999999999");
  const auto named = party + FeedWorld::record(1).substr(FeedWorld::record(1).find('/'));
  FeedWorld world;
  world.start();
  world.event(named);
  world.event(world.record(1)); // the same record
  REQUIRE(world.carried() == Strings{named});
  Uploaded failed;
  failed.problem = {"party", "is not known", {}};
  failed.record_id = world.record(1);
  world.finish(0, failed);
  REQUIRE(world.commits().back().failures.size() == 1);
  CHECK(world.commits().back().failures[0].record_id == world.record(1));
  REQUIRE(world.carried().size() == 2);
  Uploaded carried = read(world.instant() - 60s, 5);
  carried.record_id = world.record(1);
  world.finish(1, carried);
  CHECK(world.commits().back().settled.front() == world.record(1));
  CHECK(world.inbox.empty());
}
