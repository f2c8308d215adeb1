#include "ferry.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry::system;
using Catch::Contains;

namespace {

const Days days{"2025-11-10", "2025-11-14"};

std::vector<std::string> history(const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"--days", "2025-11-10..2025-11-14", "--per-day",
                                        "50",     "--organisations",        "3"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

} // namespace

TEST_CASE("A day whose page always fails is parked, named, and completed once it is tried again",
          "[system][exceptions]") {
  Platform platform(history());
  platform.put_rule(
      "page", R"({"api": "storage", "path": "/instances$", "org": "nav", "day": "2025-11-12", "5xx": 1})");
  const Ferry ferry(platform, days, "max_restarts = 3\nbackoff = { first = \"20ms\", last = \"100ms\" }\n");
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK_THAT(ran.err, Contains("0 exceptions and 1 parked days remain"));
  const auto standing = ferry.standing();
  CHECK(standing.complete == 4);
  CHECK(standing.parked == 1);
  CHECK(standing.counts.at("read") == 14 * 50);
  CHECK(standing.migrated_back_to == "2025-11-10");
  CHECK(standing.exceptions == std::vector<std::string>{"2025-11-12"});
  CHECK_THAT(ferry.run({"status"}).out,
             Contains("Migrated back to 2025-11-10 with exception for 2025-11-12"));
  CHECK(platform.audit().missing + platform.audit().present == platform.audit().expected);

  platform.remove_rule("page");
  CHECK(ferry.carry().exit == 3); // it cools down for an hour
  CHECK(ferry.standing().parked == 1);

  const auto retried = ferry.run({"exceptions", "retry", "--row", row, "--day", "2025-11-12"});
  CHECK(retried.exit == 0);
  CHECK(retried.out == "0 exceptions and 1 parked shard will be tried again\n");
  const auto again = ferry.carry();
  INFO(again.err);
  CHECK(again.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
  CHECK(ferry.standing().exceptions.empty());
}

TEST_CASE(
    "A record that cannot be carried is kept with its reason while its day completes, and can be tried again",
    "[system][exceptions]") {
  Platform platform(history({"--poison", "0.01"}));
  const auto failing = platform.audit().failed;
  REQUIRE(failing > 1);
  const Ferry ferry(platform, days);
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK(disagreement(platform, ferry) == "");
  CHECK(ferry.standing().migrated_back_to == days.from);

  const auto kept = ferry.exceptions();
  REQUIRE(kept.size() == failing);
  for (const auto& each : kept) {
    CHECK(each.at("record_id").as_string().size() > 36);
    CHECK_FALSE(each.at("problem").at("member").as_string().empty());
    CHECK_FALSE(each.at("problem").at("message").as_string().empty());
    CHECK(each.at("state") == "open");
    CHECK(each.at("attempts") == 1);
  }

  const auto id = std::to_string(kept[0].at("id").to_number<int>());
  CHECK(ferry.run({"exceptions", "retry", id}).out ==
        "1 exception and 0 parked shards will be tried again\n");
  CHECK(ferry.carry().exit == 3);
  const auto after = ferry.exceptions();
  REQUIRE(after.size() == failing);
  for (const auto& each : after) {
    CHECK(each.at("state") == "open");
    CHECK(each.at("attempts") == (each.at("id") == kept[0].at("id") ? 2 : 1));
  }
  CHECK(disagreement(platform, ferry) == "");
}
