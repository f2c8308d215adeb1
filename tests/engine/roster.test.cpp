#include "supervisor_fixture.hpp"
#include "writer_fixture.hpp"

#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/engine/roster.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

struct RosterWorld : World {
  register_actor silent_gate() {
    return spawn<Registry>(gate, std::make_shared<PeopleBook>(lookup_age), clock());
  }

  std::shared_ptr<Desk<Call, Answered>> calls = std::make_shared<Desk<Call, Answered>>();
  gate_actor gate = stand_in_of<gate_actor>(calls);
  std::vector<Problem> failures;
  Roster roster{[this](Problem problem) { failures.push_back(std::move(problem)); }};
};

} // namespace

TEST_CASE("An actor that fails is told with its kind and its exception's words", "[engine][roster]") {
  RosterWorld world;
  world.roster.add("register", world.silent_gate());
  REQUIRE(world.roster.fail("register"));
  world.run();
  REQUIRE(world.failures.size() == 1);
  CHECK_THAT(world.failures[0].message, Catch::Contains("register") && Catch::Contains("a planted defect"));
  CHECK_FALSE(world.roster.fail("register"));
}

TEST_CASE("An actor that ends as the engine ends, or whose supervisor starts it again, is no failure",
          "[engine][roster]") {
  RosterWorld world;
  const auto role = GENERATE(Roster::Role::essential, Roster::Role::supervised);
  world.roster.add("register", world.silent_gate(), role);
  if (role == Roster::Role::essential) world.roster.close();
  REQUIRE(world.roster.fail("register"));
  world.run();
  CHECK(world.failures.empty());
}

TEST_CASE("Who waits for an actor that fails is answered at once", "[engine][roster]") {
  RosterWorld world;
  const auto registry = world.silent_gate();
  world.roster.add("register", registry);
  const auto reply = world.ask<FoundParties>(registry, FindParties{{50001234}, {}});
  REQUIRE_FALSE(reply->there());
  REQUIRE(world.roster.fail("register"));
  world.run();
  CHECK(reply->errors.size() == 1);
}

TEST_CASE("A ledger writer that ends leaves nobody waiting, and its memory is free", "[engine][roster]") {
  WriterWorld world;
  std::vector<Problem> failures;
  Roster roster([&failures](Problem problem) { failures.push_back(std::move(problem)); });
  auto writer = world.system.spawn<LedgerWriter>(LedgerWriterSetup{nullptr, world.instants(), {}});
  roster.add("ledger writer", writer);
  auto reply = world.ask_later<Noted>(writer, NoteEvents{{{"a3-app-instances-live", "1/2", Instant{}}}});
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  roster.close();
  writer = nullptr;
  world.run();
  CHECK(reply->there());
  CHECK(roster.wait_until_gone(std::chrono::seconds{0}).empty());
}

TEST_CASE("What a replaced shard still says of its window is refused", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  world.fail(0);
  const auto again = world.next_child();
  REQUIRE(world.children[again].shard.key == world.children[0].shard.key);
  world.say(0, {{}, ShardEnded::How::complete, {}, {}});
  CHECK(*world.children[again].drains == 0);
  const auto before = world.children.size();
  world.complete(again);
  CHECK(world.children.size() == before + 1); // only now is its place free
}
