#include "places.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace altinn_sim;
using namespace std::chrono_literals;

namespace {

struct Load {
  double per_second = 0;
  double answer_ms = 0;
};

/// Clients that each send the next request a fifth of a millisecond after the answer to the one before.
Load load_of(Places& places, unsigned clients, int requests) {
  std::vector<std::int64_t> sends(clients, 0);
  std::int64_t waited = 0;
  std::int64_t last = 0;
  for (int at = 0; at < requests; ++at) {
    auto next = std::min_element(sends.begin(), sends.end());
    auto turn = places.take(*next);
    waited += turn.ends_us - *next;
    last = turn.ends_us;
    *next = turn.ends_us + 200;
  }
  return {requests * 1e6 / static_cast<double>(last), static_cast<double>(waited) / requests / 1e3};
}

} // namespace

TEST_CASE("as many requests are worked on at once as there are places, the others in the order they came",
          "[OD-13]") {
  Places places(2, 5ms);
  auto take = [&](std::int64_t now_us) {
    auto turn = places.take(now_us);
    return std::pair(turn.begins_us, turn.ends_us);
  };
  using Times = std::pair<std::int64_t, std::int64_t>;
  CHECK(take(0) == Times(0, 5000));
  CHECK(take(1000) == Times(1000, 6000));
  CHECK(take(1000) == Times(5000, 10'000));
  CHECK(take(1500) == Times(6000, 11'000));
  CHECK(take(20'000) == Times(20'000, 25'000));
}

TEST_CASE("without places nobody waits for another", "[OD-13]") {
  Places places(0, 5ms);
  for (int at = 0; at < 100; ++at)
    CHECK(places.take(7).ends_us == 5007);
}

TEST_CASE("four clients carry 95 % of what 32 carry, at an eighth of the answer time", "[OD-13]") {
  Places few(4, 5ms);
  Places many(4, 5ms);
  auto four = load_of(few, 4, 10'000);
  auto thirty_two = load_of(many, 32, 10'000);
  CHECK(four.per_second >= 0.95 * thirty_two.per_second);
  CHECK(four.answer_ms <= thirty_two.answer_ms / 7.5);
}
