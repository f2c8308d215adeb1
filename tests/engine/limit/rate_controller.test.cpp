#include <dialogferry/engine/limit/rate_controller.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <random>

using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

RateController::Random seeded(unsigned seed) {
  return [engine = std::mt19937{seed}]() mutable { return static_cast<double>(engine()) / 4294967296.0; };
}

} // namespace

TEST_CASE("In any second at most rate + burst attempts start, and the rate is reached in the long run",
          "[engine][limiter]") {
  const auto [rate, burst] =
      GENERATE(std::pair{10.0, 5.0}, std::pair{500.0, 100.0}, std::pair{333.3, 1.0}, std::pair{0.7, 2.0});
  RateController limiter{{.rate = rate, .burst = burst, .connections = 1'000'000}, seeded(1)};
  std::deque<Moment> last_second;
  std::size_t most = 0;
  std::size_t total = 0;
  const auto end = from_seconds(std::max(20.0, 1000 / rate));
  for (Moment now{0}; now < end;) {
    while (limiter.try_acquire(now)) {
      last_second.push_back(now);
      ++total;
    }
    while (last_second.front() < now - 1s)
      last_second.pop_front();
    most = std::max(most, last_second.size());
    now = limiter.next_chance(now).value();
  }
  CHECK(static_cast<double>(most) <= rate + burst);
  CHECK(static_cast<double>(most) >= std::floor(rate + burst) - 1);
  CHECK(static_cast<double>(total) >= 0.99 * rate * in_seconds(end));
}

TEST_CASE("Without a ceiling all connections are used at once, and a place is free again with its answer",
          "[engine][limiter]") {
  RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, seeded(1)};
  CHECK(limiter.acquire_up_to(100, 0s) == 32);
  CHECK_FALSE(limiter.try_acquire(1s));
  CHECK_FALSE(limiter.next_chance(1s).has_value());
  limiter.on_answer(0s, 1s, Signal::success);
  CHECK(limiter.acquire_up_to(100, 1s) == 1);
}

TEST_CASE("Attempts given back leave no trace in the rate", "[engine][limiter]") {
  RateController limiter{{.rate = 1, .burst = 10, .connections = 32}, seeded(1)};
  CHECK(limiter.acquire_up_to(10, 0s) == 10);
  limiter.give_back(4);
  CHECK(limiter.view(0s).in_flight == 6);
  CHECK(limiter.acquire_up_to(10, 0s) == 4);
}

TEST_CASE("What went out without being acquired is paid from what flows in next", "[engine][limiter]") {
  RateController limiter{{.rate = 10, .burst = 5, .connections = 100}, seeded(1)};
  CHECK(limiter.acquire_up_to(3, 0s) == 3);
  limiter.charge(6);
  CHECK(limiter.acquire_up_to(10, 0s) == 0);
  CHECK(limiter.next_chance(0s) >= 500ms);
  CHECK(limiter.acquire_up_to(10, 400ms) == 0);
  CHECK(limiter.acquire_up_to(10, 610ms) == 2);
}
