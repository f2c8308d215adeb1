#include "../ledger/relay.hpp"
#include "ledgers.hpp"
#include "live_ferry.hpp"
#include "message_ferry.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <random>

using namespace dialogferry::system;
using namespace std::chrono_literals;
using Catch::Contains;
using dialogferry::test::Relay;

namespace {

constexpr auto lease = short_lease;
const Days days{"2025-11-10", "2025-11-14"};
const std::vector<std::string> history = {"--days", "2025-11-10..2025-11-14", "--per-day",
                                          "100",    "--organisations",        "4"};
/// Of all engines together: slow enough that history lasts.
const std::vector<std::string> slowly = {"apis.dialogporten.rate=60", "apis.dialogporten.burst=5"};
const std::string fast_live = "poll = \"1s\"\n[mapping]\npurge_confirm = \"1s\"\n";

std::vector<dialogferry::ledger::EngineEntry> engines_on(const std::string& url) {
  namespace ledger = dialogferry::ledger;
  const auto opened = ledger::open(url, "local", ledger::OpenMode::read_only, dialogferry::system_now());
  if (!opened) throw std::runtime_error(opened.error().message);
  const auto snapshot = (*opened)->snapshot();
  if (!snapshot) throw std::runtime_error(snapshot.error().message);
  return snapshot->engines;
}

/// So many are at work, and carry something.
bool carry(const std::string& url, std::ptrdiff_t count) {
  const auto engines = engines_on(url);
  return std::count_if(engines.begin(), engines.end(),
                       [](const auto& engine) { return !engine.left_at && engine.shards > 0; }) == count;
}

/// How many duties of this pool each engine at work has, the most first.
std::vector<std::uint64_t> shares_of(const std::string& url, const std::string& pool) {
  std::vector<std::uint64_t> shares;
  for (const auto& engine : engines_on(url))
    for (const auto& share : engine.shares)
      if (!engine.left_at && share.pool == pool) shares.push_back(share.duties);
  std::sort(shares.rbegin(), shares.rend());
  return shares;
}

void wait(std::chrono::milliseconds time, const Process& engine) {
  CHECK_FALSE(const_cast<Process&>(engine).wait_for(time));
}

} // namespace

TEST_CASE("Three engines share a history; killed and started again, each record is carried and counted once",
          "[system][engines]") {
  Platform platform(history);
  const Ferry ferry(platform, days, "page_size = 20\nshards_in_flight = 3\n", shared_ledger());
  std::mt19937 random(42 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(100, 1'500);
  std::vector<std::unique_ptr<Process>> engines;
  for (int i = 0; i < 3; ++i)
    engines.push_back(ferry.start(slowly));
  for (int kill = number_from("TEST_ENGINE_KILLS", 3); kill > 0; --kill) {
    auto& engine = engines[random() % engines.size()];
    REQUIRE(wait_for_writes(platform, *engine, platform.requests("dialogporten") + 1));
    wait(std::chrono::milliseconds{lifetime(random)}, *engine);
    engine->signal(SIGKILL);
    CHECK(engine->wait_for(10s) == -SIGKILL);
    engine = ferry.start(slowly);
  }
  CHECK(platform.audit().missing > 0);
  for (auto& engine : engines)
    CHECK(engine->wait_for(2min) == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("What an engine had that is gone for good is carried by the others within two leases",
          "[system][engines]") {
  Platform platform(history);
  const auto url = shared_ledger();
  const Ferry ferry(platform, days, "page_size = 20\nshards_in_flight = 3\n", url);
  const auto first = ferry.start(slowly);
  REQUIRE(wait_for_writes(platform, *first, 20));
  const auto second = ferry.start(slowly);
  REQUIRE(eventually([&] { return carry(url, 2); }));
  first->signal(SIGKILL);
  CHECK(first->wait_for(10s) == -SIGKILL);
  CHECK(eventually([&] { return carry(url, 1); }, 2 * lease));
  CHECK(second->wait_for(2min) == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("An engine that was stopped for three leases harms nothing when it goes on, and starts anew",
          "[system][engines]") {
  const auto stops = number_from("TEST_ENGINE_STOPS", 1);
  auto enough = history; // for the other one to have work left at the last stop
  enough[3] = std::to_string(100 + 15 * stops);
  Platform platform(enough);
  const Ferry ferry(platform, days, "page_size = 20\nshards_in_flight = 3\n", shared_ledger());
  const auto sleeper = ferry.start(slowly);
  REQUIRE(wait_for_writes(platform, *sleeper, 1));
  const auto other = ferry.start(slowly);
  for (int round = stops; round > 0; --round) {
    wait(300ms, *sleeper);
    sleeper->signal(SIGSTOP);
    wait(3 * lease, *other);
    sleeper->signal(SIGCONT);
  }
  const auto slept = sleeper->wait_for(2min).value_or(-1);
  INFO(contents(ferry.file("err-1")));
  CHECK(slept == 0);
  CHECK(other->wait_for(2min) == 0);
  CHECK_THAT(contents(ferry.file("err-1")),
             Contains("taken over by other engines") && Contains("starting anew"));
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("A second engine of one name is refused with the first's host and process", "[system][engines]") {
  Platform platform(history);
  const Ferry ferry(platform, days, {}, shared_ledger());
  auto sets = slowly;
  sets.emplace_back("engine.name=ferry");
  const auto first = ferry.start(sets);
  REQUIRE(wait_for_writes(platform, *first, 1));
  const auto second = ferry.carry(sets);
  CHECK(second.exit == 1);
  CHECK_THAT(second.err, Contains("engine.name is the name of another engine, too: ferry, process ") &&
                             Contains("hint: give each engine a name of its own"));
  first->signal(SIGTERM);
  CHECK(first->wait_for(60s) == 130);
  CHECK(ferry.carry({"engine.name=ferry"}).exit == 0); // at once: it was handed back
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("Events may come to any engine, and one that carries them may die", "[system][engines][live]") {
  Platform platform(history);
  const auto url = shared_ledger();
  LiveFerry first(platform, days, fast_live, url), second(platform, days, fast_live, url);
  first.start(slowly);
  CHECK(first.eventually([&] { return platform.requests("dialogporten") > 5; })); // it has the live row
  second.start(slowly);
  emit(platform, R"({"deliver_to":")" + second.url() +
                     R"(/events","rate":30,"seconds":8,"seed":31,"history":0.3,"without_event":0.1})");
  for (int kill = number_from("TEST_ENGINE_KILLS", 3); kill > 0; --kill) {
    auto& victim = kill % 2 != 0 ? first : second;
    auto& witness = kill % 2 != 0 ? second : first;
    CHECK_FALSE(witness.eventually([] { return false; }, 1500ms));
    victim.kill();
    victim.start(slowly);
  }
  const bool whole = second.eventually(
      [&] { return all_delivered(platform) && platform.audit().exact() && platform.audit(live_row).exact(); },
      2min);
  INFO(json::serialize(platform.get("/_sim/audit")));
  CHECK(whole);
  CHECK(first.stop() == 130);
  CHECK(second.stop() == 130);
  CHECK(platform.audit().exact());
  CHECK(platform.audit(live_row).exact());
}

TEST_CASE(
    "Engines share the records and the streams of a live row, and what one had that dies goes to the others",
    "[system][engines][live]") {
  using Shares = std::vector<std::uint64_t>;
  Platform platform(history);
  const auto url = shared_ledger();
  const std::string parts = std::string(live_row) + "/carry", streams = parts + "/streams";
  LiveFerry first(platform, days, fast_live, url), second(platform, days, fast_live, url),
      third(platform, days, fast_live, url);
  first.start(slowly);
  CHECK(first.eventually([&] { return shares_of(url, parts) == Shares{64}; }));
  emit(platform, R"({"deliver_to":")" + first.url() +
                     R"(/events","rate":40,"seconds":15,"seed":47,"history":0.3,"without_event":0.3})");
  second.start(slowly);
  third.start(slowly);
  CHECK(first.eventually([&] { return shares_of(url, parts) == Shares{22, 21, 21}; }, 30s));
  CHECK(first.eventually([&] { return shares_of(url, streams) == Shares{2, 1, 1}; }, 30s));
  second.kill();
  CHECK(first.eventually([&] { return shares_of(url, parts) == Shares{32, 32}; }, 30s));
  const auto whole = [&] {
    return all_delivered(platform) && platform.audit().exact() && platform.audit(live_row).exact();
  };
  CHECK(third.eventually(whole, 2min));
  INFO(json::serialize(platform.get("/_sim/audit")));
  CHECK(first.stop() == 130);
  CHECK(third.eventually([&] { return shares_of(url, parts) == Shares{64}; }, 30s));
  CHECK(third.stop() == 130);
  CHECK(platform.audit(live_row).exact());
}

TEST_CASE("What is set at one engine is in force at the others, and the page names them all",
          "[system][engines]") {
  Platform platform(history);
  const auto url = shared_ledger();
  LiveFerry first(platform, days, fast_live, url), second(platform, days, fast_live, url);
  auto sets = slowly;
  sets.emplace_back("engine.name=north");
  first.start(sets);
  sets.back() = "engine.name=south";
  sets.emplace_back("rows.a3-app-instances-historic.from=2025-11-11");
  second.start(sets);
  const auto ctl = [](const LiveFerry& engine, std::vector<std::string> words) {
    words.insert(words.begin(), "ctl");
    words.insert(words.end(), {"--url", engine.url()});
    return engine.ferry().run(std::move(words)).out;
  };
  CHECK_THAT(ctl(first, {"rate", "dialogporten", "33"}), Contains("33"));
  CHECK(second.eventually([&] { return ctl(second, {"show"}).find("33.0") != std::string::npos; }, 10s));
  const auto page = [&] { return second.ferry().run({"status"}).out; };
  CHECK_THAT(page(), Contains("north") && Contains("south") && Contains("configured otherwise"));
  CHECK(first.stop() == 130);
  CHECK_THAT(page(), Contains("Stopped"));
  CHECK(second.stop() == 130);
}

TEST_CASE("An engine that is cut off from PostgreSQL for longer than its lease starts anew",
          "[system][engines][outage]") {
  Platform platform(history);
  const auto url = shared_ledger();
  Relay relay(postgres().port());
  const Ferry other(platform, days, "page_size = 20\nshards_in_flight = 3\n", url);
  const Ferry cut_off(platform, days, "page_size = 20\nshards_in_flight = 3\n", relay.instead(url));
  const auto lonely = cut_off.start(slowly);
  REQUIRE(wait_for_writes(platform, *lonely, 1));
  const auto engine = other.start(slowly);
  REQUIRE(eventually([&] { return carry(url, 2); }));
  relay.cut();
  wait(4 * lease, *engine);
  relay.restore();
  CHECK(lonely->wait_for(2min) == 0);
  CHECK(engine->wait_for(2min) == 0);
  CHECK_THAT(cut_off.last_error(), Contains("starting anew"));
  CHECK(disagreement(platform, other) == "");
}
