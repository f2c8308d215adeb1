#include "../supervisor_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

/// The supervisor of a second stage: it plans the days that the first one is done with.
struct SecondStageWorld : SupervisorWorld {
  SecondStageWorld() {
    setup.plan = {"a2-correspondence-historic", "publish", day("2025-03-01"), day("2025-03-10"), {""}};
    setup.range = {setup.plan.from, setup.plan.cutover};
    setup.before = "migrate";
    ledger.due->at_once = [this](const LoadDue& load) {
      CHECK(load.before == "migrate");
      DueLoaded due;
      for (const auto* of : ready)
        due.to_go_on_with.push_back({setup.plan.row, setup.plan.stage, day(of), "", 0});
      return std::optional(due);
    };
  }

  void tell_before(bool idle) { tell(actor, StageBefore{idle}); }

  std::vector<const char*> ready; ///< days that the stage before is done with, and this one is not
};

} // namespace

TEST_CASE("A second stage plans nothing by itself: it takes the days that the first is done with",
          "[engine][supervisor][stages]") {
  SecondStageWorld world;
  world.start();
  CHECK(world.children.empty());
  world.ready = {"2025-03-10"};
  world.tell_before(false);
  REQUIRE(world.days() == Strings{"2025-03-10"});
  world.tell_before(false); // it is at work already
  CHECK(world.children.size() == 1);
  world.ready = {"2025-03-09", "2025-03-08"};
  world.complete(0);
  world.tell_before(false);
  CHECK(world.days(1) == Strings{"2025-03-09", "2025-03-08"});
}

TEST_CASE("Days that wait are found also where nobody tells of them", "[engine][supervisor][stages]") {
  SecondStageWorld world;
  world.start();
  world.ready = {"2025-03-10"};
  world.advance(world.setup.look_every);
  CHECK(world.days() == Strings{"2025-03-10"});
}

TEST_CASE("Days out of the range that was asked for are left alone", "[engine][supervisor][stages]") {
  SecondStageWorld world;
  world.setup.range = {world.day("2025-03-04"), world.day("2025-03-05")};
  world.ready = {"2025-03-10", "2025-03-05"};
  world.start();
  CHECK(world.days() == Strings{"2025-03-05"});
}

TEST_CASE("A second stage is idle only when the first is, and it has nothing left itself",
          "[engine][supervisor][stages]") {
  SecondStageWorld world;
  world.start();
  CHECK(world.idle.empty());
  world.ready = {"2025-03-10"};
  world.tell_before(true);
  REQUIRE(world.children.size() == 1);
  CHECK(world.idle.empty());
  world.ready.clear();
  world.complete(0);
  CHECK(world.idle.size() == 1);
}

TEST_CASE("A first stage that has work again makes the second one busy", "[engine][supervisor][stages]") {
  SecondStageWorld world;
  world.start();
  world.tell_before(true);
  CHECK(world.idle.size() == 1);
  world.tell_before(false);
  world.ready = {"2025-03-10"};
  world.tell_before(false);
  world.ready.clear();
  world.complete(0);
  CHECK(world.idle.size() == 1); // the first one is not done
  world.tell_before(true);
  CHECK(world.idle.size() == 2);
}

TEST_CASE("A first stage tells the next of each day that is complete, and when nothing more comes",
          "[engine][supervisor][stages]") {
  SupervisorWorld world;
  std::vector<bool> told;
  world.setup.range = {world.day("2025-03-09"), world.day("2025-03-10")};
  world.setup.next = "publish";
  world.setup.next_stage =
      world.stand_in<supervisor_actor>([&told](const StageBefore& before) { told.push_back(before.idle); });
  world.start();
  CHECK(told.empty());
  world.complete(0);
  CHECK(told == std::vector<bool>{false});
  world.complete(1);
  CHECK(told == std::vector<bool>{false, false, true});
}

TEST_CASE("A day of a first stage that is parked says who would have gone on with it",
          "[engine][supervisor][stages]") {
  SupervisorWorld world;
  world.setup.range = {world.day("2025-03-10"), world.day("2025-03-10")};
  world.setup.next = "publish";
  world.start();
  for (std::size_t i = 0; i < 4; ++i) {
    world.fail(i);
    if (i < 3) REQUIRE(world.next_child(120s) == i + 1);
  }
  REQUIRE(world.ledger.progress->asked.size() == 1);
  const auto& commit = world.ledger.progress->asked[0].commit;
  CHECK(commit.next_stage == "publish");
  CHECK(commit.state->state == ShardState::parked);
}

TEST_CASE("A second stage that drains does not wait for the first", "[engine][supervisor][stages]") {
  SecondStageWorld world;
  world.ready = {"2025-03-10"};
  world.start();
  REQUIRE(world.children.size() == 1);
  world.tell(world.actor, Drain{});
  CHECK(*world.children[0].drains == 1);
  CHECK(world.idle.empty());
  ShardEnded drained;
  drained.how = ShardEnded::How::drained;
  world.end(0, drained);
  CHECK(world.idle.size() == 1);
}
