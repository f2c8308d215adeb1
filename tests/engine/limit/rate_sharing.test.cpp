#include "several_engines.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace dialogferry::engine;
using namespace dialogferry::engine::simulated;
using namespace std::chrono_literals;

namespace {

constexpr Moment plateau = 120s;

RateOptions ceiling(double rate, double burst) {
  return {.rate = rate, .burst = burst, .connections = 32};
}

double sent_between(const std::vector<Moment>& sends, Moment from, Moment to) {
  return static_cast<double>(
      std::count_if(sends.begin(), sends.end(), [&](Moment at) { return at >= from && at < to; }));
}

} // namespace

TEST_CASE("Several engines send no more in any second than one would, and all of it",
          "[engine][limiter][sharing]") {
  const auto [rate, burst] =
      GENERATE(std::pair{500.0, 100.0}, std::pair{300.0, 1.0}, std::pair{20.0, 5.0}, std::pair{1000.0, 10.0});
  const auto count = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5});
  const auto seed = GENERATE(1U, 2U);
  INFO(count << " engines, rate " << rate << ", burst " << burst << ", seed " << seed);
  SeveralEngines engines{count, ceiling(rate, burst), {.slowest = 5ms}, seed};
  const auto run = engines.run(30s);
  CHECK(static_cast<double>(most_in_a_second(run.sends)) <= rate + burst);
  CHECK(sent_between(run.sends, 2s, 30s) >= 0.98 * 28 * rate);
  for (std::size_t who = 0; who < count; ++who)
    CHECK(sent_between(engines.sends(who), 2s, 30s) >= 0.9 * 28 * rate / static_cast<double>(count));
}

TEST_CASE("Shares follow demand, and nobody starves", "[engine][limiter][sharing]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  SeveralEngines engines{3, ceiling(300, 30), {.slowest = 5ms}, seed, {0, 40, 5}};
  const auto run = engines.run(30s);
  CHECK(static_cast<double>(most_in_a_second(run.sends)) <= 330);
  CHECK(sent_between(run.sends, 2s, 30s) >= 0.94 * 28 * 300);
  CHECK(engines.simulation().caller(1).waiting <= 3);
  CHECK(engines.simulation().caller(2).waiting <= 1);
}

TEST_CASE("What engines leave goes to the others at once, and comes back to who comes again",
          "[engine][limiter][sharing]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  SeveralEngines engines{3, ceiling(300, 30), {.slowest = 5ms}, seed};
  engines.simulation().at(10s, [&](Moment) { engines.kill(1); });
  engines.simulation().at(20s, [&](Moment) { engines.kill(2); });
  const auto run = engines.run(30s);
  CHECK(static_cast<double>(most_in_a_second(run.sends)) <= 330);
  // At most 100 ms worth of the whole is lost, and what others take to hear of it.
  CHECK(sent_between(run.sends, 10s, 11s) >= 300 - 60);
  CHECK(sent_between(run.sends, 11s, 20s) >= 0.98 * 9 * 300);
  CHECK(sent_between(engines.sends(0), 21s, 30s) >= 0.98 * 9 * 300);
}

TEST_CASE("Without a limit nothing is held back", "[engine][limiter][sharing]") {
  SeveralEngines engines{3, ceiling(0, 1), {.fastest = 200us, .slowest = 1400us}, 1};
  const auto run = engines.run(3s);
  CHECK(run.accepted(0, 3) >= 0.99 * 3 * 3 * 32 / 0.0008);
}

TEST_CASE("Several engines find, keep and follow a limit nobody told of, as one does",
          "[engine][limiter][sharing][limit]") {
  const auto limits =
      GENERATE(std::vector<double>{300, 100}, std::vector<double>{100, 300, 50},
               std::vector<double>{1000, 20, 2000}, std::vector<double>{200, 190, 210, 30, 900});
  const auto retry_after = GENERATE(RetryAfter::never, RetryAfter::always);
  const auto count = GENERATE(std::size_t{2}, std::size_t{3});
  const auto seed = GENERATE(1U, 2U, 3U);
  std::vector<Step> steps;
  for (const auto limit : limits)
    steps.push_back({plateau * steps.size(), limit});
  SeveralEngines engines{count, ceiling(0, 1), {.steps = steps, .retry_after = retry_after}, seed};
  const auto run = engines.run(plateau * limits.size());
  for (std::size_t i = 0; i < limits.size(); ++i) {
    INFO(count << " engines, Retry-After " << (retry_after == RetryAfter::always) << ", seed " << seed << ", "
               << limits[i] << "/s, the " << i << "th");
    const auto begin = i * 120;
    CHECK(run.accepted(begin + 15, begin + 120) >= 0.95 * 105 * limits[i]);
    CHECK(run.throttled_share(begin + 15, begin + 120) < 0.01);
  }
}

TEST_CASE("A limit that was found outlives who has found it", "[engine][limiter][sharing][limit]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  SeveralEngines engines{3, ceiling(0, 1), {.steps = {{0s, 200}}}, seed};
  std::optional<std::size_t> led;
  engines.simulation().at(60s, [&](Moment) {
    led = engines.leader();
    engines.kill(*led);
  });
  const auto run = engines.run(120s);
  REQUIRE(led);
  CHECK(run.accepted(61, 65) >= 0.9 * 4 * 200);
  CHECK(run.accepted(65, 120) >= 0.95 * 55 * 200);
  CHECK(run.throttled_share(60, 120) < 0.01);
}

TEST_CASE("Exchanges that are late now and then cost little", "[engine][limiter][sharing][limit]") {
  const auto stall = GENERATE(Moment{150ms}, Moment{600ms});
  SeveralEngines engines{3, ceiling(0, 1), {.steps = {{0s, 300}, {120s, 100}}}, 1};
  engines.most_late = 50ms;
  engines.stall = stall;
  const auto run = engines.run(240s);
  CHECK(run.accepted(15, 120) >= 0.9 * 105 * 300);
  CHECK(run.accepted(135, 240) >= 0.9 * 105 * 100);
  CHECK(run.throttled_share(15, 120) < 0.02);
  CHECK(run.throttled_share(135, 240) < 0.02);
}

TEST_CASE("Noise at one of several engines is no limit for all", "[engine][limiter][sharing][limit]") {
  const auto seed = GENERATE(range(1U, 6U));
  SeveralEngines engines{
      3, ceiling(0, 1), {.slowest = 9ms, .random_429 = 0.02, .random_503 = 0.01, .random_5xx = 0.01}, seed};
  const auto run = engines.run(60s);
  CHECK(run.accepted(0, 60) >= 0.9 * 60 * 3 * 32 / 0.005);
}
