#include "ledgers.hpp"
#include "message_ferry.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <random>

using namespace dialogferry::system;
using namespace std::chrono_literals;

namespace {

const Days days{"2025-11-10", "2025-11-14"};
/// Of all engines together: slow enough that history lasts.
const std::vector<std::string> slowly = {"apis.correspondence.rate=200", "apis.correspondence.burst=5"};
/// Messages a day, so that history outlasts so many kills.
int enough_for(int kills) {
  return 100 + 70 * kills;
}
/// Little is under way, so that there is progress between two kills.
constexpr const char* small_pages = "page_size = 20\ncredit = 60\nshards_in_flight = 3\n";

/// Kills one of them at a random instant and starts it again, so many times.
void kill_some(const Ferry& ferry, std::vector<std::unique_ptr<Process>>& engines, int kills, bool stays) {
  std::mt19937 random(31 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(300, 2'000);
  for (; kills > 0; --kills) {
    auto& engine = engines[random() % engines.size()];
    CHECK_FALSE(engine->wait_for(std::chrono::milliseconds{lifetime(random)}));
    engine->signal(SIGKILL);
    CHECK(engine->wait_for(10s) == -SIGKILL);
    engine = stays ? ferry.stay(slowly) : ferry.start(slowly);
  }
}

} // namespace

TEST_CASE("Three engines carry messages over both hops; killed and started again, they leave none behind",
          "[system][engines][messages]") {
  const auto kills = number_from("TEST_ENGINE_KILLS", 3);
  Platform platform(
      archive_of(days, enough_for(kills), {"--messages-unfit", "0", "--messages-attachments", "0.2"}));
  const Ferry ferry(platform, message_rows(days, small_pages), shared_ledger());
  std::vector<std::unique_ptr<Process>> engines;
  for (int i = 0; i < 3; ++i)
    engines.push_back(ferry.start(slowly));
  kill_some(ferry, engines, kills, false);
  CHECK(audited(platform, message_row, "missing") > 0);
  for (auto& engine : engines)
    CHECK(engine->wait_for(2min) == 0);
  CHECK(message_disagreement(platform, ferry) == "");
  CHECK(audited(platform, message_row, "doubled_uploads") <= static_cast<std::uint64_t>(kills));
}

TEST_CASE("Live messages and later events are carried beside the history of others, whichever engine dies",
          "[system][engines][messages][live]") {
  const auto kills = number_from("TEST_ENGINE_KILLS", 3);
  Platform platform(archive_of(days, enough_for(kills), {"--messages-unfit", "0"}));
  const Ferry ferry(platform, live_message_rows(days, small_pages), shared_ledger());
  std::vector<std::unique_ptr<Process>> engines;
  for (int i = 0; i < 3; ++i)
    engines.push_back(ferry.stay(slowly));
  order_messages(platform, R"({"rate": 20, "seconds": )" + std::to_string(10 + kills) +
                               R"(, "seed": 11, "history": 0.5, "bursts": 0.2,
    "mix": {"create": 5, "read": 4, "confirm": 2, "archive": 1, "bin": 2, "restore": 2, "purge": 0.3, "notify": 1,
            "forward": 1, "forward_to_email": 1}})");
  kill_some(ferry, engines, kills, true);
  const auto agrees = [&] {
    return jobs_are_done(platform) && message_faults(platform, message_row).empty() &&
           message_faults(platform, live_message_row).empty();
  };
  CHECK(eventually(agrees, 3min, 2s));
  CHECK(message_faults(platform, message_row) == "");
  CHECK(message_faults(platform, live_message_row) == "");
  for (auto& engine : engines) {
    engine->signal(SIGTERM);
    CHECK(engine->wait_for(60s) == 130);
  }
}
