#include "run.hpp"
#include "scratch.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/cli/runtime.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <sstream>

using namespace dialogferry;
using namespace dialogferry::cli;
using Catch::Contains;

namespace {

Ran run_demo(const DemoOptions& options) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const Console console{in, out, err, false, false, {}, BUILD_ROOT "/dialogferry"};
  const auto exit = demo(console, options, make_runtime(engine::start));
  return {exit, out.str(), err.str()};
}

DemoOptions small(std::uint32_t days, std::uint32_t per_day) {
  DemoOptions options;
  options.days = days;
  options.per_day = per_day;
  options.forms_per_day = 0;
  options.messages_per_day = 0;
  options.live_seconds = 0;
  options.progress = false;
  return options;
}

/// One stored record of the kind that --fixtures takes, and its application.
void write_fixture(const Scratch& folder) {
  std::filesystem::create_directories(folder.path("instances"));
  std::filesystem::create_directories(folder.path("applications"));
  folder.write("instances/17ad1851-f6cb-4573-bfcb-a17d145307b3.json", R"({
    "id": "17ad1851-f6cb-4573-bfcb-a17d145307b3", "instanceOwner": {"partyId": "50001337"},
    "appId": "tdd/endring-av-navn", "org": "tdd", "created": "2020-04-29T13:53:02.2836971Z", "createdBy": "20000001",
    "lastChanged": "2020-04-29T13:53:09.1122622Z", "lastChangedBy": "20000001", "data": [],
    "process": {"started": "2020-04-29T13:53:02.2836971Z", "startEvent": "StartEvent_1",
                "currentTask": {"flow": 2, "started": "2020-04-29T13:53:02.2836971Z", "elementId": "Task_1",
                                "name": "Utfylling", "altinnTaskType": "data"}}})");
  folder.write("applications/tdd__endring-av-navn.json", R"({
    "id": "tdd/endring-av-navn", "org": "tdd", "title": {"nb": "Endring av navn"}, "dataTypes": []})");
}

} // namespace

TEST_CASE("Three engines share the demo's history, and one of them is killed", "[demo][engines]") {
  auto options = small(10, 60);
  options.engines = 3;
  options.kill_after = std::chrono::milliseconds{0};
  const auto ran = run_demo(options);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.err, Contains("the engine demo-3 is killed") && Contains("both sides agree"));
}

TEST_CASE("The demo carries a generated history, and both sides agree", "[demo]") {
  const auto ran = run_demo(small(5, 12));
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, Contains("✔ A3 app instances – historic [a3-app-instances-historic]\n"
                               "    Migrated back to 2025-11-10\n"
                               "    at the source     240 records: ") &&
                          Contains("    counted here      240 records: ") &&
                          Contains("dialogs, none of them doubled, stale or wrong\n"));
  CHECK_THAT(ran.err, Contains("both sides agree") && Contains("5 of 5 days, back to 2025-11-10"));
}

TEST_CASE("The demo carries all rows while instances and messages change, and both sides agree", "[demo]") {
  auto options = small(5, 40);
  options.forms_per_day = 10;
  options.messages_per_day = 20;
  options.live_seconds = 3;
  options.live_rate = 100;
  options.history_rate = 200;
  const auto ran = run_demo(options);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  for (const auto* row : {"a3-app-instances-historic", "a3-app-instances-live", "a2-archived-forms-historic",
                          "a2-archived-forms-live", "a2-correspondence-historic", "a2-correspondence-live",
                          "a3-correspondence"})
    CHECK_THAT(ran.out, Contains(row));
  CHECK_THAT(ran.err, Contains("dialog-services"));
  CHECK_THAT(ran.err, Contains("changes while history ran") && Contains("both sides agree"));
}

TEST_CASE("Stored records are carried on days of their own", "[demo]") {
  const Scratch folder;
  write_fixture(folder);
  auto options = small(2, 3);
  options.fixtures = folder.path("");
  options.json = true;
  const auto ran = run_demo(options);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, Contains("\"faults\": []") && Contains("\"read\": 25"));
  CHECK_THAT(ran.err, Contains("carrying the stored records of 2020-04-29"));
}

TEST_CASE("A demo whose ledger disagrees with the platform fails and says by how much", "[demo]") {
  const Scratch folder;
  auto options = small(2, 3);
  options.folder = folder.path("demo");
  CHECK(run_demo(options).exit == 0);
  options.seed = 43; // another platform, the same ledger: its days are complete, so nothing is carried there
  const auto ran = run_demo(options);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 1);
  CHECK_THAT(ran.err, Contains("dialogs missing"));
}

TEST_CASE("The page of --keep stays up until a signal, which a finished engine obeys at once", "[demo]") {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const Console console{in, out, err, false, false, {}, BUILD_ROOT "/dialogferry"};
  auto runtime = make_runtime(engine::start);
  int looks = 0; // at the page that stays up
  runtime.wait_signal = [&, wait = runtime.wait_signal](std::chrono::milliseconds time) {
    const auto signal = wait(time);
    const bool kept = err.str().find("stays up") != std::string::npos;
    return kept && ++looks == 3 ? std::optional(SIGTERM) : signal;
  };
  auto options = small(2, 3);
  options.keep = true;
  const auto before = std::chrono::steady_clock::now();
  CHECK(demo(console, options, runtime) == done);
  CHECK(looks >= 3);
  CHECK(std::chrono::steady_clock::now() - before < EngineConfig{}.drain_timeout);
}
