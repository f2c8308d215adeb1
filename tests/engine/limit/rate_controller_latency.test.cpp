#include "hidden_limit.hpp"

#include <dialogferry/engine/limit/rate_controller.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry::engine;
using namespace dialogferry::engine::simulated;
using namespace std::chrono_literals;

namespace {

RateController unlimited(std::uint32_t connections) {
  return RateController{{.rate = 0, .burst = 1, .connections = connections}, [] { return 0.5; }};
}

std::uint32_t lowest(const Run& run, std::size_t from, std::size_t to) {
  auto low = run.seconds.at(from).concurrency;
  for (auto i = from; i < to; ++i)
    low = std::min(low, run.seconds.at(i).concurrency);
  return low;
}

double spread(std::mt19937& random) {
  return 0.7 + 0.6 * static_cast<double>(random()) / 4294967296.0;
}

} // namespace

TEST_CASE("A target that slows down under load gets fewer requests at once, and more when it recovers",
          "[engine][limiter][latency]") {
  auto limiter = unlimited(32);
  // 10 ms while it keeps up; between 20 s and 60 s it serves one request after another, 5 ms each.
  Target target{.answer_time = [](Moment now, std::uint32_t busy, std::mt19937& random) {
    const bool slow = now > 20s && now < 60s;
    return from_seconds(spread(random) * (slow ? std::max(0.010, 0.005 * busy) : 0.010));
  }};
  const auto run = Simulation{limiter, target, 1}.run(100s);
  CHECK(lowest(run, 2, 20) == 32);
  CHECK(lowest(run, 20, 30) <= 8);
  CHECK(run.accepted(25, 60) >= 0.8 * 35 * 200);
  CHECK(lowest(run, 75, 100) == 32);
}

TEST_CASE("A target that is slower whatever the load is not strangled for long",
          "[engine][limiter][latency]") {
  auto limiter = unlimited(32);
  Target target{.answer_time = [](Moment now, std::uint32_t, std::mt19937& random) {
    return from_seconds(spread(random) * (now > 20s ? 0.050 : 0.005));
  }};
  const auto run = Simulation{limiter, target, 2}.run(80s);
  CHECK(lowest(run, 20, 30) < 32);
  CHECK(lowest(run, 20, 80) >= 1);
  CHECK(lowest(run, 50, 80) == 32);
}

TEST_CASE("Answer times of two kinds, rare very slow ones and a slow drift leave the connections alone",
          "[engine][limiter][latency]") {
  auto limiter = unlimited(32);
  const auto seed = GENERATE(1U, 2U, 3U);
  Target target;
  SECTION("two kinds") {
    target.answer_time = [](Moment, std::uint32_t, std::mt19937& random) {
      return from_seconds(spread(random) * (random() % 2 == 0 ? 0.005 : 0.080));
    };
  }
  SECTION("one in a hundred takes seconds") {
    target.answer_time = [](Moment, std::uint32_t, std::mt19937& random) {
      return from_seconds(spread(random) * (random() % 100 == 0 ? 3.0 : 0.005));
    };
  }
  SECTION("three times slower within two minutes") {
    target.answer_time = [](Moment now, std::uint32_t, std::mt19937& random) {
      return from_seconds(spread(random) * 0.01 * (1 + std::min(2.0, in_seconds(now) / 60)));
    };
  }
  const auto run = Simulation{limiter, target, seed}.run(180s);
  CHECK(lowest(run, 0, 180) == 32);
}

TEST_CASE("Many 503 lower the requests in flight, never below one, and they come back",
          "[engine][limiter][latency]") {
  auto limiter = unlimited(32);
  Target target;
  target.answer_time = [](Moment, std::uint32_t, std::mt19937&) { return Moment{10ms}; };
  SECTION("all of them") {
    target.random_503 = 1;
    target.random_503_until = 20s;
    const auto run = Simulation{limiter, target, 1}.run(40s);
    CHECK(lowest(run, 0, 20) == 1);
    CHECK(run.seconds[20].concurrency < 32);
    CHECK(lowest(run, 30, 40) == 32);
  }
  SECTION("one in fifty is no overload") {
    target.random_503 = 0.02;
    const auto run = Simulation{limiter, target, 1}.run(30s);
    CHECK(lowest(run, 0, 30) == 32);
  }
}

namespace {

/// First only quick ones, then a twentieth that take a hundred times as long, then those alone; three seconds
/// each, again and again.
Slower in_turns() {
  return {100, [](Moment now) {
            constexpr double shares[] = {0, 0.05, 1};
            return shares[static_cast<std::size_t>(in_seconds(now) / 3) % 3];
          }};
}

} // namespace

TEST_CASE("Requests that take long by their nature are no sign of a target that is slower",
          "[engine][limiter][latency]") {
  auto limiter = unlimited(32);
  const auto seed = GENERATE(1U, 2U, 3U);
  Target target{.answer_time = [](Moment, std::uint32_t,
                                  std::mt19937& random) { return from_seconds(spread(random) * 0.002); },
                .slower = in_turns()};
  const auto run = Simulation{limiter, target, seed}.run(90s);
  CHECK(lowest(run, 1, 90) == 32);
}

TEST_CASE("A target that slows down under load is told from one that gets other requests",
          "[engine][limiter][latency]") {
  auto limiter = unlimited(32);
  Target target{.answer_time =
                    [](Moment now, std::uint32_t busy, std::mt19937& random) {
                      const bool slow = now > 30s && now < 70s;
                      return from_seconds(spread(random) * (slow ? std::max(0.002, 0.001 * busy) : 0.002));
                    },
                .slower = in_turns()};
  const auto run = Simulation{limiter, target, 1}.run(110s);
  CHECK(lowest(run, 1, 30) == 32);
  CHECK(lowest(run, 30, 45) <= 8);
  CHECK(lowest(run, 85, 110) == 32);
}
