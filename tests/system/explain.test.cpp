#include "message_ferry.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry::system;
using Catch::Contains;

namespace {

const Days days{"2025-11-10", "2025-11-11"};

json::object told(const Ran& ran) {
  INFO(ran.err);
  return json::parse(ran.out).as_object();
}

/// Some instance of the first day.
std::string some_instance(Platform& platform) {
  const auto list = platform.get("/storage/api/v1/instances?org=nav&lastChanged=gte:2025-11-10T00:00:00Z");
  return json::value_to<std::string>(list.at("instances").at(0).at("id"));
}

std::string text(const json::value& value) {
  return json::value_to<std::string>(value);
}

} // namespace

TEST_CASE("A record is explained from its source to its dialog, before and after it is carried",
          "[system][explain]") {
  Platform platform({"--days", "2025-11-10..2025-11-11", "--per-day", "20", "--organisations", "3"});
  const Ferry ferry(platform, days);
  const auto id = some_instance(platform);
  const std::vector<std::string> look = {"explain", "--row", row, id, "--json"};

  const auto before = told(ferry.run(look)); // there is no ledger yet
  CHECK(before.at("mapping").at("action") == "create");
  CHECK_THAT(text(before.at("source").at(0).at("request")), Contains("GET /storage/api/v1/instances/" + id));
  CHECK(before.at("source").at(0).at("status") == 200);
  CHECK_THAT(text(before.at("requests").at(0).at("request")), Contains("POST /api/v1/serviceowner/dialogs"));
  CHECK(before.at("target").at(0).at("status") == 404);
  CHECK(platform.audit().present == 0); // it only looks

  REQUIRE(ferry.carry().exit == 0);
  const auto after = told(ferry.run(look));
  CHECK(after.at("mapping").at("action") == "none");
  CHECK(after.at("requests").as_array().empty());
  CHECK(after.at("target").at(0).at("status") == 200);
  CHECK(after.at("exceptions").as_array().empty());
  CHECK_THAT(text(after.at("target").at(0).at("body")), !Contains("identifier-no:0")); // people are masked

  const auto people = ferry.run({"explain", "--row", row, id});
  CHECK(people.exit == 0);
  CHECK_THAT(people.out, Contains("What the source has") && Contains("What the target has"));
}

TEST_CASE("What could not be carried is explained with what came of it", "[system][explain]") {
  Platform platform(
      {"--days", "2025-11-10..2025-11-11", "--per-day", "50", "--organisations", "3", "--poison", "0.05"});
  const Ferry ferry(platform, days);
  CHECK(ferry.carry().exit == 3);
  const auto kept = ferry.exceptions();
  REQUIRE_FALSE(kept.empty());
  const auto id = text(kept[0].at("record_id"));
  const auto ran = ferry.run({"explain", "--row", row, id, "--json"});
  const auto explained = told(ran);
  REQUIRE(explained.at("exceptions").as_array().size() == 1);
  CHECK(explained.at("exceptions").at(0).at("id") == kept[0].at("id"));
  CHECK(explained.at("exceptions").at(0).at("message") == kept[0].at("problem").at("message"));
}

TEST_CASE("What cannot be explained is told with what to give instead", "[system][explain]") {
  Platform platform({"--days", "2025-11-10..2025-11-11", "--per-day", "1", "--organisations", "3"});
  const Ferry ferry(platform, days);
  const auto form = ferry.run({"explain", "--row", row, "no-record"});
  CHECK(form.exit == 1);
  CHECK_THAT(form.err, Contains("must be {party id}/{guid}"));
  CHECK_THAT(ferry.run({"explain", "--row", "dialog-services", "1"}).err, Contains("carries no records"));
  CHECK(ferry.run({"explain", "--row", "nothing", "1"}).exit == 2);

  const auto gone = ferry.run({"explain", "--row", row, "50001234/0193e5a0-7c3a-4d3f-8a2b-6f1c2d3e4f50"});
  CHECK(gone.exit == 0);
  CHECK_THAT(gone.out, Contains("→ 404"));
}
