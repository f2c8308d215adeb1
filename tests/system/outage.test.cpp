#include "../ledger/relay.hpp"
#include "ledgers.hpp"
#include "live_ferry.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace dialogferry::system;
using dialogferry::test::Relay;

namespace {

const Days days{"2025-11-10", "2025-11-14"};
std::vector<std::string> history_of(int per_day) {
  return {"--days", "2025-11-10..2025-11-14", "--per-day", std::to_string(per_day), "--organisations", "4"};
}
const auto history = history_of(100);
/// Slow enough that history lasts.
const std::vector<std::string> slowly = {"apis.dialogporten.rate=300", "apis.dialogporten.burst=10"};
const std::string fast_live = "poll = \"1s\"\n[mapping]\npurge_confirm = \"1s\"\n";
const std::string changes = R"("rate":40,"seconds":8,"seed":21,"history":0.5,"without_event":0.1)";

void emit_changes(Platform& platform, const LiveFerry& ferry) {
  emit(platform, R"({"deliver_to":")" + ferry.url() + R"(/events",)" + changes + "}");
}

/// The page says for whom its rows wait.
bool says_that_ledger_is_away(LiveFerry& ferry) {
  return !ferry.is_ready() && ferry.row(row).at("held_up_by").as_string() == "ledger" &&
         ferry.row().at("held_up_by").as_string() == "ledger";
}

/// Audit and ledger agree on everything, once all is carried.
void check_whole(Platform& platform, LiveFerry& ferry) {
  const bool whole = ferry.eventually(
      [&] { return all_delivered(platform) && platform.audit().exact() && platform.audit(live_row).exact(); },
      std::chrono::minutes{2});
  INFO(json::serialize(platform.get("/_sim/audit")));
  CHECK(whole);
  CHECK(ferry.is_ready());
  CHECK(ferry.stop() == 130);
  CHECK(platform.audit().exact());
  CHECK(platform.audit(live_row).exact());
}

} // namespace

TEST_CASE("PostgreSQL stopped at once amid history and live changes: the engine waits, and nothing is lost",
          "[system][outage][live]") {
  const int restarts = number_from("TEST_RESTARTS", 2);
  Platform platform(history_of(50 * restarts)); // something is left to do after each
  LiveFerry ferry(platform, days, fast_live, new_database());
  ferry.start(slowly);
  emit_changes(platform, ferry);
  for (auto left = restarts; left > 0; --left) {
    const auto before = platform.requests("dialogporten");
    CHECK(ferry.eventually([&] { return platform.requests("dialogporten") > before + 100; }));
    postgres().stop_at_once();
    CHECK(ferry.eventually([&] { return says_that_ledger_is_away(ferry); }));
    REQUIRE(postgres().start_again());
    CHECK(ferry.eventually([&] { return ferry.is_ready(); }));
  }
  check_whole(platform, ferry);
}

TEST_CASE("The line to PostgreSQL cut for a while, amid history and live changes", "[system][outage][live]") {
  Platform platform(history);
  const auto url = new_database();
  Relay relay(postgres().port());
  LiveFerry ferry(platform, days, fast_live, relay.instead(url));
  ferry.start(slowly);
  emit_changes(platform, ferry);
  CHECK(ferry.eventually([&] { return platform.requests("dialogporten") > 100; }));
  SECTION("at once") {
    relay.cut();
  }
  SECTION("without a word") {
    relay.go_dark();
  }
  CHECK(ferry.eventually([&] { return says_that_ledger_is_away(ferry); }, std::chrono::seconds{60}));
  CHECK_FALSE(
      ferry.eventually([] { return false; }, std::chrono::seconds{number_from("TEST_CUT_SECONDS", 1)}));
  relay.restore();
  CHECK(ferry.eventually([&] { return ferry.is_ready(); }, std::chrono::seconds{60}));
  check_whole(platform, ferry);
}

TEST_CASE("An engine whose ledger is away can be stopped", "[system][outage]") {
  Platform platform(history);
  const auto url = new_database();
  Relay relay(postgres().port());
  LiveFerry ferry(platform, days, fast_live, relay.instead(url));
  auto sets = slowly;
  sets.emplace_back("engine.drain_timeout=1s");
  ferry.start(sets);
  CHECK(ferry.eventually([&] { return platform.requests("dialogporten") > 100; }));
  relay.cut();
  CHECK(ferry.eventually([&] { return says_that_ledger_is_away(ferry); }));
  CHECK(ferry.stop() == 130);
  relay.restore();
  ferry.start();
  CHECK(ferry.eventually([&] { return platform.audit().exact(); }, std::chrono::minutes{1}));
}
