#include "ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <random>

using namespace dialogferry::system;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::vector<std::string> history = {"--days", "2025-09-01..2025-11-14", "--per-day",
                                          "500",    "--organisations",        "4"};
const Days days{"2025-09-01", "2025-11-14"};
constexpr const char* hangs = "did not let go";

/// How often each way to end is tried: `TEST_ENDS=1000` takes a quarter of an hour.
int times(int usually) {
  const auto* wanted = std::getenv("TEST_ENDS");
  return wanted != nullptr ? std::atoi(wanted) : usually;
}

} // namespace

TEST_CASE("A stop under load ends at once when it may not wait for what is in flight", "[system][ends]") {
  Platform platform(history);
  const Ferry ferry(platform, days, "[rows.a3-app-instances-live]\npoll = \"1s\"\norganisations = []\n");
  std::mt19937 random(Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(50, 400);
  for (int stop = 0; stop < times(10); ++stop) {
    CAPTURE(stop);
    const auto engine = ferry.stay({"engine.drain_timeout=0s"});
    CHECK_FALSE(engine->wait_for(milliseconds{lifetime(random)}));
    engine->signal(SIGTERM);
    const auto exit = engine->wait_for(seconds{20});
    REQUIRE(exit);
    if (*exit != -SIGTERM) CHECK(*exit == 130); // minus SIGTERM: before the program had loaded
    CHECK_THAT(ferry.last_error(), !Catch::Contains(hangs));
  }
}

TEST_CASE("A full disk ends the engine, which says so", "[system][ends]") {
  Platform platform(history);
  std::mt19937 random(Catch::rngSeed());
  std::uniform_int_distribution<int> kilobytes(150, 1200);
  for (int disk = 0; disk < times(5) && disk < 100; ++disk) {
    CAPTURE(disk);
    const Ferry ferry(platform, days);
    const auto size = kilobytes(random);
    const auto engine = ferry.start_on_disk_of(size);
    const auto exit = engine->wait_for(seconds{60});
    REQUIRE(exit);
    INFO(ferry.last_error());
    CHECK(*exit == 1);
    CHECK_THAT(ferry.last_error(), Catch::Contains("ledger") && !Catch::Contains(hangs));
  }
}
