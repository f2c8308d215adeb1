#include "ferry.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>

using namespace dialogferry::system;
using Catch::Contains;

namespace {

const Days days{"2025-11-13", "2025-11-14"};
const std::vector<std::string> history = {"--days", "2025-11-13..2025-11-14", "--per-day",
                                          "20",     "--organisations",        "2"};

} // namespace

TEST_CASE("A ledger of another environment is refused, and nothing is sent", "[system][ledger]") {
  Platform platform(history);
  const Ferry ferry(platform, days);
  REQUIRE(ferry.carry().exit == 0);
  platform.forget_requests();
  const auto refused = ferry.carry({"environment=tt02"});
  CHECK(refused.exit == 1);
  CHECK_THAT(refused.err, Contains("belongs to the environment local, the configuration says tt02") &&
                              Contains("hint: give each environment a ledger of its own"));
  CHECK(platform.requests() == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("A ledger that a running engine holds is refused, and that engine goes on", "[system][ledger]") {
  Platform platform(history);
  const Ferry ferry(platform, days);
  const auto first = ferry.start({"apis.dialogporten.rate=40", "apis.dialogporten.burst=1"});
  REQUIRE(wait_for_writes(platform, *first, 1));
  const Ran second = ferry.carry();
  CHECK(second.exit == 1);
  CHECK_THAT(second.err,
             Contains("is in use by another engine, process") && Contains("hint: stop that engine first"));
  CHECK(first->wait_for(std::chrono::seconds{30}) == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("A ledger file that is deleted under a running engine ends it with the reason",
          "[system][ledger]") {
  Platform platform(history);
  const Ferry ferry(platform, days);
  const auto engine = ferry.start({"apis.dialogporten.rate=40", "apis.dialogporten.burst=1"});
  REQUIRE(wait_for_writes(platform, *engine, 1));
  std::filesystem::remove(ferry.file("ferry.db"));
  CHECK(engine->wait_for(std::chrono::seconds{10}) == 1);
  CHECK_THAT(contents(ferry.file("err-1")), Contains("ferry.db was deleted while the engine runs"));
}
