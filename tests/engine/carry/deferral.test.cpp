#include "upload_fixture.hpp"

#include <dialogferry/engine/carry/deferral.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

constexpr std::int64_t second = Instant::per_second;
const Instant now{1'000'000 * second};

Uploaded refused(http::Operation operation, http::Answer answer) {
  auto asked = answered(operation, std::move(answer), 9);
  asked.api = "dialogporten";
  Uploaded uploaded;
  uploaded.problem = asked.verdict.problem;
  uploaded.http_status = asked.verdict.status;
  uploaded.attempts = asked.attempts;
  uploaded.held = held_by(asked);
  return uploaded;
}

} // namespace

TEST_CASE("What is the record's fault stays an exception", "[engine][deferral][OD-2]") {
  auto uploaded = refused(http::Operation::create, refusal(400, "Party", "is not known"));
  defer(uploaded, std::nullopt, now, 24h);
  CHECK(uploaded.outcome == Outcome::failed);
  CHECK(uploaded.problem.member == "Party");
  CHECK_FALSE(uploaded.again);
}

TEST_CASE("What is the moment's fault waits a minute, and the ledger keeps for whom and why",
          "[engine][deferral][OD-1][OD-2][OD-6]") {
  const auto [answer, why] = GENERATE(
      std::make_pair(http::Answer(response(502)), "behind"),
      std::make_pair(refusal(422, "ActorName", "Key ('ActorId', 'Name')=(null, x) already exists."), "race"),
      std::make_pair(lost_race(), "race"));
  auto uploaded = refused(http::Operation::create, answer);
  defer(uploaded, std::nullopt, now, 24h);
  CHECK(uploaded.outcome == Outcome::deferred);
  REQUIRE(uploaded.again);
  CHECK(uploaded.again->why == SecondLook::Why::moment);
  CHECK(uploaded.again->due == Instant{now.ticks + 60 * second});
  REQUIRE(uploaded.again->held);
  CHECK(uploaded.again->held->api == "dialogporten");
  CHECK(uploaded.again->held->why == why);
  CHECK(uploaded.again->held->since == now);
  CHECK(uploaded.again->held->attempts == 9);
}

TEST_CASE("After a day of waiting it is an exception, with the last problem and all attempts",
          "[engine][deferral][OD-2]") {
  Waiting before{record_id, SecondLook::Why::moment, 20, {}, {}, Held{"dialogporten", "behind", now, 100}};
  auto uploaded = refused(http::Operation::create, response(502));
  const Instant almost{now.ticks + 24 * 3600 * second - 1};
  defer(uploaded, before, almost, 24h);
  CHECK(uploaded.outcome == Outcome::deferred);
  CHECK(uploaded.again->held->since == now);
  CHECK(uploaded.again->held->attempts == 109);

  auto late = refused(http::Operation::create, response(502));
  defer(late, before, {almost.ticks + 1}, 24h);
  CHECK(late.outcome == Outcome::failed);
  CHECK(late.attempts == 109);
  CHECK(late.http_status == 502);
  CHECK_FALSE(late.again);
}

TEST_CASE("Where nothing is to be tried again it is an exception at once", "[engine][deferral]") {
  auto uploaded = refused(http::Operation::create, response(502));
  defer(uploaded, std::nullopt, now, 0s);
  CHECK(uploaded.outcome == Outcome::failed);
}
