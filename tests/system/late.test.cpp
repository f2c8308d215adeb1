#include "live_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>

using namespace dialogferry::system;
using Catch::Contains;
using std::chrono::seconds;

namespace {

const Days days{"2025-11-13", "2025-11-14"};

std::vector<std::string> history(const std::string& per_day) {
  return {"--days", "2025-11-13..2025-11-14", "--per-day", per_day, "--organisations", "2"};
}

/// How long submissions come, 20 a second: `TEST_LATE=20` makes 400.
int submitted_for(int usually) {
  const auto* wanted = std::getenv("TEST_LATE");
  return wanted != nullptr ? std::atoi(wanted) : usually;
}

json::value plant(Platform& platform, const std::string& rows) {
  const auto answer = platform.request("POST", "/_sim/rows", json::parse(rows));
  if (answer.status / 100 != 2) throw std::runtime_error(answer.body);
  return json::parse(answer.body);
}

} // namespace

TEST_CASE("Submissions whose events come 50 to 1 000 ms after their rows, and texts that change without a "
          "word: all "
          "is right within 90 s, without any event",
          "[system][live][OS-1][OS-2]") {
  const auto poll = GENERATE("1s", "5s");
  CAPTURE(poll);
  Platform platform(history("20"));
  LiveFerry ferry(platform, days, fmt::format("poll = \"{}\"\n[mapping]\nreceipt_wait = \"2s\"\n", poll));
  ferry.start();
  REQUIRE(ferry.eventually([&] { return platform.audit().missing == 0; }));
  const auto time = submitted_for(4);
  emit(platform, fmt::format(R"({{"rate":40,"seconds":{},"mix":{{"create":1,"change":1}},"kinds":["submit"],
    "history":0,"bursts":0,"without_event":1,"event_after_ms":[50,1000],"text_changes":0.3,"receipt_wait":"2s"}})",
                             time));
  REQUIRE(ferry.eventually([&] { return !platform.get("/_sim/emit").at("running").as_bool(); },
                           seconds{time + 30}));
  const auto is_right = ferry.eventually([&] { return platform.audit(live_row).exact(); }, seconds{90});
  const auto audit = platform.audit(live_row);
  CAPTURE(audit.expected, audit.present, audit.missing, audit.stale, audit.wrong);
  CHECK(is_right);
  CHECK(ferry.stop() == 130);
}

TEST_CASE("A tie group of a thousand with rows set back at every page's end is carried whole",
          "[system][history][OS-3]") {
  Platform platform(history("20"));
  plant(
      platform,
      R"({"tie_group":{"organisation":"skd","time":"2025-11-13T12:00:00Z","count":1000,"set_back_every":100}})");
  const Ferry ferry(platform, days);
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 0);
  const auto audit = platform.audit();
  CHECK(audit.present == audit.expected);
  CHECK(audit.missing + audit.doubled + audit.stale == 0);
  CHECK(ferry.standing().counts.at("read") == audit.records());
}

TEST_CASE(
    "One unreadable row in a day of 300: the others are carried, it is an exception that can be tried again",
    "[system][history][OS-4]") {
  Platform platform(history("300"));
  const auto planted =
      plant(platform, R"({"unreadable":{"organisation":"skd","day":"2025-11-13","count":1}})");
  const Ferry ferry(platform, days);
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK(platform.audit().missing == 0);
  auto standing = ferry.standing();
  CHECK(standing.complete == 2);
  CHECK(standing.open_exceptions == 1);
  const auto exceptions = ferry.exceptions();
  REQUIRE(exceptions.size() == 1);
  CHECK_THAT(std::string(exceptions[0].at("record_id").as_string()), Contains("unreadable at 2025-11-13T"));

  const auto unreadable = std::string(planted.at("rows").at(0).as_string());
  plant(platform, R"({"readable":")" + unreadable + R"("})");
  CHECK(ferry.run({"exceptions", "retry", "--row", row}).exit == 0);
  const auto again = ferry.carry();
  INFO(again.err);
  CHECK(again.exit == 0);
  const auto audit = platform.audit();
  CHECK(audit.present == audit.expected);
  CHECK(audit.missing + audit.doubled + audit.stale == 0);
  CHECK(ferry.standing().open_exceptions == 0);
}

TEST_CASE("One unreadable row in a stream: what changes behind it is carried", "[system][live][OS-4]") {
  Platform platform(history("20"));
  LiveFerry ferry(platform, days, "poll = \"1s\"\n");
  ferry.start();
  REQUIRE(ferry.eventually([&] { return platform.audit().missing == 0; }));
  emit(platform, R"({"changes":[{"kind":"create","organisation":"skd","event":false,"unreadable":true},
    {"kind":"create","organisation":"skd","event":false},{"kind":"create","organisation":"skd","event":false}]})");
  CHECK(ferry.eventually([&] { return platform.audit(live_row).present == 2; }, seconds{90}));
  CHECK(ferry.stop() == 130);
  CHECK(ferry.ferry().standing().open_exceptions == 0); // of the historic row
  REQUIRE(ferry.ferry().exceptions().size() == 1);
  CHECK_THAT(std::string(ferry.ferry().exceptions()[0].at("record_id").as_string()),
             Contains("unreadable at "));
}

TEST_CASE(
    "An event that names another party, and one that is lost: the record is carried, without an exception",
    "[system][live][OE-6][OE-7]") {
  Platform platform(history("20"));
  LiveFerry ferry(platform, days, "poll = \"1s\"\n");
  ferry.start();
  REQUIRE(ferry.eventually([&] { return platform.audit().missing == 0; }));
  emit(platform, fmt::format(R"({{"deliver_to":"{}/events"}})", ferry.url()));
  const auto told = emit(platform, R"({"changes":[{"kind":"create","organisation":"skd","event":false}]})");
  const auto instance = std::string(told.at("changes").at(0).at("instance").as_string());
  REQUIRE(ferry.eventually([&] { return platform.audit(live_row).present == 1; }));
  const std::vector<std::string> parties = {"50099999", "00" + instance.substr(0, instance.find('/'))};
  for (const auto& party : parties)
    emit(platform,
         fmt::format(R"({{"changes":[{{"kind":"save","instance":"{}","party":"{}"}}]}})", instance, party));
  CHECK(ferry.eventually([&] { return all_delivered(platform) && platform.audit(live_row).exact(); }));
  CHECK(ferry.stop() == 130);
  CHECK(ferry.ferry().exceptions().empty());
}
