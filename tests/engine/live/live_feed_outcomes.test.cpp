#include "feed_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

ledger::WakeUp waits(std::int64_t id, std::uint32_t record, SecondLook::Why why, std::uint32_t looks = 0) {
  auto made = wake_up_of("a3-app-instances-live", "carry", {FeedWorld::record(record), why, looks, {}}, {});
  made.id = id;
  return made;
}

} // namespace

TEST_CASE("Events noted before the feed began are carried", "[engine][feed]") {
  FeedWorld world;
  world.note(world.record(1));
  world.note(world.record(2));
  world.start();
  CHECK(world.carried() == Strings{world.record(1), world.record(2)});
}

TEST_CASE("An event told while the inbox is being read is not overlooked", "[engine][feed]") {
  FeedWorld world;
  world.start();
  const auto as_ever = std::exchange(world.ledger.inbox->at_once, nullptr);
  world.event(world.record(1));
  const auto asked = world.ledger.inbox->asked.size() - 1;
  world.event(world.record(2));
  world.ledger.inbox->at_once = as_ever;
  world.answer(world.ledger.inbox, asked, InboxLoaded{{}, {{1, world.record(1), world.instant(), 1}}});
  world.advance(2s);
  CHECK(world.carried() == Strings{world.record(1), world.record(2)});
}

TEST_CASE("Only so many records are under way at once, and all of a long inbox are carried",
          "[engine][feed]") {
  FeedWorld world;
  world.controls->credit = 7;
  for (std::uint32_t i = 0; i < 250; ++i)
    world.note(world.record(i));
  world.start();
  std::size_t most = 0;
  std::size_t known = 0;
  for (std::size_t i = 0; i < 250; ++i) {
    if (world.uploads->asked.size() <= i) world.advance(2s);
    REQUIRE(world.uploads->asked.size() > i);
    most = std::max(most, world.uploads->open.size());
    world.finish(i);
    known = std::max(known, static_cast<std::size_t>(world.probe->in_flight));
  }
  CHECK(most == 7);
  CHECK(known <= 107);
  CHECK(world.inbox.empty());
}

TEST_CASE("A record id that names no record becomes an exception", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.event("50001234");
  CHECK(world.uploads->asked.empty());
  REQUIRE(world.commits().size() == 1);
  const auto commit = world.commits()[0];
  REQUIRE(commit.failures.size() == 1);
  CHECK(commit.failures[0].record_id == "50001234");
  CHECK(commit.failures[0].problem.member == "id");
  CHECK(commit.handled.size() == 1);
}

TEST_CASE("A failure becomes an exception with what is known of it", "[engine][feed]") {
  FeedWorld world;
  world.start();
  const auto told = world.instant();
  world.event(world.record(1));
  Uploaded refused;
  refused.outcome = Outcome::failed;
  refused.problem = {"dialog", "was refused", {}};
  refused.http_status = 422;
  refused.attempts = 3;
  refused.body = "too long";
  refused.organisation = "ttd";
  SECTION("the version that was read, where it was") {
    refused.last_changed = told - 10s;
    world.finish(0, refused);
    CHECK(world.commits().at(0).failures.at(0).last_changed == told - 10s);
  }
  SECTION("otherwise when the change was told") {
    world.advance(3s);
    world.finish(0, refused);
    CHECK(world.commits().at(0).failures.at(0).last_changed == told);
  }
  const auto commit = world.commits().at(0);
  CHECK(commit.row == "a3-app-instances-live");
  CHECK(commit.stage == "carry");
  CHECK(commit.counts.read() == 0);
  CHECK(commit.settled.empty());
  CHECK(commit.handled.size() == 1);
  const auto& failure = commit.failures.at(0);
  CHECK(failure.record_id == world.record(1));
  CHECK(failure.organisation == "ttd");
  CHECK(failure.problem == refused.problem);
  CHECK(failure.http_status == 422);
  CHECK(failure.attempts == 3);
  CHECK(failure.body_excerpt == "too long");
}

TEST_CASE("An exception that an operator marked is carried again and settled", "[engine][feed]") {
  FeedWorld world;
  ledger::Exception exception;
  exception.record_id = world.record(1);
  world.due.exceptions = {exception};
  world.start();
  REQUIRE(world.carried() == Strings{world.record(1)});
  SECTION("carried") {
    world.finish(0, Outcome::created);
  }
  SECTION("deferred: from now on its wake-up stands for it") {
    Uploaded deferred;
    deferred.outcome = Outcome::deferred;
    deferred.again = SecondLook{SecondLook::Why::import, world.instant() + 60s, {}};
    world.finish(0, deferred);
  }
  CHECK(world.ledger.feeds->asked.back().commit.settled == Strings{world.record(1)});
}

TEST_CASE("A deferred record sets a wake-up and does not count; looked at again it tells how often it was",
          "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  Uploaded deferred;
  deferred.outcome = Outcome::deferred;
  deferred.again = SecondLook{SecondLook::Why::import, world.instant() + 60s, {}};
  world.finish(0, deferred);
  auto commit = world.commits().at(0);
  CHECK(commit.counts.read() == 0);
  CHECK(commit.handled.size() == 1);
  REQUIRE(commit.wake_ups.size() == 1);
  CHECK(commit.wake_ups[0].row == "a3-app-instances-live");
  CHECK(commit.wake_ups[0].due == world.instant() + 60s);
  auto waiting = waiting_of(commit.wake_ups[0]);
  REQUIRE(waiting);
  CHECK(waiting->record_id == world.record(1));
  CHECK(waiting->looks == 0);
  CHECK_FALSE(waiting->shard);

  world.due.wake_ups = {waits(5, 1, SecondLook::Why::import, 2)};
  world.advance(1s);
  REQUIRE(world.carried().size() == 2);
  CHECK_FALSE(world.uploads->asked[1].absence_confirmed);
  deferred.again->due = world.instant() + 60s;
  world.finish(1, deferred);
  commit = world.commits().at(1);
  CHECK(commit.woken == std::vector<std::int64_t>{5});
  CHECK(waiting_of(commit.wake_ups.at(0))->looks == 3);
  CHECK(commit.wake_ups.at(0).due == world.instant() + 480s);
}

TEST_CASE("Who waited to see whether a record is gone confirms it", "[engine][feed][storage 2.10]") {
  FeedWorld world;
  world.due.wake_ups = {waits(5, 1, SecondLook::Why::absence), waits(6, 2, SecondLook::Why::receipts)};
  world.start();
  REQUIRE(world.carried() == Strings{world.record(1), world.record(2)});
  CHECK(world.uploads->asked[0].absence_confirmed);
  CHECK_FALSE(world.uploads->asked[1].absence_confirmed);
  world.finish(0, Outcome::purged);
  CHECK(world.commits().at(0).woken == std::vector<std::int64_t>{5});
  CHECK(world.commits().at(0).wake_ups.empty());
  CHECK(world.commits().at(0).counts[Outcome::purged] == 1);
}

TEST_CASE("A wake-up of a record that is read just now waits until that is done", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  world.due.wake_ups = {waits(5, 1, SecondLook::Why::absence)};
  world.advance(1s);
  world.finish(0);
  CHECK(world.commits().at(0).woken.empty());
  CHECK(world.carried().size() == 1);
  world.due.wake_ups = {waits(5, 1, SecondLook::Why::absence)};
  world.advance(1s);
  CHECK(world.carried().size() == 2);
}
