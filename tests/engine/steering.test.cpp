#include "history/shard_fixture.hpp"
#include "limit/gate_fixture.hpp"
#include "live/feed_fixture.hpp"
#include "supervisor_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

// -- a row ------------------------------------------------------------------------------

TEST_CASE("A paused row begins no shard, and tries nothing again, until it goes on", "[engine][steering]") {
  SupervisorWorld world;
  world.controls->paused = true;
  world.ledger.due->at_once = [&](const LoadDue&) {
    DueLoaded due;
    due.exceptions.emplace_back();
    due.shards = {world.known("2025-03-02")};
    return std::optional(due);
  };
  world.start();
  world.advance(60s);
  CHECK(world.children.empty());
  CHECK(world.retries->asked.empty());
  CHECK(world.idle.empty());
  world.controls->paused = false;
  world.tell(world.actor, Steer{});
  CHECK(world.children.size() == 3);
  CHECK(world.retries->asked.size() == 1);
}

TEST_CASE("A row that is paused while shards run keeps them, and begins no others", "[engine][steering]") {
  SupervisorWorld world;
  world.start();
  REQUIRE(world.children.size() == 3);
  world.controls->paused = true;
  world.tell(world.actor, Steer{});
  world.complete(0);
  world.advance(60s);
  CHECK(world.children.size() == 3);
  world.controls->paused = false;
  world.tell(world.actor, Steer{});
  CHECK(world.children.size() == 4);
}

TEST_CASE("More days side by side begin at once; fewer let those that run end", "[engine][steering]") {
  SupervisorWorld world;
  world.start();
  world.controls->shards_in_flight = 5;
  world.tell(world.actor, Steer{});
  REQUIRE(world.children.size() == 5);
  world.controls->shards_in_flight = 1;
  world.tell(world.actor, Steer{});
  for (std::size_t i = 0; i < 4; ++i)
    world.complete(i);
  CHECK(world.children.size() == 5);
  world.complete(4);
  CHECK(world.children.size() == 6);
}

TEST_CASE("A shard of a paused row finishes what it has read and reads no further", "[engine][steering]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.start();
  const auto read = world.jobs.size();
  world.controls->paused = true;
  world.let_go();
  CHECK(world.jobs.size() == read);
  CHECK(world.counts().read() == read);
  CHECK(world.ended.empty());
  world.controls->paused = false;
  world.tell(world.actor, Proceed{});
  world.let_go();
  CHECK(world.carried().size() == 100);
  CHECK(world.end().how == ShardEnded::How::complete);
}

TEST_CASE("A shard of a paused row that is to stop does so", "[engine][steering]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.start();
  world.controls->paused = true;
  world.tell(world.actor, Drain{});
  world.let_go();
  CHECK(world.end().how == ShardEnded::How::drained);
}

TEST_CASE("Credit and priority of a row hold for its shards at once", "[engine][steering]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.start();
  CHECK(world.jobs.size() == 20);
  world.controls->credit = 40;
  world.controls->priority = Priority::first;
  world.tell(world.actor, Proceed{});
  CHECK(world.jobs.size() == 40);
  CHECK(world.hands.back().priority == Priority::first);
  CHECK(world.storage->asked.back().priority == Priority::first);
}

// -- a live row ---------------------------------------------------------------------------

TEST_CASE("A paused live row reads nothing, and its events wait", "[engine][steering]") {
  FeedWorld world;
  world.controls->paused = true;
  world.start();
  world.event(world.record(1));
  world.advance(60s);
  CHECK(world.storage->asked.empty());
  CHECK(world.uploads->asked.empty());
  CHECK(world.inbox.size() == 1);
  CHECK(world.told.empty());
  world.controls->paused = false;
  world.tell(world.actor, Steer{});
  CHECK(world.carried() == std::vector{world.record(1)});
  CHECK_FALSE(world.storage->asked.empty());
}

TEST_CASE("A live row that is paused finishes what is in flight", "[engine][steering]") {
  FeedWorld world;
  world.controls->credit = 11; // room for a page
  world.start();
  world.event(world.record(1));
  REQUIRE(world.uploads->asked.size() == 1);
  world.controls->paused = true;
  world.tell(world.actor, Steer{});
  world.event(world.record(2));
  world.finish(0);
  CHECK(world.commits().size() == 1);
  CHECK(world.uploads->asked.size() == 1);
}

// -- an API -------------------------------------------------------------------------------

TEST_CASE("A paused API is asked for nothing, and then for what has waited", "[engine][steering]") {
  GateWorld world;
  const auto sent = world.call("/sent");
  world.tell(world.gate, Reconfigure{{0, 1, 100, false}, true});
  CHECK(world.view->get().paused);
  const auto waits = world.call("/waits");
  world.answer(0, response(500)); // and is to be tried again
  world.advance(3600s);
  CHECK(world.sent.size() == 1);
  CHECK_FALSE(sent->there());
  world.tell(world.gate, Reconfigure{{0, 1, 100, false}, false});
  CHECK_FALSE(world.view->get().paused);
  REQUIRE(world.sent.size() == 3);
  world.answer(1, response(500)); // its patience is that of one who has just begun
  world.answer(2, response(200));
  CHECK_FALSE((sent->there() && waits->there()));
}

TEST_CASE("A paused API that was down is not probed before it goes on", "[engine][steering]") {
  GateWorld world;
  for (int i = 0; i < 5; ++i)
    world.call("/a" + std::to_string(i), Priority::history, Patience::page);
  for (std::size_t i = 0; i < 5; ++i)
    world.answer(
        i, http::Answer(tl::unexpected(http::TransportError{http::TransportFault::connect, "", false})));
  REQUIRE(world.probes() == 1);
  world.tell(world.gate, Reconfigure{{0, 1, 100, false}, true});
  world.answer(5,
               http::Answer(tl::unexpected(http::TransportError{http::TransportFault::connect, "", false})));
  world.advance(3600s);
  CHECK(world.probes() == 1);
  world.tell(world.gate, Reconfigure{{0, 1, 100, false}, false});
  CHECK(world.probes() == 2);
}

TEST_CASE("Of history that waits what is put first goes first, and what is put last goes last",
          "[engine][steering]") {
  GateWorld world([](GateSetup& setup) { setup.rate = {10, 1, 1000, false}; });
  world.call("/begun");
  for (const auto priority : {Priority::last, Priority::history, Priority::first})
    for (int i = 0; i < 3; ++i)
      world.call("/" + std::to_string(static_cast<int>(priority)) + "-" + std::to_string(i), priority);
  world.advance(2s);
  CHECK(world.targets(1) ==
        std::vector<std::string>{"/1-0", "/1-1", "/1-2", "/2-0", "/2-1", "/2-2", "/3-0", "/3-1", "/3-2"});
}

TEST_CASE("Live keeps its share before history of any priority", "[engine][steering]") {
  GateWorld world([](GateSetup& setup) {
    setup.rate = {10, 1, 1000, false};
    setup.live_share = 0.5;
  });
  world.call("/begun");
  for (int i = 0; i < 50; ++i) {
    world.call("/live", Priority::live);
    world.call("/first", Priority::first);
  }
  world.advance(2'010ms);
  const auto targets = world.targets(1);
  CHECK(targets.size() == 20);
  CHECK(std::count(targets.begin(), targets.end(), "/live") == 10);
}
