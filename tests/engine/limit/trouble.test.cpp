#include <dialogferry/engine/hope.hpp>
#include <dialogferry/engine/limit/trouble.hpp>

#include <catch2/catch.hpp>

#include <chrono>

using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

Trouble in_trouble(Moment now) {
  Trouble trouble;
  for (int i = 0; i < 8; ++i)
    trouble.refused(false, now);
  return trouble;
}

} // namespace

TEST_CASE("A few refusals, or as many as succeed, are no trouble", "[engine][trouble][OD-2]") {
  Trouble trouble;
  for (int i = 0; i < 7; ++i)
    trouble.refused(false, 0s);
  CHECK_FALSE(trouble.on());
  for (int i = 0; i < 100; ++i) {
    trouble.passed(false, 0s);
    trouble.refused(false, 0s);
  }
  CHECK_FALSE(trouble.on());
  CHECK(trouble.may_go(5, 0s) == 5);
}

TEST_CASE("In trouble one goes at a time, with growing pauses to five seconds", "[engine][trouble][OD-2]") {
  auto trouble = in_trouble(100s);
  REQUIRE(trouble.on());
  Moment now = 100s;
  for (const Moment pause : {Moment{500ms}, Moment{1s}, Moment{2s}, Moment{4s}, Moment{5s}, Moment{5s}}) {
    CHECK(trouble.next() == now + pause);
    CHECK(trouble.may_go(64, now + pause - 1ms) == 0);
    now += pause;
    CHECK(trouble.may_go(64, now) == 1);
    CHECK(trouble.may_go(63, now + 60s) == 0); // the probe is under way
    trouble.refused(true, now);
  }
}

TEST_CASE("What others are refused while one probes does not hold the probe back", "[engine][trouble]") {
  auto trouble = in_trouble(0s);
  for (int i = 0; i < 100; ++i)
    trouble.refused(false, 400ms);
  CHECK(trouble.may_go(100, 500ms) == 1);
}

TEST_CASE("When a probe passes the others go, twice as many each time, until nothing is in trouble",
          "[engine][trouble][OD-2]") {
  auto trouble = in_trouble(0s);
  CHECK(trouble.may_go(64, 1s) == 1);
  trouble.passed(true, 1s);
  CHECK(trouble.may_go(63, 1s) == 2);
  trouble.passed(true, 1s);
  CHECK(trouble.may_go(61, 1s) == 3);
  trouble.passed(true, 1s);
  trouble.passed(true, 1s);
  CHECK_FALSE(trouble.on());
  CHECK(trouble.may_go(58, 1s) == 58);
}

TEST_CASE("A refusal while the others go makes it one at a time again", "[engine][trouble]") {
  auto trouble = in_trouble(0s);
  CHECK(trouble.may_go(64, 1s) == 1);
  trouble.passed(true, 1s);
  CHECK(trouble.may_go(63, 1s) == 2);
  trouble.refused(true, 2s);
  CHECK(trouble.may_go(62, 2s) == 0);
  trouble.refused(true, 2s);
  CHECK(trouble.may_go(62, 10s) == 1);
}

TEST_CASE("A run waits for what waits as long as some of it is carried now and then",
          "[engine][hope][OD-2]") {
  Hope hope(2min);
  CHECK_FALSE(hope.is_there(0s));
  CHECK_FALSE(hope.is_lost(1h));
  hope.looked(5, 10s);
  CHECK(hope.is_there(129s));
  CHECK(hope.is_lost(130s));
  hope.looked(6, 129s);
  CHECK(hope.is_lost(130s)); // more of it is no hope
  hope.looked(5, 140s);
  CHECK(hope.is_there(259s));
  hope.looked(0, 150s);
  CHECK_FALSE(hope.is_there(150s));
  CHECK_FALSE(hope.is_lost(1h));
}
