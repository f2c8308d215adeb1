#include "ledgers.hpp"
#include "live_ferry.hpp"
#include "message_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <csignal>
#include <random>

using namespace dialogferry::system;
using namespace std::chrono_literals;

namespace {

const Days days{"2025-11-11", "2025-11-14"};
constexpr const char* carried_rows[] = {"a3-app-instances-historic",  "a3-app-instances-live",
                                        "a2-archived-forms-historic", "a2-archived-forms-live",
                                        "a2-correspondence-historic", "a2-correspondence-live",
                                        "a3-correspondence"};

/// Every row but the two of app instances, which LiveFerry has; all of them look often.
std::string rows() {
  return fmt::format("poll = \"1s\"\n{}"
                     "[rows.a2-archived-forms-historic]\norganisations = []\nfrom = {}\ncutover = {}\n"
                     "[rows.a2-archived-forms-live]\norganisations = []\ninterval = \"1s\"\n"
                     "[rows.a3-correspondence]\n[rows.dialog-services]\ninterval = \"1s\"\n"
                     "[mapping]\npurge_confirm = \"1s\"\n",
                     live_message_rows(days), days.from, days.to);
}

/// What the audit finds wrong with any row, a line each.
std::string faults_of(Platform& platform) {
  std::string found;
  const auto audit = platform.get("/_sim/audit");
  for (const auto* id : carried_rows)
    for (const auto& row : audit.at("rows").as_array()) {
      if (row.at("id").as_string() != id) continue;
      for (const auto* member :
           {"missing", "doubled", "stale", "wrong", "stranded", "wrongly_labelled", "orphaned_attachments"}) {
        const auto* count = row.as_object().if_contains(member);
        if (count == nullptr || count->to_number<std::uint64_t>() == 0) continue;
        const auto* ids = row.as_object().if_contains(std::string(member) + "_ids");
        found += fmt::format("{}: {} {} {}\n", id, json::serialize(*count), member,
                             ids != nullptr ? json::serialize(*ids) : "");
      }
    }
  return found;
}

} // namespace

TEST_CASE(
    "All rows on three engines, amid faults of every API and engines that die, end exactly as they should",
    "[system][engines][everything]") {
  Platform platform({"--days", days.from + ".." + days.to, "--per-day", "100", "--organisations", "3",
                     "--forms-per-day", "60", "--forms-days", days.from + ".." + days.to,
                     "--messages-per-day", "100", "--messages-unfit", "0"});
  const auto url = shared_ledger();
  std::vector<std::unique_ptr<LiveFerry>> engines;
  for (int i = 0; i < 3; ++i)
    engines.push_back(std::make_unique<LiveFerry>(platform, days, rows(), url));
  platform.faults(R"({"429": 0.02, "5xx": 0.02, "resets": 0.02, "retry_after": "off",
    "rules": [{"api": "correspondence", "path": "makemigrated", "publish_stored_500": 0.02, "resets": 0.02}]})");
  const std::vector<std::string> slowly = {"apis.dialogporten.rate=150", "apis.dialogporten.burst=10",
                                           "apis.correspondence.rate=150", "apis.correspondence.burst=10"};
  for (const auto& engine : engines)
    engine->start(slowly);
  const auto kills = number_from("TEST_ENGINE_KILLS", 3);
  const auto seconds = 8 + 2 * kills;
  emit(platform,
       fmt::format(R"({{"deliver_to": "{}/events", "rate": 20, "seconds": {}, "seed": 19, "history": 0.3,
    "without_event": 0.1}})",
                   engines[0]->url(), seconds));
  order_messages(platform,
                 fmt::format(R"({{"rate": 10, "seconds": {}, "seed": 23, "history": 0.3, "bursts": 0.1,
    "mix": {{"create": 5, "read": 4, "confirm": 2, "archive": 1, "bin": 2, "restore": 2, "purge": 0.3, "notify": 1,
             "forward": 1, "forward_to_email": 1}}}})",
                             seconds));
  std::mt19937 random(17 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(500, 2'500);
  for (int kill = kills; kill > 0; --kill) {
    const auto victim = random() % engines.size();
    CHECK_FALSE(engines[(victim + 1) % engines.size()]->eventually(
        [] { return false; }, std::chrono::milliseconds{lifetime(random)}));
    engines[victim]->kill();
    engines[victim]->start(slowly);
  }
  const auto whole = [&] {
    return all_delivered(platform) && jobs_are_done(platform) && faults_of(platform).empty();
  };
  CHECK(engines[0]->eventually([&] { return all_delivered(platform); }, 2min));
  platform.faults("{}");
  CHECK(eventually(whole, 4min, 2s));
  CHECK(faults_of(platform) == "");
  for (const auto& engine : engines)
    CHECK(engine->stop() == 130);
  CHECK(faults_of(platform) == "");
}
