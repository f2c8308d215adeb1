#include "hidden_limit.hpp"

#include <dialogferry/engine/limit/knee.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry::engine;
using namespace dialogferry::engine::simulated;
using namespace std::chrono_literals;

namespace {

RateController unlimited(std::uint32_t connections) {
  return RateController{{.rate = 0, .burst = 1, .connections = connections}, [] { return 0.5; }};
}

/// So many are worked on at once, each for `each`; the others wait for their turn.
Target with_places(std::uint32_t places, Moment each) {
  return {.answer_time = [=](Moment, std::uint32_t busy, std::mt19937& random) {
    const auto spread = 0.9 + 0.2 * static_cast<double>(random()) / 4294967296.0;
    return from_seconds(spread * in_seconds(each) * std::max(1.0, static_cast<double>(busy) / places));
  }};
}

} // namespace

TEST_CASE("Where more places bring waiting only, the fewest that carry the most are used",
          "[engine][limiter][knee][OD-13]") {
  const auto knee = GENERATE(1U, 2U, 4U, 6U, 12U);
  const auto seed = GENERATE(1U, 2U, 3U);
  CAPTURE(knee, seed);
  auto limiter = unlimited(32);
  const auto run = Simulation{limiter, with_places(knee, 20ms), seed}.run(120s);
  for (std::size_t second = 60; second < 120; ++second)
    CHECK(run.seconds[second].concurrency <= knee + std::max(1.0, 0.5 * knee));
  CHECK(run.accepted(60, 120) >= 0.95 * 60 * knee / 0.020);
}

TEST_CASE("Where every place carries its part all are used", "[engine][limiter][knee]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  auto limiter = unlimited(32);
  const auto run = Simulation{limiter, with_places(1000, 20ms), seed}.run(120s);
  for (std::size_t second = 1; second < 120; ++second)
    CHECK(run.seconds[second].concurrency == 32);
  CHECK(run.accepted(2, 120) >= 0.98 * 118 * 32 / 0.020);
}

TEST_CASE("Looking costs next to nothing where every place carries its part", "[engine][limiter][knee]") {
  const auto answer_time = GENERATE(Moment{20ms}, Moment{100ms});
  auto limiter = unlimited(32);
  const auto run = Simulation{limiter, with_places(1000, answer_time), 1}.run(15s);
  CHECK(run.accepted(0, 15) >= 0.94 * 15 * 32 / in_seconds(answer_time));
}

TEST_CASE("A knee is found whatever the requests are", "[engine][limiter][knee]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  auto limiter = unlimited(32);
  auto target = with_places(4, 20ms);
  target.slower = Slower{20, [](Moment now) { return in_seconds(now) < 40 ? 0 : 0.1; }};
  const auto run = Simulation{limiter, target, seed}.run(160s);
  for (std::size_t second = 100; second < 160; ++second)
    CHECK(run.seconds[second].concurrency <= 6);
  CHECK(run.accepted(100, 160) >= 0.9 * 60 * 4 / (0.9 * 0.020 + 0.1 * 0.400));
}

TEST_CASE("A knee that moves is followed both ways", "[engine][limiter][knee]") {
  auto limiter = unlimited(32);
  Target target{.answer_time = [](Moment now, std::uint32_t busy, std::mt19937& random) {
    const auto places = now < 60s ? 16.0 : now < 180s ? 3.0 : 16.0;
    return from_seconds((0.018 + 0.004 * static_cast<double>(random()) / 4294967296.0) *
                        std::max(1.0, busy / places));
  }};
  const auto run = Simulation{limiter, target, 1}.run(400s);
  CHECK(run.seconds[59].concurrency >= 16);
  CHECK(run.seconds[119].concurrency <= 5);
  CHECK(run.seconds[399].concurrency >= 16);
  CHECK(run.accepted(320, 400) >= 0.95 * 80 * 16 / 0.020);
}

TEST_CASE("Behind a rate of one's own the places are not judged", "[engine][limiter][knee]") {
  RateController limiter{{.rate = 100, .burst = 10, .connections = 32}, [] { return 0.5; }};
  const auto run = Simulation{limiter, with_places(2, 10ms), 1}.run(30s);
  CHECK(run.accepted(5, 30) >= 0.98 * 25 * 100);
}
