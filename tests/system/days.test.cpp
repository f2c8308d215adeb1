#include "live_ferry.hpp"

#include <dialogferry/model/time.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry::system;
using dialogferry::Day;
using std::chrono::seconds;

namespace {

Day today() {
  return day_of(dialogferry::system_now());
}

std::string text(Day day) {
  return dialogferry::to_string(day);
}

std::vector<std::string> history_of(const Days& days, const std::string& per_day) {
  return {"--days", days.from + ".." + days.to, "--per-day", per_day, "--organisations", "1"};
}

std::string organisation(Platform& platform) {
  const auto told = platform.get("/storage/api/v1/applications");
  return std::string(told.at("applications").at(0).at("org").as_string());
}

} // namespace

TEST_CASE("A cut-over day that is not over is not called complete, and what happens on it is carried live",
          "[system][live][OR-1]") {
  const Days days{text(today().previous().previous()), text(today())};
  Platform platform(history_of(days, "2"));
  LiveFerry ferry(platform, days, "poll = \"1s\"\n");
  ferry.start();
  CHECK(ferry.eventually([&] { return ferry.row(row).at("days").at("complete").to_number<int>() == 2; }));
  const auto create = R"({"kind":"create","event":false,"organisation":")" + organisation(platform) + R"("})";
  emit(platform, R"({"changes":[)" + create + "," + create + "]}");
  CHECK(ferry.eventually([&] { return platform.audit(live_row).present == 2; }));
  CHECK(platform.audit(live_row).missing == 0);
  CHECK(ferry.row(row).at("days").at("complete").to_number<int>() == 2);
  CHECK(ferry.row(row).at("migrated_back_to").is_null());
  CHECK(ferry.stop() == 130);
}

TEST_CASE("A run that ends when it is idle says which day is not over, with status 3", "[system][OR-1]") {
  const Days days{text(today().previous()), text(today())};
  Platform platform(history_of(days, "2"));
  const Ferry ferry(platform, days, "[rows.a3-app-instances-live]\norganisations = []\n");
  const auto ran = ferry.carry();
  CHECK(ran.exit == 3);
  CHECK(ran.err.find(text(today()) + " is not over") != std::string::npos);
  CHECK(ferry.standing().complete == 1);
}

TEST_CASE("A cut-over that is not over is refused where no live row goes on from it; so are days to come",
          "[system][OR-1]") {
  const Days days{text(today().previous()), text(today())};
  Platform platform(history_of(days, "2"));
  const Ferry ferry(platform, days);
  const auto refused = ferry.carry();
  CHECK(refused.exit != 0);
  CHECK(refused.err.find("cutover") != std::string::npos);
  CHECK(ferry.run({"backfill", "--row", row, "--from", text(today()), "--to", text(today().next().next())})
            .exit != 0);
  const auto yesterday = text(today().previous());
  const Ferry until_yesterday(platform, {yesterday, yesterday});
  CHECK(until_yesterday.run({"backfill", "--row", row, "--from", yesterday, "--to", yesterday}).exit == 0);
}

TEST_CASE("An organisation that Storage does not know is refused with the nearest name", "[system][OR-4]") {
  const Days days{"2025-11-13", "2025-11-14"};
  Platform platform({"--days", "2025-11-13..2025-11-14", "--per-day", "5", "--organisations", "2"});
  const Ferry ferry(platform, days);
  const auto ran = ferry.carry({R"(rows.a3-app-instances-historic.organisations=["sdk"])"});
  CHECK(ran.exit != 0);
  CHECK(ran.err.find("sdk") != std::string::npos);
  CHECK(ran.err.find("did you mean \"skd\"") != std::string::npos);
  CHECK(ferry.carry({R"(rows.a3-app-instances-historic.organisations=["skd"])"}).exit == 0);
}
