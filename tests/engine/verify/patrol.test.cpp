#include "../actor_fixture.hpp"

#include <dialogferry/engine/verify/patrol.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using namespace dialogferry::engine::verify;

namespace {

Day day(const char* text) {
  return *parse_day(text);
}

/// A patrol over rows whose days are carried, between a ledger and verifiers that answer when told. Here it
/// runs on the scheduler of the test, with the ledger in memory.
struct PatrolWorld : World {
  struct Row {
    std::string id;
    std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
    std::shared_ptr<Desk<VerifyDay, DayVerified>> verifier = std::make_shared<Desk<VerifyDay, DayVerified>>();
    std::shared_ptr<int> given_up = std::make_shared<int>(0);
    std::shared_ptr<Shared<PatrolView>> view;

    std::string asked(std::size_t index) const { return to_string(verifier->asked.at(index).day); }
  };

  Row& add(const std::string& id, std::vector<Day> days) {
    auto& row = rows.emplace_back();
    row.id = id;
    row.controls->verify = true;
    ledger::StageSnapshot stage;
    stage.row = id;
    stage.stage = "carry";
    stage.plan = ledger::Plan{id, "carry", day("2025-11-01"), day("2025-11-14"), {"skd"}};
    for (const auto each : days)
      stage.days.push_back({each, DayState::complete});
    snapshot.stages.push_back(stage);
    PatrolledRow patrolled{id, {"carry"}, row.controls, {}};
    patrolled.verifier =
        stand_in_of<verifier_actor>(row.verifier, [given_up = row.given_up](GiveUpDay) { ++*given_up; });
    row.view = patrolled.view;
    setup.rows.push_back(std::move(patrolled));
    return row;
  }

  void start() {
    setup.read = [this]() -> Result<ledger::Snapshot> {
      ++reads;
      return snapshot;
    };
    setup.note = [this](const ledger::Verification& verification) -> Result<void> {
      noted.push_back(verification);
      for (auto& stage : snapshot.stages)
        for (auto& each : stage.days)
          if (stage.row == verification.row && each.day == verification.day)
            each.verified = check_of(verification);
      return {};
    };
    setup.now = instants();
    patrol = spawn<Patrol>(setup);
    advance(10s);
  }

  DayVerified verified(const Row& row, std::size_t index, std::uint64_t missing = 0) const {
    DayVerified answer;
    answer.verification.row = row.id;
    answer.verification.day = row.verifier->asked.at(index).day;
    answer.verification.at = instant();
    answer.verification.missing = missing;
    return answer;
  }
  DayVerified failed(const std::string& member = "storage") const {
    DayVerified answer;
    answer.problem = Problem{member, "status 500", {}};
    return answer;
  }
  void answer_as(Row& row, std::size_t index, const DayVerified& with) { answer(row.verifier, index, with); }

  std::deque<Row> rows;
  ledger::Snapshot snapshot;
  PatrolSetup setup;
  std::vector<ledger::Verification> noted;
  int reads = 0;
  patrol_actor patrol;
};

} // namespace

TEST_CASE("A patrol has one day at a time compared, the newest of all rows first", "[engine][patrol]") {
  PatrolWorld world;
  auto& instances = world.add("instances", {day("2025-11-14"), day("2025-11-12")});
  auto& forms = world.add("forms", {day("2025-11-13")});
  world.start();
  REQUIRE(instances.verifier->asked.size() == 1);
  CHECK(instances.asked(0) == "2025-11-14");
  CHECK(instances.verifier->asked[0].organisations == std::vector<std::string>{"skd"});
  CHECK(forms.verifier->asked.empty());
  CHECK(instances.view->get().comparing == day("2025-11-14"));

  world.answer_as(instances, 0, world.verified(instances, 0));
  REQUIRE(forms.verifier->asked.size() == 1);
  CHECK(forms.asked(0) == "2025-11-13");
  CHECK_FALSE(instances.view->get().comparing);
  world.answer_as(forms, 0, world.verified(forms, 0));
  REQUIRE(instances.verifier->asked.size() == 2);
  CHECK(instances.asked(1) == "2025-11-12");
  world.answer_as(instances, 1, world.verified(instances, 1));
  CHECK(world.noted.size() == 3);
  world.advance(1h);
  CHECK(instances.verifier->asked.size() == 2); // nothing is compared twice
  CHECK(forms.verifier->asked.size() == 1);
}

TEST_CASE("A day that is carried meanwhile is seen within the time between two looks", "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {});
  world.start();
  CHECK(row.verifier->asked.empty());
  world.snapshot.stages[0].days.push_back({day("2025-11-13"), DayState::complete});
  world.advance(10s);
  REQUIRE(row.verifier->asked.size() == 1);
  CHECK(row.asked(0) == "2025-11-13");
}

TEST_CASE("A row that is not to be compared costs nothing, and begins once it is told to",
          "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {day("2025-11-14")});
  row.controls->verify = false;
  world.start();
  world.advance(1h);
  CHECK(world.reads == 0);
  row.controls->verify = true;
  world.tell(world.patrol, Steer{});
  CHECK(row.verifier->asked.size() == 1);
}

TEST_CASE("A row that is paused gives its day up, and does it over once it goes on", "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {day("2025-11-14")});
  world.start();
  row.controls->paused = true;
  world.tell(world.patrol, Steer{});
  CHECK(*row.given_up == 1);
  world.answer_as(row, 0, world.failed("engine"));
  CHECK(row.view->get().not_compared.empty()); // it has not failed
  world.advance(1h);
  CHECK(row.verifier->asked.size() == 1);
  row.controls->paused = false;
  world.tell(world.patrol, Steer{});
  CHECK(row.verifier->asked.size() == 2);
}

TEST_CASE("A day that cannot be compared is told of and tried again, the others go on", "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {day("2025-11-14"), day("2025-11-13")});
  world.start();
  world.answer_as(row, 0, world.failed());
  CHECK(world.noted.empty());
  const auto told = row.view->get().not_compared;
  REQUIRE(told.size() == 1);
  CHECK(told[0].day == day("2025-11-14"));
  CHECK(told[0].why == "storage: status 500");
  world.advance(10s);
  REQUIRE(row.verifier->asked.size() == 2);
  CHECK(row.asked(1) == "2025-11-13");
  world.answer_as(row, 1, world.verified(row, 1));
  world.advance(1h);
  REQUIRE(row.verifier->asked.size() == 3);
  CHECK(row.asked(2) == "2025-11-14");
  world.answer_as(row, 2, world.verified(row, 2));
  CHECK(row.view->get().not_compared.empty());
  CHECK(world.noted.size() == 2);
}

TEST_CASE("While nothing can be compared the pauses grow", "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {day("2025-11-14"), day("2025-11-13"), day("2025-11-12")});
  world.start();
  world.answer_as(row, 0, world.failed());
  world.advance(10s);
  REQUIRE(row.verifier->asked.size() == 2);
  world.answer_as(row, 1, world.failed());
  world.advance(19s);
  CHECK(row.verifier->asked.size() == 2);
  world.advance(1s);
  CHECK(row.verifier->asked.size() == 3);
}

TEST_CASE("A day that differs is noted so, and looked at again a day later", "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {day("2025-11-14")});
  world.start();
  world.answer_as(row, 0, world.verified(row, 0, 3));
  REQUIRE(world.noted.size() == 1);
  CHECK(world.noted[0].missing == 3);
  world.advance(23h);
  CHECK(row.verifier->asked.size() == 1);
  world.advance(1h);
  CHECK(row.verifier->asked.size() == 2);
}

TEST_CASE("A patrol that is to stop gives up what is under way and begins nothing", "[engine][patrol]") {
  PatrolWorld world;
  auto& row = world.add("instances", {day("2025-11-14"), day("2025-11-13")});
  world.start();
  world.tell(world.patrol, Drain{});
  CHECK(*row.given_up == 1);
  world.answer_as(row, 0, world.failed("engine"));
  world.advance(1h);
  CHECK(row.verifier->asked.size() == 1);
}
