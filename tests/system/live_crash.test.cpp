#include "ledgers.hpp"
#include "live_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

using namespace dialogferry::system;
using std::chrono::milliseconds;

namespace {

const Days days{"2025-11-10", "2025-11-14"};
const std::vector<std::string> history = {"--days", "2025-11-10..2025-11-14", "--per-day",
                                          "100",    "--organisations",        "4"};
/// Slow enough that history lasts.
const std::vector<std::string> slowly = {"apis.dialogporten.rate=300", "apis.dialogporten.burst=10"};

/// Kills the engine at instants that follow from Catch's --rng-seed while changes are made.
void survive_kills(Platform& platform, LiveFerry& ferry, int kills, const std::string& load,
                   const std::vector<std::string>& sets = slowly) {
  std::mt19937 random(815 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(20, 300);
  ferry.start(sets);
  emit(platform, fmt::format(R"({{"deliver_to":"{}/events",{}}})", ferry.url(), load));
  for (int kill = 0; kill < kills; ++kill) {
    const milliseconds life{lifetime(random)};
    CHECK_FALSE(ferry.eventually([] { return false; }, life));
    ferry.kill();
    ferry.start(sets);
  }
}

} // namespace

TEST_CASE(
    "An engine killed at 25 instants between live changes and history loses, doubles and misses nothing",
    "[system][live][crash]") {
  Platform platform(history);
  const EitherLedger ledger;
  LiveFerry ferry(platform, days, "poll = \"1s\"\n[mapping]\npurge_confirm = \"1s\"\n", ledger.url);
  survive_kills(platform, ferry, ledger.kills,
                R"("rate":60,"seconds":10,"seed":11,"history":0.5,"without_event":0.1,"duplicates":0.1)");
  const bool whole = ferry.eventually(
      [&] { return all_delivered(platform) && platform.audit().exact() && platform.audit(live_row).exact(); },
      std::chrono::minutes{2});
  INFO(json::serialize(platform.get("/_sim/audit")));
  CHECK(whole);
  CHECK(ferry.stop() == 130);
  CHECK(platform.audit().exact());
  CHECK(platform.audit(live_row).exact());
}

TEST_CASE("An event that was answered 200 is not lost, whatever instant the engine is killed at",
          "[system][live][crash]") {
  Platform platform(history);
  const EitherLedger ledger;
  LiveFerry ferry(platform, days, "[mapping]\npurge_confirm = \"1s\"\n", ledger.url);
  auto events_alone = slowly; // nothing happens where the stream looks
  events_alone.emplace_back(R"(rows.a3-app-instances-live.organisations=["brg"])");
  survive_kills(platform, ferry, ledger.kills,
                R"("organisations":["skd"],"rate":60,"seconds":10,"seed":12,"history":0,"without_event":0)",
                events_alone);
  const bool whole = ferry.eventually(
      [&] { return all_delivered(platform) && platform.audit(live_row).exact(); }, std::chrono::minutes{2});
  INFO(json::serialize(platform.get("/_sim/audit")));
  CHECK(whole);
  CHECK(platform.get("/_sim/emit").at("given_up").to_number<int>() == 0);
}
