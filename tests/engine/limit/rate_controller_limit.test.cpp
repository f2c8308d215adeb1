#include "hidden_limit.hpp"

#include <dialogferry/engine/limit/rate_controller.hpp>

#include <catch2/catch.hpp>

#include <utility>

using namespace dialogferry::engine;
using namespace dialogferry::engine::simulated;
using namespace std::chrono_literals;

namespace {

constexpr Moment plateau = 120s;

RateController::Random seeded(unsigned seed) {
  return [engine = std::mt19937{seed}]() mutable { return static_cast<double>(engine()) / 4294967296.0; };
}

std::vector<Step> plateaus(const std::vector<double>& limits) {
  std::vector<Step> steps;
  for (const auto limit : limits)
    steps.push_back({plateau * steps.size(), limit});
  return steps;
}

std::string text_of(RetryAfter retry_after) {
  switch (retry_after) {
  case RetryAfter::never: return "no Retry-After";
  case RetryAfter::always: return "Retry-After";
  case RetryAfter::alternating: return "Retry-After now and then";
  }
  return {};
}

/// From 15 s after each step at least 95 % of what the target and the connections allow is accepted, and from
/// 5 s after it fewer than 1 % of the answers are 429.
void check_plateaus(const Run& run, const std::vector<double>& limits, double most) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto begin = i * 120;
    const auto allowed = limits[i] > 0 ? std::min(limits[i], most) : most;
    INFO("plateau " << i << " of " << limits[i] << "/s");
    CHECK(run.accepted(begin + 15, begin + 120) >= 0.95 * allowed * 105);
    CHECK(run.throttled_share(begin + 5, begin + 120) < 0.01);
  }
}

} // namespace

TEST_CASE("A limit the target does not tell is found, kept and followed", "[engine][limiter][limit]") {
  const auto limits = GENERATE(std::vector<double>{100, 300, 50}, std::vector<double>{1000, 20, 2000},
                               std::vector<double>{0, 500}, std::vector<double>{200, 190, 210, 30, 900});
  const auto retry_after = GENERATE(RetryAfter::never, RetryAfter::always, RetryAfter::alternating);
  const auto seed = GENERATE(1U, 2U, 3U);
  INFO(text_of(retry_after) << ", seed " << seed);

  RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, seeded(seed)};
  Target target{.steps = plateaus(limits), .retry_after = retry_after};
  const auto run = Simulation{limiter, target, seed}.run(plateau * limits.size());
  check_plateaus(run, limits, 32 / 0.0255);
}

TEST_CASE("A target with a small burst, or a large one, is used well too", "[engine][limiter][limit]") {
  const auto burst = GENERATE(0.1, 3.0);
  RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, seeded(4)};
  Target target{.steps = plateaus({100, 300, 50}), .burst_seconds = burst};
  const auto run = Simulation{limiter, target, 4}.run(3 * plateau);
  check_plateaus(run, {100, 300, 50}, 32 / 0.0255);
}

TEST_CASE("The configured rate stays the ceiling while a lower limit is found and lost again",
          "[engine][limiter][limit]") {
  const auto retry_after = GENERATE(RetryAfter::never, RetryAfter::always);
  RateController limiter{{.rate = 250, .burst = 50, .connections = 32}, seeded(5)};
  Target target{.steps = plateaus({100, 400, 60}), .retry_after = retry_after};
  const auto run = Simulation{limiter, target, 5}.run(3 * plateau);
  CHECK(most_in_a_second(run.sends) <= 300);
  check_plateaus(run, {100, 250, 60}, 250);
}

TEST_CASE("Without a limit at the target nothing is found, and all connections stay busy",
          "[engine][limiter][limit]") {
  RateController limiter{{.rate = 0, .burst = 1, .connections = 64}, seeded(6)};
  Target target{.fastest = 200us, .slowest = 1400us};
  const auto run = Simulation{limiter, target, 6}.run(5s);
  CHECK(run.accepted(0, 5) >= 0.99 * 5 * 64 / 0.0008);
  CHECK_FALSE(limiter.view(5s).found_limit.has_value());
  CHECK(limiter.view(5s).concurrency_limit == 64);
  CHECK(limiter.view(5s).reason == RateReason::free);
}

TEST_CASE("A sprinkle of 429 and 5xx that no rate makes go away is no limit", "[engine][limiter][limit]") {
  const auto seed = GENERATE(range(1U, 11U));
  SECTION("without a ceiling the target's speed is used") {
    RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, seeded(seed)};
    Target target{.slowest = 9ms, .random_429 = 0.02, .random_503 = 0.01, .random_5xx = 0.01};
    const auto run = Simulation{limiter, target, seed}.run(60s);
    CHECK(run.accepted(0, 60) >= 0.9 * 60 * 32 / 0.005);
  }
  SECTION("with a ceiling the ceiling is") {
    RateController limiter{{.rate = 500, .burst = 100, .connections = 32}, seeded(seed)};
    Target target{.random_429 = 0.02, .random_503 = 0.01, .random_5xx = 0.01};
    const auto run = Simulation{limiter, target, seed}.run(60s);
    CHECK(static_cast<double>(run.sends.size()) >= 0.9 * 60 * 500);
    CHECK(most_in_a_second(run.sends) <= 600);
  }
}

TEST_CASE("A sprinkle of refusals that each ask for a pause stops only what was refused",
          "[engine][limiter][limit][pause]") {
  const auto seed = GENERATE(range(1U, 11U), values({12U, 35U, 42U})); // many refusals to begin with
  const auto connections = GENERATE(32U, 4U);
  INFO("seed " << seed << ", connections " << connections);
  RateController limiter{{.rate = 0, .burst = 1, .connections = connections}, seeded(seed)};
  const auto slowest = GENERATE(Moment{9ms}, Moment{49ms});
  const auto share = GENERATE(0.02, 0.04);
  INFO("slowest answers " << in_seconds(slowest) << " s, share of each " << share);
  Target target{.slowest = slowest, .random_429 = share, .random_503 = 0.02, .random_retry_after = 1s};
  const auto run = Simulation{limiter, target, seed}.run(120s);
  const auto most = 120 * connections / in_seconds((slowest + 1ms) / 2);
  CHECK(run.accepted(0, 120) >= 0.9 * (1 - share) * most);
}

TEST_CASE("A run that has just begun does not take a sprinkle for a limit",
          "[engine][limiter][limit][pause]") {
  const auto seed = GENERATE(range(1U, 11U));
  INFO("seed " << seed);
  const auto asked = [](Moment now) { // applications and people are looked up first
    return RateOptions{.rate = now < 1s ? 400.0 : 0.0, .burst = 10, .connections = 32};
  };
  RateController limiter{asked(0s), seeded(seed)};
  Target target{.slowest = 9ms, .random_429 = 0.02, .random_503 = 0.02, .random_retry_after = 1s};
  const auto run = Simulation{limiter, target, seed}.run(7s, [&, last = 400.0](Moment now) mutable {
    const auto options = asked(now);
    if (std::exchange(last, options.rate) != options.rate) limiter.configure(options, now);
  });
  CHECK(run.accepted(1, 7) >= 0.8 * 0.98 * 6 * 32 / 0.005);
}

TEST_CASE("What was sent while little was asked for is rarely taken for a limit when more is",
          "[engine][limiter][limit][pause]") {
  const auto asked = [](Moment now) {
    return RateOptions{.rate = now / 5s % 2 == 0 ? 100.0 : 900.0, .burst = 20, .connections = 32};
  };
  double accepted = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    RateController limiter{asked(0s), seeded(seed)};
    Target target{.slowest = 49ms, .random_429 = 0.04, .random_503 = 0.02, .random_retry_after = 1s};
    const auto run = Simulation{limiter, target, seed}.run(120s, [&, last = 0.0](Moment now) mutable {
      const auto options = asked(now);
      if (std::exchange(last, options.rate) != options.rate) limiter.configure(options, now);
    });
    accepted += run.accepted(0, 120);
  }
  CHECK(accepted >= 0.85 * 10 * 120 * 500 * 0.96);
}

TEST_CASE("A limit and a sprinkle of 429 at once leave at least half of the limit",
          "[engine][limiter][limit]") {
  const auto retry_after = GENERATE(RetryAfter::never, RetryAfter::always, RetryAfter::alternating);
  const auto seed = GENERATE(range(1U, 6U));
  INFO(text_of(retry_after) << ", seed " << seed);
  RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, seeded(seed)};
  Target target{
      .steps = plateaus({100, 300, 50}), .retry_after = retry_after, .random_429 = 0.02, .random_5xx = 0.02};
  const auto run = Simulation{limiter, target, seed}.run(3 * plateau);
  CHECK(run.accepted(15, 120) >= 0.5 * 105 * 100);
  CHECK(run.accepted(135, 240) >= 0.5 * 105 * 300);
  CHECK(run.accepted(255, 360) >= 0.5 * 105 * 50);
}

TEST_CASE("A limit found is named with its reason", "[engine][limiter][limit]") {
  RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, seeded(7)};
  Simulation{limiter, {.steps = {{0s, 100}}}, 7}.run(20s);
  const auto view = limiter.view(20s);
  CHECK(view.found_limit.value() == Approx(100).epsilon(0.05));
  CHECK(view.reason == RateReason::found_limit);
}
