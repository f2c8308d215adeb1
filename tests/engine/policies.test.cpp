#include <dialogferry/engine/carry/lanes.hpp>
#include <dialogferry/engine/limit/outage.hpp>
#include <dialogferry/engine/restart.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace std::chrono_literals;

TEST_CASE("Restarts wait longer each time, up to the last delay, and end in parking", "[engine][restart]") {
  RestartPolicy policy({5, 10min, 500ms, 3s});
  Moment now{0};
  for (const auto delay : {500ms, 1000ms, 2000ms, 3000ms, 3000ms})
    CHECK(policy.on_failure(now += 1s, 1.0) == delay);
  CHECK_FALSE(policy.on_failure(now += 1s, 1.0).has_value());
}

TEST_CASE("Failures that lie outside the window are forgotten", "[engine][restart]") {
  RestartPolicy policy({1, 1min, 500ms, 3s});
  CHECK(policy.on_failure(0s, 0.0) == 250ms);
  CHECK(policy.on_failure(61s, 0.0) == 250ms);
  CHECK_FALSE(policy.on_failure(62s, 0.0).has_value());
}

TEST_CASE("A failing request beside others that succeed is no outage", "[engine][outage]") {
  OutageDetector detector;
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(detector.on_failure());
    detector.on_alive();
  }
  CHECK(detector.state() == OutageDetector::State::up);
}

TEST_CASE("A run of failures asks for one probe, and the probe decides", "[engine][outage]") {
  OutageDetector detector;
  int probes = 0;
  for (int i = 0; i < 20; ++i)
    probes += detector.on_failure() ? 1 : 0;
  CHECK(probes == 1);
  CHECK(detector.state() == OutageDetector::State::suspect);

  SECTION("answered: the failures were the requests' own") {
    CHECK(detector.on_probe(true, 1s) == 0ms);
    CHECK(detector.state() == OutageDetector::State::up);
    for (int i = 0; i < 4; ++i)
      CHECK_FALSE(detector.on_failure());
    CHECK(detector.on_failure());
  }
  SECTION("not answered: down, with growing pauses, until a probe is") {
    CHECK(detector.on_probe(false, 7s) == 250ms);
    CHECK(detector.state() == OutageDetector::State::down);
    CHECK(detector.on_probe(false, 8s) == 500ms);
    CHECK(detector.since() == Moment{7s});
    detector.on_alive();
    CHECK(detector.state() == OutageDetector::State::down);
    for (int i = 0; i < 10; ++i)
      CHECK(detector.on_probe(false, 9s) <= 5s);
    CHECK(detector.on_probe(true, 10s) == 0ms);
    CHECK(detector.state() == OutageDetector::State::up);
  }
}

TEST_CASE("A dialog has one piece of work under way; the rest waits in order", "[engine][lanes]") {
  Lanes<int> lanes;
  const Uuid a = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  const Uuid b = *parse_uuid("6f3da581-76f9-412c-ba01-44e375b5bc79");
  CHECK(lanes.enter(a, 1) == 1);
  CHECK_FALSE(lanes.enter(a, 2).has_value());
  CHECK_FALSE(lanes.enter(a, 3).has_value());
  CHECK(lanes.enter(b, 4) == 4);
  CHECK(lanes.waiting() == 2);
  CHECK(lanes.leave(a) == 2);
  CHECK_FALSE(lanes.leave(b).has_value());
  CHECK(lanes.leave(a) == 3);
  CHECK_FALSE(lanes.leave(a).has_value());
  CHECK(lanes.busy() == 0);
}
