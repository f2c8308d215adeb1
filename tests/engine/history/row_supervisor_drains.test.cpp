#include "../supervisor_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("A row told to drain drains its shards, begins nothing, and is idle when they have ended",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  world.fail(2);
  world.tell(world.actor, Drain{});
  CHECK(*world.children[0].drains == 1);
  CHECK(*world.children[1].drains == 1);
  CHECK(world.retrier_drains == 1);
  CHECK(world.idle.empty());
  world.end(0, {{}, ShardEnded::How::drained, {}, {}});
  CHECK(world.idle.empty());
  world.fail(1);
  CHECK(world.idle.size() == 1);
  world.advance(3600s);
  CHECK(world.children.size() == 3);
  CHECK(world.idle.size() == 1);
  CHECK(world.ledger.progress->asked.empty());
}

TEST_CASE("A row that is idle already is told of again when it is drained", "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.plan.organisations = {};
  world.start();
  REQUIRE(world.idle.size() == 1);
  world.tell(world.actor, Drain{});
  CHECK(world.idle.size() == 2);
}

TEST_CASE("Shards that the ledger begins while a row drains are left for the next run",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.ledger.begins->at_once = nullptr;
  world.start();
  world.tell(world.actor, Drain{});
  CHECK(world.idle.empty());
  world.answer(world.ledger.begins, 0, LedgerDesks::all_of(world.ledger.begins->asked[0]));
  CHECK(world.children.empty());
  CHECK(world.idle.size() == 1);
}

TEST_CASE("A restart that the ledger answers while a row drains does not happen", "[engine][supervisor]") {
  SupervisorWorld world;
  world.ledger.shards->at_once = nullptr;
  world.start();
  world.fail(0);
  world.advance(1s);
  REQUIRE(world.ledger.shards->asked.size() == 1);
  world.tell(world.actor, Drain{});
  world.answer(world.ledger.shards, 0, ShardLoaded{});
  CHECK(world.children.size() == 3);
}

TEST_CASE("What turns out to be due while a row drains is left for the next run", "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.plan.organisations = {};
  world.ledger.due->at_once = nullptr;
  world.start();
  world.tell(world.actor, Drain{});
  DueLoaded due;
  due.shards = {world.known("2025-03-10")};
  due.exceptions.resize(1);
  world.answer(world.ledger.due, 0, due);
  CHECK(world.children.empty());
  CHECK(world.retries->asked.empty());
  CHECK(world.idle.size() == 1);
}
