#include "asked.hpp"
#include "live_ferry.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>
#include <thread>

using namespace dialogferry;
using namespace dialogferry::system;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const Days days{"2025-10-01", "2025-10-30"};

/// A platform with more history than can be carried while a test runs.
Platform busy_platform() {
  return Platform({"--seed", "5", "--days", "2025-10-01..2025-10-30", "--per-day", "2000", "--threads", "1"});
}

/// An engine at work, and `ctl` for it.
struct Steered {
  explicit Steered(const std::string& settings = {})
      : ferry(platform, days, settings) {
    start();
    REQUIRE(ferry.eventually([&] { return writes() > 200; }));
  }

  /// With little read ahead, so that what is in flight is soon over on any machine.
  void start() {
    ferry.start(
        {"rows.a3-app-instances-historic.credit=100", "rows.a3-app-instances-historic.shards_in_flight=4"});
  }

  Ran ctl(std::vector<std::string> words) const {
    words.insert(words.begin(), "ctl");
    words.insert(words.end(), {"--url", ferry.url()});
    if (words[1] != "show") words.insert(words.end(), {"--who", "kari"});
    return ferry.ferry().run(words);
  }
  /// The value of a key that is in force, as JSON.
  std::string in_force(const char* key) const {
    const auto told = json::parse(ctl({"show", "--json"}).out);
    return json::serialize(told.at("in_force").at(key));
  }
  std::uint64_t writes() { return platform.requests("dialogporten"); }
  /// How many writes come in half a second.
  std::uint64_t pace() {
    const auto before = writes();
    std::this_thread::sleep_for(500ms); // a span of time is what is measured
    return writes() - before;
  }
  /// Whether the pace becomes what it must be within two seconds.
  bool soon(const std::function<bool(std::uint64_t)>& right) {
    const auto deadline = std::chrono::steady_clock::now() + 2s;
    do {
      if (right(pace())) return true;
    } while (std::chrono::steady_clock::now() < deadline);
    return false;
  }
  ledger::Snapshot ledger() const {
    const auto opened = ledger::open("sqlite:" + ferry.ferry().file("ferry.db"), "local",
                                     ledger::OpenMode::read_only, system_now());
    REQUIRE(opened);
    return *(*opened)->snapshot();
  }

  Platform platform = busy_platform();
  LiveFerry ferry;
};

bool is_still(std::uint64_t pace) {
  return pace == 0;
}
bool goes_on(std::uint64_t pace) {
  return pace > 0;
}

} // namespace

TEST_CASE("A paused row stops within two seconds under load, stays so over a restart, and goes on",
          "[system][steering]") {
  Steered engine;
  const auto paused = engine.ctl({"pause", row});
  CHECK(paused.exit == 0);
  CHECK(paused.out == "rows.a3-app-instances-historic.paused = true\n");
  CHECK(engine.soon(is_still));
  const auto shown = engine.ferry.row(row);
  CHECK(shown.at("state") == "paused");
  CHECK(shown.at("paused").at("who") == "kari");
  CHECK(engine.ferry.row(live_row).at("state") == "ok");
  CHECK(engine.ferry.is_ready());

  engine.ferry.kill();
  engine.start();
  CHECK(engine.ferry.row(row).at("state") == "paused");
  CHECK(is_still(engine.pace()));
  CHECK(engine.ctl({"pause", row}).out == "nothing to change: it is so already\n");
  CHECK(engine.ctl({"resume", row}).out == "rows.a3-app-instances-historic.paused = false, as configured\n");
  CHECK(engine.soon(goes_on));
  CHECK(engine.ledger().settings.empty());
  const auto journal = engine.ledger().journal;
  REQUIRE(journal.size() == 2);
  CHECK(journal[0].kind == ledger::JournalKind::resumed);
  CHECK(journal[1].kind == ledger::JournalKind::paused);
  CHECK(journal[1].row == row);
  CHECK(journal[1].who == "kari");
  CHECK(engine.ferry.stop() == 130);
}

TEST_CASE("A paused API is asked for nothing within two seconds, whoever waits", "[system][steering]") {
  Steered engine;
  REQUIRE(engine.ctl({"pause", "dialogporten"}).exit == 0);
  CHECK(engine.soon(is_still));
  CHECK(engine.ferry.row(live_row).at("waits_for").at("api") == "dialogporten");
  REQUIRE(engine.ctl({"resume", "dialogporten"}).exit == 0);
  CHECK(engine.soon(goes_on));
}

TEST_CASE(
    "A rate set at run time holds within two seconds, over SIGHUP and a restart, until it is taken back",
    "[system][steering]") {
  Steered engine;
  const auto slow = [](std::uint64_t pace) { return pace > 0 && pace <= 15; };
  REQUIRE(engine.ctl({"rate", "dialogporten", "20"}).exit == 0);
  CHECK(engine.soon(slow));

  const auto file = engine.ferry.ferry().file("ferry.toml");
  auto text = contents(file);
  text.replace(text.find("/dialogporten\"\nrate = 0"), 23, "/dialogporten\"\nrate = 500.0");
  std::ofstream(file) << text;
  engine.ferry.signal(SIGHUP);
  const auto kept = "kept: apis.dialogporten.rate = 20, as kari has set it";
  const auto said = engine.ferry.ferry().file("err-1"); // of the program that was started first
  CHECK(engine.ferry.eventually([&] { return contents(said).find(kept) != std::string::npos; }));
  CHECK(slow(engine.pace()));

  engine.ferry.kill();
  engine.start();
  CHECK(engine.in_force("apis.dialogporten.rate") == "2E1");
  CHECK(engine.ctl({"reset", "dialogporten"}).out == "apis.dialogporten.rate = 500.0, as configured\n");
  CHECK(engine.soon([](std::uint64_t pace) { return pace > 20; }));
}

TEST_CASE("Concurrency, credit and priority can be set of an engine at work", "[system][steering]") {
  Steered engine;
  CHECK(engine.ctl({"concurrency", "storage", "3"}).exit == 0);
  CHECK(engine.ctl({"concurrency", row, "2"}).exit == 0);
  CHECK(engine.ctl({"credit", row, "150"}).exit == 0);
  CHECK(engine.ctl({"priority", row, "last"}).exit == 0);
  CHECK(engine.in_force("apis.storage.connections") == "3");
  CHECK(engine.in_force("rows.a3-app-instances-historic.shards_in_flight") == "2");
  CHECK(engine.in_force("rows.a3-app-instances-historic.credit") == "150");
  CHECK(engine.in_force("rows.a3-app-instances-historic.priority") == "\"last\"");
  CHECK_THAT(engine.ctl({"show"}).out, Contains("apis.storage.connections") && Contains("3  kari, 2"));
  CHECK(engine.soon(goes_on));
  CHECK_THAT(ask(engine.ferry.url(), {.target = "/metrics"}).body,
             Contains("dialogferry_api_concurrency_limit{api=\"storage\"} 3\n"));
  CHECK_THAT(engine.ctl({"reset"}).out, Contains("as configured"));
  CHECK(engine.ledger().settings.empty());
}

TEST_CASE("What cannot be done is told with what was meant", "[system][steering]") {
  Steered engine;
  const auto refused = [&](std::vector<std::string> words) {
    const auto ran = engine.ctl(std::move(words));
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    return ran.err;
  };
  CHECK_THAT(refused({"pause", "dialogportn"}), Contains("hint: did you mean dialogporten?"));
  CHECK_THAT(refused({"rate", row, "5"}), Contains("has no rate of its own\nhint: set that of an API"));
  CHECK_THAT(refused({"rate", "storage", "fast"}), Contains("must be a number from 0"));
  CHECK_THAT(refused({"priority", row, "frst"}), Contains("must be first, normal or last"));
  CHECK_THAT(refused({"priority", live_row, "first"}), Contains("goes before history in any case"));
  CHECK_THAT(refused({"reset", "apis.storage.rat"}), Contains("did you mean apis.storage.rate?"));
  CHECK_THAT(refused({"note", "--en", "Slow today", "--nb", " "}), Contains("must not be empty"));
  engine.ferry.stop();
  const auto gone = engine.ctl({"pause", row});
  CHECK(gone.exit == 1);
  CHECK_THAT(gone.err, Contains("no engine answers at") && Contains("hint: start it with"));
}

TEST_CASE("A note is on the page in both languages", "[system][steering]") {
  Steered engine;
  CHECK(engine.ctl({"note", "--en", "Slow today", "--nb", "Tregt i dag"}).exit == 0);
  REQUIRE(engine.ledger().notes.size() == 1);
  CHECK(engine.ledger().notes[0].who == "kari");
  CHECK(engine.ferry.eventually([&] {
    return ask(engine.ferry.url(), {.target = "/?lang=nb"}).body.find("Tregt i dag") != std::string::npos;
  }));
}
