#include "../../src/engine/owners.hpp"

#include "actor_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

struct OwnersWorld : World {
  OwnersWorld() {
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.engine = stand_in<engine_actor>([this](const Fatal& one) { fatal.push_back(one.problem); });
    setup.history = {
        stand_in<supervisor_actor>([this](const NewOrganisations& more) { history = more.names; })};
    setup.live = {
        stand_in<live_supervisor_actor>([this](const NewOrganisations& more) { live = more.names; })};
    storage->at_once = [this](const Call& call) {
      return std::optional(
          answered(call.operation, response(status, R"({"applications":[{"id":"nav/a","org":"nav"},)"
                                                    R"({"id":"skd/b","org":"skd"}]})")));
    };
  }

  void start() {
    spawn<Owners>(setup);
    run();
  }

  OwnersSetup setup;
  int status = 200;
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  Strings history;
  Strings live;
  std::vector<Problem> fatal;
};

} // namespace

TEST_CASE("Every five minutes the rows that are for everybody are told whom there is",
          "[engine][owners][OR-5]") {
  OwnersWorld world;
  world.start();
  CHECK(world.storage->asked.empty());
  world.status = 503;
  world.advance(301s);
  CHECK(world.storage->asked.size() == 1);
  CHECK(world.live.empty());
  world.status = 200;
  world.advance(300s);
  CHECK(world.history == Strings{"nav", "skd"});
  CHECK(world.live == Strings{"nav", "skd"});
  CHECK(world.fatal.empty());
  world.advance(600s);
  CHECK(world.storage->asked.size() == 4);
}

TEST_CASE("Organisations that could not be looked up at the start are looked up as soon as Storage answers",
          "[engine][owners][OR-4]") {
  OwnersWorld world;
  world.setup.named = {{"a3-app-instances-historic", {"skd"}}, {"a3-app-instances-live", {"sdk"}}};
  world.status = 503;
  world.start();
  CHECK(world.fatal.empty());
  world.status = 200;
  world.advance(300s);
  REQUIRE(world.fatal.size() == 1);
  CHECK(world.fatal[0].member == "rows.a3-app-instances-live.organisations");
  CHECK(world.fatal[0].message.find("sdk") != std::string::npos);
  CHECK(world.fatal[0].hint.find("skd") != std::string::npos);
}

TEST_CASE("An organisation that Storage does not know is named with the nearest one",
          "[engine][owners][OR-4]") {
  CHECK_FALSE(unknown_organisation("row", {"skd", "nav"}, {"brg", "nav", "skd"}));
  const auto problem = unknown_organisation("row", {"nav", "sdk"}, {"brg", "nav", "skd"});
  REQUIRE(problem);
  CHECK(problem->member == "rows.row.organisations");
  CHECK(problem->hint == "did you mean \"skd\"?");
  CHECK(unknown_organisation("row", {"something-else"}, {"nav"})->hint.find("all service owners") !=
        std::string::npos);
}
