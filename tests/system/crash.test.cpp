#include "ferry.hpp"

#include <catch2/catch.hpp>

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

/// Lets the engine work until the platform has got so many writes.
bool wait_for_writes(Platform& platform, Process& engine, std::uint64_t writes) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (platform.requests("dialogporten") < writes)
    if (std::chrono::steady_clock::now() > deadline || engine.wait_for(milliseconds{5})) return false;
  return true;
}

} // namespace

TEST_CASE("An engine killed at 25 random instants loses, doubles and miscounts nothing", "[system][crash]") {
  Platform platform(history);
  const Ferry ferry(platform, days);
  std::mt19937 random(4711);
  std::uniform_int_distribution<int> lifetime(20, 250);
  int cut_short = 0;
  for (int kill = 0; kill < 25; ++kill) {
    const auto engine = ferry.start(slowly);
    if (engine->wait_for(milliseconds{lifetime(random)})) continue;
    engine->signal(SIGKILL);
    cut_short += engine->wait_for(std::chrono::seconds{10}) == -SIGKILL;
  }
  CHECK(cut_short == 25);
  const auto before = platform.audit();
  CHECK(before.present > 0);
  CHECK(before.missing > 0); // so that every kill hit a running engine
  const auto last = ferry.carry();
  INFO(last.err);
  CHECK(last.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("SIGINT drains: what was sent is in the ledger, and the next run sends just the rest",
          "[system][crash]") {
  Platform platform(history);
  const Ferry ferry(platform, days);
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
