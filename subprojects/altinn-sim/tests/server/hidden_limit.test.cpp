#include "hidden_limit.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;

namespace {

constexpr std::int64_t second = 1'000'000;

LimitPlan plan(std::vector<LimitPlan::Plateau> schedule, RetryAfter retry_after = RetryAfter::on) {
  return {Api::dialogporten, std::move(schedule), 1, retry_after};
}

/// How many of `count` requests, evenly spread from `from` to `until`, are let through.
int let_through(HiddenLimit& limit, std::int64_t from, std::int64_t until, int count) {
  int allowed = 0;
  for (int at = 0; at < count; ++at)
    allowed += limit.ask(from + (until - from) * at / count).allowed ? 1 : 0;
  return allowed;
}

} // namespace

TEST_CASE("the bucket holds a second's worth and fills at its rate") {
  HiddenLimit limit(plan({{100, 120}}));
  CHECK(let_through(limit, 0, 1, 500) == 100);
  CHECK(let_through(limit, second / 2, second / 2 + 1, 500) == 50);
  // A pause of any length fills the bucket, no more.
  CHECK(let_through(limit, 60 * second, 60 * second + 1, 500) == 100);
}

TEST_CASE("a second of plenty lets through the rate, and what was saved up in the first") {
  HiddenLimit limit(plan({{100, 120}}));
  CHECK(let_through(limit, 0, second, 1000) == 199);
  for (int at = 1; at < 5; ++at)
    CHECK(let_through(limit, at * second, (at + 1) * second, 1000) == 100);
}

TEST_CASE("the rate follows its schedule from the first request on, the last one stays") {
  HiddenLimit limit(plan({{100, 120}, {300, 120}, {50, 120}}));
  std::int64_t begin = 777 * second;
  let_through(limit, begin, begin + 60 * second, 60'000);
  auto counted = [&](int from) {
    return let_through(limit, begin + from * second, begin + (from + 10) * second, 10'000);
  };
  CHECK(counted(60) == Approx(1000).margin(1));
  counted(119);
  CHECK(counted(140) == Approx(3000).margin(300)); // the bucket had filled
  CHECK(counted(150) == Approx(3000).margin(1));
  counted(239);
  CHECK(counted(249) == Approx(500).margin(51));
  CHECK(counted(259) == Approx(500).margin(1));
  CHECK(counted(1000) == Approx(500).margin(51));
}

TEST_CASE("a refusal tells when to come again, never, or every other time") {
  auto answers = [](RetryAfter mode) {
    HiddenLimit limit(plan({{0.5, 10}}, mode));
    std::vector<int> told;
    for (int at = 0; at < 4; ++at)
      told.push_back(limit.ask(0).retry_after_s.value_or(0));
    return told;
  };
  CHECK(answers(RetryAfter::on) == std::vector<int>{1, 1, 1, 1});
  CHECK(answers(RetryAfter::off) == std::vector<int>{0, 0, 0, 0});
  CHECK(answers(RetryAfter::alternate) == std::vector<int>{1, 0, 1, 0});
  HiddenLimit slow(plan({{0.1, 10}}));
  CHECK(slow.ask(0).retry_after_s == 9);
}

TEST_CASE("each second's allowed and refused requests can be read, with its plateau") {
  HiddenLimit limit(plan({{10, 2}, {20, 2}}));
  for (int at = 0; at < 3; ++at)
    let_through(limit, at * second, at * second + 1, 30);
  auto seconds = limit.as_json().at("seconds").as_array();
  REQUIRE(seconds.size() == 3);
  CHECK(seconds[0] ==
        boost::json::value{{"second", 0}, {"plateau", 0}, {"rate", 10.0}, {"allowed", 10}, {"refused", 20}});
  CHECK(seconds[2].at("plateau") == 1);
  CHECK(seconds[2].at("rate") == 20.0);
}
