#include "message_ferry.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <random>

using namespace dialogferry::system;
using std::chrono::milliseconds;

namespace {

const Days days{"2025-11-10", "2025-11-14"};
constexpr const char* migrating = "POST /correspondence/api/v1/migration/correspondence";
constexpr const char* publishing =
    "POST /correspondence/api/v1/migration/makemigratedcorrespondenceavailable";

void set_publish_time(Platform& platform, const char* time) {
  CHECK(platform.request("POST", "/_sim/correspondence", {{"publish_time", time}}).status / 100 == 2);
}

} // namespace

TEST_CASE("An engine killed at 25 random instants of publishing alone leaves no dialog without its message",
          "[system][messages][crash][OC-1][OC-2]") {
  Platform platform(archive_of(days, 200, {"--messages-unfit", "0", "--messages-attachments", "0"}));
  const Ferry ferry(platform, message_rows(days, "credit = 100\npage_size = 20\n"));
  std::mt19937 random(815 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(20, 200);

  set_publish_time(platform, "2s"); // everything is migrated, nothing published yet
  {
    const auto engine = ferry.start();
    const auto records = platform.audit(message_row).expected;
    REQUIRE(eventually([&] { return platform.requests_to(migrating) >= records; }, std::chrono::seconds{60}));
    engine->signal(SIGKILL);
    CHECK(engine->wait_for(std::chrono::seconds{10}) == -SIGKILL);
  }
  set_publish_time(platform, "4ms");
  const auto migrated = platform.requests_to(migrating);
  int kills = 0;
  for (; kills < 25; ++kills) {
    const auto asked = platform.requests_to(publishing);
    const auto engine = ferry.start({"apis.correspondence.rate=15", "apis.correspondence.burst=1"});
    if (!eventually(
            [&] { return platform.requests_to(publishing) > asked || engine->wait_for(milliseconds{1}); }))
      break;
    if (engine->wait_for(milliseconds{lifetime(random)})) break;
    engine->signal(SIGKILL);
    CHECK(engine->wait_for(std::chrono::seconds{10}) == -SIGKILL);
  }
  CHECK(kills == 25);
  CHECK(platform.requests_to(migrating) <= migrated + 8 * 20); // what the first kill met, at most
  const auto last = ferry.carry();
  const auto status = ferry.run({"status", "--format", "json"}).out;
  INFO(last.err << status.substr(status.find(message_row), 1'500));
  CHECK(last.exit == 0);
  CHECK(message_disagreement(platform, ferry) == "");
}
