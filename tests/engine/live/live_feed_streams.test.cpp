#include "feed_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("What the stream lists is carried and the cursor follows what is done", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at + 1s}, {world.record(2), at + 2s}, {world.record(3), at + 3s}};
  world.start();
  REQUIRE(world.carried().size() == 3);
  CHECK(world.storage->asked.at(0).priority == Priority::live);
  CHECK(world.storage->asked.at(0).patience == Patience::page);
  world.finish(1);
  world.finish(2);
  CHECK_FALSE(world.cursor());
  world.finish(0);
  REQUIRE(world.cursor());
  CHECK(world.cursor()->at == at + 3s);
  CHECK(world.commits().back().feed == "stream/ttd");
  world.advance(30s);
  CHECK(world.carried().size() == 3);
}

TEST_CASE("A stream goes on from the ledger's cursor", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at + 1s}, {world.record(2), at + 300s}};
  world.ledger.cursors->at_once = [&](const LoadCursors& load) {
    CHECK(load.feeds == Strings{"stream/ttd"});
    CursorsLoaded loaded;
    loaded.cursors.push_back(Checkpoint{at + 200s, {}});
    return std::optional(loaded);
  };
  world.start();
  CHECK(world.carried() == Strings{world.record(2)});
}

TEST_CASE("A stream is read again after `poll`, page by page", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.controls->credit = 100;
  for (std::uint32_t i = 0; i < 25; ++i)
    world.list.rows.push_back({world.record(i), at + std::chrono::seconds(i)});
  world.start();
  CHECK(world.carried().size() == 25);
  world.list.rows.push_back({world.record(25), at + 30s});
  world.advance(4s);
  CHECK(world.carried().size() == 25);
  world.advance(2s);
  CHECK(world.carried().size() == 26);
}

TEST_CASE("A stream is not read on while the window has no room for a page", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  for (std::uint32_t i = 0; i < 60; ++i)
    world.list.rows.push_back({world.record(i), at + std::chrono::seconds(i)});
  world.start();
  CHECK(world.carried().size() <= 20);
  for (std::size_t i = 0; i < 60; ++i) {
    REQUIRE(world.uploads->asked.size() > i);
    CHECK(world.uploads->open.size() <= 20);
    world.finish(i);
  }
  CHECK(world.cursor()->at == at + 59s);
}

TEST_CASE("A listed version that an event had carried is passed by, a newer one is not", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.start();
  world.event(world.record(1));
  world.event(world.record(2));
  world.finish(0, Outcome::created, at + 2s);
  world.finish(1, Outcome::created, at + 2s);
  world.list.rows = {{world.record(1), at + 2s}, {world.record(2), at + 3s}};
  world.advance(6s);
  REQUIRE(world.carried() == Strings{world.record(1), world.record(2), world.record(2)});
  REQUIRE(world.cursor());
  CHECK(world.cursor()->at == at + 2s);
  world.finish(2, Outcome::updated, at + 3s);
  CHECK(world.cursor()->at == at + 3s);
}

TEST_CASE("A version that failed is not passed by", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.start();
  world.event(world.record(1));
  world.finish(0, Outcome::failed, at + 2s);
  world.list.rows = {{world.record(1), at + 2s}};
  world.advance(6s);
  CHECK(world.carried().size() == 2);
}

TEST_CASE("A row that cannot be read is an exception and does not hold the stream", "[engine][feed]") {
  FeedWorld world;
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at + 1s, R"({"id":")" + world.record(1) + R"("})"},
                     {world.record(2), at + 2s}};
  world.start();
  REQUIRE(world.commits().size() == 1);
  const auto commit = world.commits()[0];
  REQUIRE(commit.failures.size() == 1);
  CHECK(commit.failures[0].record_id == world.record(1));
  CHECK(commit.failures[0].organisation == "ttd");
  CHECK(world.carried() == Strings{world.record(2)});
  world.finish(0);
  CHECK(world.cursor()->at == at + 2s);
  world.advance(30s);
  CHECK(world.commits().size() == 2);
}

TEST_CASE("A stream that cannot be read is shown, tried again, and goes on where it was", "[engine][feed]") {
  FeedWorld world;
  world.setup.organisations = {"ttd", "nav"};
  const auto failing = GENERATE(0, 1);
  const auto as_ever = world.storage->at_once;
  world.storage->at_once = [&](const Call& call) {
    if (call.request->target.find(failing == 0 ? "org=ttd" : "org=nav") == std::string::npos)
      return as_ever(call);
    return std::optional(answered(call.operation, response(503)));
  };
  world.start();
  CHECK(world.probe->polling_fails);
  CHECK(world.probe->polled == 0);
  const auto asked = world.storage->asked.size();
  world.advance(4s);
  CHECK(world.storage->asked.size() == asked);
  world.advance(20s);
  CHECK(world.storage->asked.size() > asked + 4);
  CHECK(world.probe->polling_fails);
  CHECK(world.probe->polled == 0);
  CHECK(world.told.empty());

  world.storage->at_once = as_ever;
  world.list.rows = {{world.record(1), world.setup.begin + 1s}};
  world.advance(6s);
  CHECK_FALSE(world.probe->polling_fails);
  CHECK(world.probe->polled > 0);
  CHECK(world.carried() == Strings{world.record(1)});
}

TEST_CASE("An answer that is no page counts as a failure of the stream", "[engine][feed]") {
  FeedWorld world;
  world.storage->at_once = [](const Call& call) {
    return std::optional(answered(call.operation, response(200, "<html>")));
  };
  world.start();
  CHECK(world.probe->polling_fails);
  CHECK_FALSE(world.ended);
}

TEST_CASE("When the streams were last read is when, not when somebody last looked", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.advance(1s);
  const auto read = world.instant().ticks;
  CHECK(world.probe->polled >= read - Instant::per_second);
  world.storage->at_once = nullptr; // no answer comes any more
  world.advance(100s);
  CHECK(world.probe->polled <= read + 5 * Instant::per_second);
}

TEST_CASE(
    "A change whose event was lost, or that a new subscription was not told of, is found by the stream (held "
    "already)",
    "[engine][feed][OE-4][OE-7]") {
  FeedWorld world;
  world.start();
  world.event(world.record(1));
  world.finish(0, Outcome::created, world.instant() - 60s);
  world.list.rows = {{world.record(2), world.instant() + 1s}}; // nobody tells of it
  world.advance(6s);
  CHECK(world.carried() == Strings{world.record(1), world.record(2)});
}

TEST_CASE("A row without lastChanged and status is carried like any other", "[engine][feed][OS-6]") {
  FeedWorld world;
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at + 1s},
                     {world.record(2), at + 2s,
                      R"({"id":")" + world.record(2) +
                          R"(","appId":"ttd/form","org":"ttd","created":"2025-03-01T00:00:00Z"})"},
                     {world.record(3), at + 3s}};
  world.start();
  CHECK(world.carried() == Strings{world.record(1), world.record(2), world.record(3)});
  for (std::size_t i = 0; i < 3; ++i)
    world.finish(i);
  CHECK(world.cursor()->at == at + 3s);
  world.advance(30s);
  CHECK(world.carried().size() == 3);
}
