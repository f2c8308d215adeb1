#include "request_log.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using boost::json::object;

TEST_CASE("the busiest second slides") {
  Arrivals arrivals;
  // 30 in the last tenth of one second and 40 in the first tenth of the next: 70 within a sliding second.
  for (int at = 0; at < 30; ++at)
    arrivals.arrived(5'000'000 + 900'000 + at * 1000);
  for (int at = 0; at < 40; ++at)
    arrivals.arrived(5'000'000 + 1'000'000 + at * 1000);
  CHECK(arrivals.most_in_a_second() == 70);
  // Much later a lone one: the window has emptied in between.
  arrivals.arrived(60'000'000);
  CHECK(arrivals.most_in_a_second() == 70);
}

TEST_CASE("a steady stream of n in a second never counts more than n") {
  Arrivals arrivals;
  for (int at = 0; at < 20'000; ++at)
    arrivals.arrived(123'456 + at * 1000);
  CHECK(arrivals.most_in_a_second() == 1000);
  REQUIRE(arrivals.per_second().size() == 20);
  for (auto count : arrivals.per_second())
    CHECK(count == 1000);
}

TEST_CASE("an endpoint's requests are counted by the class of their answers, Register apart") {
  RequestLog log;
  auto create = route_of(Method::post, "/dialogporten/api/v1/serviceowner/dialogs");
  auto lookup = route_of(Method::post, "/register/api/v1/dialogporten/parties/query");
  for (int status : {201, 201, 429, 503, 0}) {
    log.arrived(create.api, 10);
    log.answered(create.endpoint, status);
  }
  log.arrived(lookup.api, 20);
  log.answered(lookup.endpoint, 206);
  auto counts = log.as_json();
  CHECK(counts.at("total") == 5);
  CHECK(counts.at("register") == 1);
  REQUIRE(counts.at("endpoints").as_array().size() == 2);
  auto status = counts.at("endpoints").as_array()[1].at("status");
  CHECK(status == object{{"reset", 1}, {"2xx", 2}, {"4xx", 1}, {"5xx", 1}});
  CHECK(counts.at("apis").at("dialogporten").at("max_per_second") == 5);
  log.reset();
  CHECK(log.as_json().at("total") == 0);
  CHECK(log.as_json().at("endpoints").as_array().empty());
}
