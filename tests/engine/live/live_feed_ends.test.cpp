#include "feed_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("The row is idle once everything there was is carried and noted, and busy with the next change",
          "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at}};
  world.note(world.record(2));
  world.ledger.feeds->at_once = nullptr;
  world.start();
  REQUIRE(world.carried().size() == 2);
  CHECK(world.told.empty());
  world.finish(0);
  world.finish(1);
  world.advance(2s);
  CHECK(world.told.empty());
  while (!world.ledger.feeds->open.empty())
    world.answer(world.ledger.feeds, world.ledger.feeds->open.begin()->first, Noted{});
  CHECK(world.told == Strings{"idle a3-app-instances-live"});
  world.inbox.clear();
  world.advance(60s);
  CHECK(world.told.size() == 1);
  world.event(world.record(3));
  CHECK(world.told == Strings{"idle a3-app-instances-live", "busy a3-app-instances-live"});
}

TEST_CASE("A row whose last record is deferred waits for it, in a run that is to end",
          "[engine][feed][OD-2]") {
  FeedWorld world;
  world.setup.hope = 2min;
  std::uint64_t held = 0;
  world.ledger.due->at_once = [&](const LoadDue&) {
    DueLoaded due;
    due.held = held;
    return std::optional(due);
  };
  world.note(world.record(1));
  world.start();
  world.advance(5s);
  REQUIRE(world.carried().size() == 1);
  held = 1;
  Uploaded failed;
  failed.problem = {"record", "is not taken now", {}};
  failed.held = Held{"dialogporten", "register"};
  world.finish(0, failed);
  CHECK(world.told.empty());
  world.advance(60s);
  CHECK(world.told.empty());
  held = 0;
  world.advance(5s);
  CHECK(world.told == Strings{"idle a3-app-instances-live"});
}

TEST_CASE("The row is not idle before every stream was read to its end", "[engine][feed]") {
  FeedWorld world;
  world.storage->at_once = nullptr;
  world.start();
  world.advance(60s);
  CHECK(world.told.empty());
  world.answer(world.storage, 0, world.list.answer(world.storage->asked[0]));
  CHECK(world.told == Strings{"idle a3-app-instances-live"});
}

TEST_CASE("The probe tells what waits and since when", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.advance(1s);
  CHECK(world.probe->oldest_waiting == 0);
  const auto told = world.instant();
  world.event(world.record(1));
  world.advance(3s);
  world.event(world.record(2));
  world.advance(1s);
  CHECK(world.probe->oldest_waiting == told.ticks);
  CHECK(world.probe->in_flight == 2);
  world.finish(0);
  world.advance(1s);
  CHECK(world.probe->oldest_waiting == (told + 3s).ticks);
  world.finish(1);
  world.advance(1s);
  CHECK(world.probe->oldest_waiting == 0);
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("A drain waits for what is under way, notes it, and leaves the rest to the next run",
          "[engine][feed]") {
  FeedWorld world;
  world.controls->credit = 2;
  world.ledger.feeds->at_once = nullptr;
  for (std::uint32_t i = 1; i <= 4; ++i)
    world.note(world.record(i));
  world.start();
  world.event(world.record(1)); // once more while it is read
  REQUIRE(world.carried().size() == 2);
  world.tell(world.actor, Drain{});
  CHECK(world.told.empty());
  world.finish(0);
  world.finish(1);
  CHECK(world.told.empty());
  auto& notes = world.ledger.feeds->open;
  while (notes.size() > 1) {
    world.answer(world.ledger.feeds, notes.begin()->first, Noted{});
    CHECK(world.told.empty());
  }
  world.answer(world.ledger.feeds, notes.begin()->first, Noted{});
  CHECK(world.told == Strings{"idle a3-app-instances-live"});
  const auto asked = world.storage->asked.size();
  world.event(world.record(9));
  world.advance(30s);
  CHECK(world.carried().size() == 2);
  CHECK(world.storage->asked.size() == asked);
  CHECK(world.told.size() == 1);
  CHECK_FALSE(world.ended);
}

TEST_CASE("A drain of a feed that has nothing to do ends at once", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.told.clear();
  world.tell(world.actor, Drain{});
  CHECK(world.told == Strings{"idle a3-app-instances-live"});
}

TEST_CASE("A page that comes during a drain is not carried", "[engine][feed]") {
  FeedWorld world;
  world.storage->at_once = nullptr;
  world.list.rows = {{world.record(1), world.instant()}};
  world.start();
  world.tell(world.actor, Drain{});
  world.answer(world.storage, 0, world.list.answer(world.storage->asked[0]));
  world.advance(10s);
  CHECK(world.carried().empty());
}

TEST_CASE("A feed ends where the ledger has a problem", "[engine][feed]") {
  FeedWorld world;
  const Problem broken{"ledger", "is full", {}};
  SECTION("with an outcome") {
    world.start();
    world.ledger.feeds->at_once = [&](const NoteFeed&) { return std::optional(Noted{broken}); };
    world.event(world.record(1));
    CHECK_FALSE(world.ended);
    world.finish(0);
  }
  SECTION("with the inbox") {
    world.ledger.inbox->at_once = [&](const LoadInbox&) { return std::optional(InboxLoaded{broken, {}}); };
    world.start();
  }
  SECTION("with the cursors") {
    world.ledger.cursors->at_once = [&](const LoadCursors&) {
      return std::optional(CursorsLoaded{broken, {std::nullopt}});
    };
    world.start();
  }
  SECTION("with what is due") {
    world.ledger.due->at_once = [&](const LoadDue&) {
      DueLoaded due;
      due.problem = broken;
      return std::optional(due);
    };
    world.start();
  }
  CHECK(world.ended);
}
