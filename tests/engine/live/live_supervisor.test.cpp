#include "../supervisor_fixture.hpp"

#include <dialogferry/engine/live/live_supervisor.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

struct LiveWorld : World {
  struct Feed {
    feed_actor actor;
    Moment begun{};
    std::shared_ptr<int> told = std::make_shared<int>(0); ///< of new events
    std::shared_ptr<int> drains = std::make_shared<int>(0);
  };

  LiveWorld() {
    setup.row = "a3-app-instances-live";
    setup.restarts = {3, 10min, 1s, 60s};
    setup.ledger = ledger.actor;
    setup.engine = stand_in<engine_actor>([this](const RowIdle& row) { idle.push_back(row.row); },
                                          [this](const Fatal& one) { fatal.push_back(one.problem); });
    setup.spawn_feed = [this] {
      Feed feed;
      feed.begun = now();
      feed.actor = stand_in<feed_actor>([told = feed.told](NewEvents) { ++*told; },
                                        [drains = feed.drains](Drain) { ++*drains; });
      feeds.push_back(feed);
      return feed.actor;
    };
    setup.clock = clock();
    setup.random = [] { return 0.0; };
    setup.probe = probe;
    actor = spawn<LiveSupervisor>(setup);
    run();
  }

  void end(std::size_t index) {
    caf::anon_send_exit(feeds.at(index).actor, caf::exit_reason::kill);
    run();
  }
  std::shared_ptr<Reply<Noted>> event() {
    return ask<Noted>(actor, NoteEvents{{{setup.row, "50001234/0dbc1da6", instant()}}});
  }

  LedgerDesks ledger{*this};
  LiveSupervisorSetup setup;
  std::shared_ptr<LiveProbe> probe = std::make_shared<LiveProbe>();
  std::vector<Feed> feeds; ///< every one that was ever spawned
  std::vector<std::string> idle;
  std::vector<Problem> fatal;
  live_supervisor_actor actor;
};

} // namespace

TEST_CASE("A feed that ends is started again, after a longer while each time", "[engine][live]") {
  LiveWorld world;
  REQUIRE(world.feeds.size() == 1);
  world.end(0);
  CHECK(world.feeds.size() == 1);
  world.advance(10s);
  REQUIRE(world.feeds.size() == 2);
  const auto first = world.feeds[1].begun - world.feeds[0].begun;
  world.end(1);
  const auto ended = world.now();
  world.advance(10s);
  REQUIRE(world.feeds.size() == 3);
  CHECK(first == 500ms);
  CHECK(world.feeds[2].begun - ended == 1s);
  CHECK(world.probe->restarts == 2);
  CHECK(world.fatal.empty());
}

TEST_CASE("A feed that ends too often ends the engine", "[engine][live]") {
  LiveWorld world;
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(world.fatal.empty());
    REQUIRE(world.feeds.size() == i + 1);
    world.end(i);
    world.advance(10s);
  }
  CHECK(world.feeds.size() == 4);
  REQUIRE(world.fatal.size() == 1);
  CHECK(world.fatal[0].member == "rows.a3-app-instances-live");
}

TEST_CASE("Failures far apart do not add up", "[engine][live]") {
  LiveWorld world;
  for (std::size_t i = 0; i < 8; ++i) {
    REQUIRE(world.feeds.size() == i + 1);
    world.end(i);
    world.advance(5min);
  }
  CHECK(world.feeds.size() == 9);
  CHECK(world.fatal.empty());
}

TEST_CASE("Events are answered once the ledger has them, and then the feed is told", "[engine][live]") {
  LiveWorld world;
  world.ledger.events->at_once = nullptr;
  const auto reply = world.event();
  REQUIRE(world.ledger.events->asked.size() == 1);
  CHECK(world.ledger.events->asked[0].events.at(0).record_id == "50001234/0dbc1da6");
  CHECK_FALSE(reply->there());
  CHECK(*world.feeds[0].told == 0);
  world.answer(world.ledger.events, 0, Noted{});
  CHECK_FALSE(reply->value().problem);
  CHECK(*world.feeds[0].told == 1);
}

TEST_CASE("Events are taken in while no feed is there", "[engine][live]") {
  LiveWorld world;
  world.end(0);
  const auto reply = world.event();
  CHECK_FALSE(reply->value().problem);
  world.advance(10s);
  CHECK(world.feeds.size() == 2);
}

TEST_CASE("Events that the ledger did not take are not told as taken", "[engine][live]") {
  LiveWorld world;
  world.ledger.events->at_once = [](const NoteEvents&) {
    return std::optional(Noted{Problem{"ledger", "is full", {}}});
  };
  const auto reply = world.event();
  REQUIRE(reply->value().problem);
  CHECK(reply->value().problem->message == "is full");
  CHECK(*world.feeds[0].told == 0);
}

TEST_CASE("A drain goes to the feed; with no feed there the row is idle, and none is started",
          "[engine][live]") {
  LiveWorld world;
  SECTION("a feed is there") {
    world.tell(world.actor, Drain{});
    CHECK(*world.feeds[0].drains == 1);
    CHECK(world.idle.empty());
    world.end(0);
  }
  SECTION("none is") {
    world.end(0);
    world.tell(world.actor, Drain{});
  }
  CHECK(world.idle == std::vector<std::string>{"a3-app-instances-live"});
  world.advance(1h);
  CHECK(world.feeds.size() == 1);
  CHECK(world.fatal.empty());
}

TEST_CASE("The supervisor ends its feed with itself", "[engine][live]") {
  LiveWorld world;
  bool ended = false;
  world.spawn_as([&](caf::event_based_actor* self) -> caf::behavior {
    self->monitor(world.feeds[0].actor);
    self->set_down_handler([&](const caf::down_msg&) { ended = true; });
    return {[](Act& act) { act.what(); }};
  });
  world.run();
  caf::anon_send_exit(world.actor, caf::exit_reason::user_shutdown);
  world.run();
  CHECK(ended);
}

TEST_CASE("A live row that another engine carries has no feed here, and takes its events in all the same",
          "[engine][live][engines]") {
  LiveWorld world;
  world.ledger.duties->at_once = nullptr;
  world.setup.duty = "a3-app-instances-live/carry";
  world.actor = world.spawn<LiveSupervisor>(world.setup);
  world.run();
  REQUIRE(world.ledger.duties->asked.size() == 1);
  CHECK(world.ledger.duties->asked[0].name == "a3-app-instances-live/carry");
  CHECK(world.feeds.size() == 1); // of the world's first
  CHECK_FALSE(world.event()->value().problem);
  world.tell(world.actor, NewEvents{});
  SECTION("until that one is gone") {
    world.answer(world.ledger.duties, 0, Noted{});
    REQUIRE(world.feeds.size() == 2);
    world.tell(world.actor, NewEvents{});
    CHECK(*world.feeds[1].told == 1);
  }
  SECTION("or this one stops") {
    world.tell(world.actor, Drain{});
    CHECK(world.idle.size() == 1);
    world.answer(world.ledger.duties, 0, Noted{});
    CHECK(world.feeds.size() == 1);
  }
}
