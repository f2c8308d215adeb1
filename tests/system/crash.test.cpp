#include "ferry.hpp"
#include "ledgers.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <random>

using namespace dialogferry::system;
using std::chrono::milliseconds;

namespace {

const Days days{"2025-11-10", "2025-11-14"};
const std::vector<std::string> history = {"--days", "2025-11-10..2025-11-14", "--per-day",
                                          "100",    "--organisations",        "4"};
/// Slow enough that the history lasts.
const std::vector<std::string> slowly = {"apis.dialogporten.rate=300", "apis.dialogporten.burst=10"};

/// How long the program takes to load and end: several times as long with the sanitizers.
milliseconds loading_time(const Ferry& ferry) {
  const auto begin = std::chrono::steady_clock::now();
  ferry.run({"config", "check"});
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

/// Kills the engine at instants that follow from Catch's --rng-seed, then lets it finish. Every kill must
/// meet an engine at work.
Ran finish_after_kills(Platform& platform, const Ferry& ferry, int kills) {
  std::mt19937 random(4711 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(20, 250);
  const auto loading = loading_time(ferry);
  for (int kill = 0; kill < kills; ++kill) {
    const auto written = platform.requests("dialogporten");
    const auto engine = ferry.start(slowly);
    if (kill % 3 == 0)
      CHECK(wait_for_writes(platform, *engine, written + 1)); // the others may die opening the ledger
    CHECK_FALSE(engine->wait_for(loading + milliseconds{lifetime(random)}));
    engine->signal(SIGKILL);
    CHECK(engine->wait_for(std::chrono::seconds{10}) == -SIGKILL);
  }
  const auto before = platform.audit();
  CHECK(before.present > 0);
  CHECK(before.missing > 0);
  return ferry.carry();
}

} // namespace

TEST_CASE("An engine killed at 25 random instants loses, doubles and miscounts nothing", "[system][crash]") {
  Platform platform(history);
  const EitherLedger ledger;
  const Ferry ferry(platform, days, "page_size = 20\n", ledger.url); // several checkpoints a day
  const auto last = finish_after_kills(platform, ferry, ledger.kills);
  INFO(last.err);
  CHECK(last.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("Kills amid splits, restarts and failing records change nothing either", "[system][crash]") {
  auto failing = history;
  failing.insert(failing.end(), {"--poison", "0.02"});
  Platform platform(failing);
  platform.faults(R"({"429": 0.02, "5xx": 0.02, "resets": 0.02, "retry_after": "off"})");
  const EitherLedger ledger;
  const Ferry ferry(platform, days, "page_size = 10\nsplit_after = 3\n", ledger.url);
  const auto last = finish_after_kills(platform, ferry, ledger.kills);
  INFO(last.err);
  CHECK(last.exit == 3);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("SIGINT drains: what was sent is in the ledger, and the next run sends just the rest",
          "[system][crash]") {
  Platform platform(history);
  const EitherLedger ledger;
  const Ferry ferry(platform, days, {}, ledger.url);
  const auto engine = ferry.start(slowly);
  REQUIRE(wait_for_writes(platform, *engine, 200));
  engine->signal(SIGINT);
  CHECK(engine->wait_for(std::chrono::seconds{40}) == 130);
  const auto drained = ferry.standing();
  const auto half = platform.audit();
  CHECK(half.missing > 0);
  CHECK(drained.outcomes() == drained.counts.at("read"));
  CHECK(drained.outcomes() - drained.counts.at("excluded") == half.present);
  CHECK(drained.open_exceptions == 0);

  const auto rest = ferry.carry();
  INFO(rest.err);
  CHECK(rest.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
  const auto all = ferry.standing();
  CHECK(platform.requests("dialogporten") == platform.audit().expected + all.counts.at("deleted"));
}
