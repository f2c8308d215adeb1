#include "ferry.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry::system;

namespace {

const Days day{"2025-11-10", "2025-11-10"};

std::uint64_t refusals(Platform& platform, const char* kind) {
  const auto all = platform.get("/_sim/requests");
  const auto& counted = all.at("apis").at("dialogporten").at("refusals").as_object();
  const auto* found = counted.if_contains(kind);
  return found != nullptr ? found->to_number<std::uint64_t>() : 0;
}

/// Slow enough for an outage to come in the middle.
const std::vector<std::string> slowly = {"apis.dialogporten.rate=150", "apis.dialogporten.burst=10"};

} // namespace

TEST_CASE("Names new to the target that race become no exception", "[system][moment][OD-1]") {
  Platform platform({"--days", "2025-11-10..2025-11-10", "--per-day", "400", "--organisations", "4",
                     "--write-time", "100ms"});
  const Ferry ferry(platform, day);
  const auto ran = ferry.carry();
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(platform.audit().records() >= 1'600);
  CHECK(refusals(platform, "name_race") > 0);
  CHECK(ferry.standing().open_exceptions == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("While Register is down behind the target nothing becomes an exception; then everything is carried",
          "[system][moment][OD-2]") {
  Platform platform({"--days", "2025-11-10..2025-11-10", "--per-day", "150", "--organisations", "4"});
  platform.faults(
      R"({"outages":[{"api":"dialogporten","how":"register-behind","start_in":"1s","duration":"60s"}]})");
  const Ferry ferry(platform, day);
  const auto ran = ferry.carry(slowly);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(refusals(platform, "register_down") > 0);
  CHECK(ferry.standing().open_exceptions == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE(
    "While Register is down for the whole run days stay open and nothing is lost; the next run carries it",
    "[system][moment][OD-2]") {
  Platform platform({"--days", "2025-11-10..2025-11-10", "--per-day", "150", "--organisations", "4"});
  platform.faults(
      R"({"outages":[{"api":"dialogporten","how":"register-behind","start_in":"0s","duration":"3600s"}]})");
  const Ferry ferry(platform, day);
  const auto sooner = "engine.retry_for=15s"; // and with it what the run hopes for
  const auto ran = ferry.carry({slowly[0], slowly[1], sooner});
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 3);
  CHECK(ran.err.find("wait for an API") != std::string::npos);
  const auto standing = ferry.standing();
  CHECK(standing.complete == 0);
  CHECK(standing.open_exceptions == 0);
  CHECK(standing.counts.at("deferred") > 0);
  CHECK(standing.counts.at("deferred") <= 700); // of a row that reads no further
  CHECK(standing.counts.at("read") == standing.outcomes());
  // Others than those with an actor's id were taken meanwhile, and nothing twice.
  CHECK(platform.audit().doubled == 0);

  platform.faults(R"({"outages":[]})");
  const auto again = ferry.carry();
  INFO(again.out << again.err);
  CHECK(again.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("A write that is answered late is sent once", "[system][moment][OR-3]") {
  Platform platform({"--days", "2025-11-10..2025-11-10", "--per-day", "10", "--organisations", "1",
                     "--write-time", "1500ms"});
  const Ferry ferry(platform, day);
  const auto ran = ferry.carry({"apis.dialogporten.timeout=500ms"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(platform.requests_to("POST /dialogporten/api/v1/serviceowner/dialogs") <=
        platform.audit().expected + refusals(platform, "name_race"));
  CHECK(disagreement(platform, ferry) == "");
}
