#include "../supervisor_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("Days that other engines have begun are passed by, and the next ones taken",
          "[engine][supervisor][engines]") {
  SupervisorWorld world;
  std::vector<ShardKey> elsewhere;
  for (const auto* day : {"2025-03-10", "2025-03-08", "2025-03-07"})
    elsewhere.push_back(world.known(day).key);
  world.ledger.begins->at_once = [&](const BeginShards& begin) {
    ShardsBegun begun;
    for (const auto& start : begin.starts) {
      const bool is_known = std::count(elsewhere.begin(), elsewhere.end(), start.key) > 0;
      if (begun.started.begun.size() == begin.most) break;
      (is_known ? begun.started.known : begun.started.begun).push_back(start.key);
    }
    return std::optional(begun);
  };
  world.start();
  CHECK(world.days() == Strings{"2025-03-09", "2025-03-06", "2025-03-05"});
  CHECK(world.ledger.begins->asked.at(0).starts.size() == 3);
  CHECK(world.ledger.begins->asked.at(1).starts.size() > 2); // more than it needs: others are ahead
  complete_all(world);
  CHECK(world.children.size() == 7);
  CHECK(world.idle.empty()); // before it has looked whether they are done
  world.advance(world.setup.look_every);
  CHECK(world.idle.size() == 1);
}

TEST_CASE("A row is not idle while other engines carry some of it, and takes over what they leave",
          "[engine][supervisor][engines]") {
  SupervisorWorld world;
  world.setup.range = {world.day("2025-03-10"), world.day("2025-03-10")};
  DueLoaded due;
  due.elsewhere = true;
  world.ledger.due->at_once = [&](const LoadDue&) { return std::optional(due); };
  world.start();
  world.complete(0);
  world.advance(60s);
  CHECK(world.idle.empty());
  due.elsewhere = false;
  due.shards = {world.known("2025-03-10", 3)};
  world.advance(world.setup.look_every);
  due.shards.clear();
  REQUIRE(world.children.size() == 2);
  CHECK(world.children[1].shard.key.part == 3);
  world.complete(1);
  CHECK(world.idle.size() == 1);
}

TEST_CASE("No more is claimed than there is room for, and none while the row is paused",
          "[engine][supervisor][engines]") {
  SupervisorWorld world;
  world.start();
  CHECK(world.ledger.plans->asked.at(0).claim.most == 3);
  CHECK(world.ledger.plans->asked.at(0).claim.to == world.setup.range.cutover);
  world.advance(world.setup.look_every);
  CHECK(world.ledger.due->asked.back().claim.most == 0);
  world.controls->shards_in_flight = 5;
  world.controls->paused = true;
  world.tell(world.actor, Steer{});
  CHECK(world.ledger.due->asked.back().claim.most == 0);
  world.controls->paused = false;
  world.tell(world.actor, Steer{});
  CHECK(world.ledger.due->asked.back().claim.most == 2);
}
