#include "support.hpp"

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;

namespace {

double seconds_until(Instant at) {
  return static_cast<double>(at.ticks - now.ticks) / Instant::per_second;
}

} // namespace

TEST_CASE("The rate is that of the last minute", "[status]") {
  CHECK(current_rate({}, now) == 0);
  CHECK(current_rate(steady(50, 20), now) == Approx(50));
  CHECK(current_rate(steady(50, 3600), now) == Approx(50));
  CHECK(current_rate(steady(50, 3600, 120), now) == 0);
}

TEST_CASE("Nothing is promised before five minutes of rate", "[status]") {
  CHECK_FALSE(estimate(1000, steady(50, 290), now).has_value());
  CHECK(estimate(1000, steady(50, 300), now).has_value());
}

TEST_CASE("Work that has stopped has no end in sight, and what was before a pause does not count",
          "[status]") {
  CHECK_FALSE(estimate(1000, steady(50, 3600, 400), now).has_value());
  auto samples = steady(50, 3600, 1000);
  for (const auto& sample : steady(50, 60))
    samples.push_back(sample);
  CHECK_FALSE(estimate(1000, samples, now).has_value());
}

TEST_CASE("An even rate gives a narrow range, a falling one a wide range", "[status]") {
  const auto even = estimate(360'000, steady(100, 3600), now);
  REQUIRE(even.has_value());
  CHECK(seconds_until(even->from) == Approx(3600).epsilon(0.01));
  CHECK(seconds_until(even->to) == Approx(3960).epsilon(0.01));

  auto falling = steady(100, 2700, 900);
  for (const auto& sample : steady(20, 900))
    falling.push_back(sample);
  const auto range = estimate(360'000, falling, now);
  REQUIRE(range.has_value());
  CHECK(seconds_until(range->from) == Approx(4500).epsilon(0.02));
  CHECK(seconds_until(range->to) == Approx(18'000).epsilon(0.02));
}

TEST_CASE("However much is left, the end is a time that can be written", "[status]") {
  const auto range = estimate(1e18, steady(1, 600), now);
  REQUIRE(range.has_value());
  CHECK(to_string(range->to).size() == 20);
}
