#include "hidden_limit.hpp"

#include <dialogferry/engine/limit/rate_controller.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

/// A controller with 32 in flight at moment 0.
RateController busy(double jitter) {
  RateController limiter{{.rate = 0, .burst = 1, .connections = 32}, [jitter] { return jitter; }};
  CHECK(limiter.acquire_up_to(32, 0s) == 32);
  return limiter;
}

} // namespace

TEST_CASE("Retry-After is a floor for everybody, and the longest one wins", "[engine][limiter][pause]") {
  const auto signal = GENERATE(Signal::throttled, Signal::overloaded);
  auto limiter = busy(0);
  limiter.on_answer(0s, 10ms, signal, 3s);
  limiter.on_answer(0s, 20ms, signal, 1s);
  limiter.on_answer(0s, 20ms, Signal::success);
  CHECK(limiter.view(20ms).reason == RateReason::pause);
  for (Moment now = 20ms; now < 3010ms; now += 10ms)
    REQUIRE_FALSE(limiter.try_acquire(now));
  CHECK(limiter.next_chance(1s) == Moment{3010ms});
}

TEST_CASE("Jitter lies above the floor and spreads the restart", "[engine][limiter][pause]") {
  std::set<Moment> restarts;
  for (const double jitter : {0.0, 0.3, 0.6, 0.999}) {
    auto limiter = busy(jitter);
    for (int i = 0; i < 32; ++i)
      limiter.on_answer(0s, 10ms, Signal::overloaded, 1s);
    const auto restart = limiter.next_chance(20ms).value();
    CHECK(restart >= 1010ms);
    CHECK(restart <= 1110ms);
    restarts.insert(restart);
    CHECK(limiter.acquire_up_to(32, restart) == 1);
    CHECK(limiter.acquire_up_to(32, restart + 50ms) < 20);
    CHECK(limiter.next_chance(restart + 50ms).has_value());
  }
  CHECK(restarts.size() == 4);
}

TEST_CASE("A pause decided elsewhere holds everybody, and a shorter one does not cut it",
          "[engine][limiter][pause]") {
  RateController limiter{{.rate = 10, .burst = 1, .connections = 4}, [] { return 0.5; }};
  limiter.pause_until(5s);
  limiter.pause_until(2s);
  CHECK_FALSE(limiter.try_acquire(4999ms));
  CHECK(limiter.next_chance(4999ms) == Moment{5s});
  CHECK(limiter.try_acquire(5s));
}

TEST_CASE("Other options count from now on and keep what is in flight", "[engine][limiter]") {
  RateController limiter{{.rate = 0, .burst = 1, .connections = 8}, [] { return 0.5; }};
  CHECK(limiter.acquire_up_to(8, 0s) == 8);
  limiter.configure({.rate = 10, .burst = 2, .connections = 12}, 1s);
  CHECK(limiter.acquire_up_to(8, 1s) == 2);
  CHECK(limiter.view(1s).in_flight == 10);
  CHECK(limiter.view(1s).reason == RateReason::configured_rate);
  CHECK(limiter.view(1s).rate == 10);
  limiter.configure({.rate = 0, .burst = 2, .connections = 4}, 2s);
  CHECK_FALSE(limiter.try_acquire(2s));
}

TEST_CASE("Not adaptive: 429 without Retry-After and slow answers change nothing", "[engine][limiter]") {
  RateController limiter{{.rate = 0, .burst = 1, .connections = 32, .adaptive = false}, [] { return 0.5; }};
  simulated::Target target{.steps = {{0s, 100}}};
  const auto run = simulated::Simulation{limiter, target, 1}.run(10s);
  CHECK(limiter.view(10s).concurrency_limit == 32);
  CHECK_FALSE(limiter.view(10s).found_limit.has_value());
  CHECK(run.sends.size() > 10'000);
}

TEST_CASE("Pauses that run into one another are one, as long as from the first to the last",
          "[engine][limiter][pause][OR-9]") {
  auto limiter = busy(0);
  limiter.on_answer(0s, 1s, Signal::throttled, 3s);
  CHECK(limiter.view(2s).pause == Moment{3s});
  limiter.on_answer(0s, 3s, Signal::throttled, 3s);
  CHECK(limiter.view(5s).pause == Moment{5s});
  limiter.on_answer(0s, 10s, Signal::throttled, 1s);
  CHECK(limiter.view(10s).pause == Moment{1s});
  CHECK(limiter.view(12s).pause == Moment{0s});
}
