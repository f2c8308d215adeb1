#include <dialogferry/model/digest.hpp>
#include <dialogferry/model/outcome.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/shard.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

TEST_CASE("Read is the sum of all outcomes", "[model]") {
  Counts counts;
  counts[Outcome::created] = 7;
  counts[Outcome::excluded] = 2;
  Counts more;
  more[Outcome::failed] = 1;
  counts += more;
  CHECK(counts.read() == 10);
}

TEST_CASE("A digest does not depend on the order and tells sets apart", "[model]") {
  const auto a = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  const auto b = *parse_uuid("6f3da581-76f9-412c-ba01-44e375b5bc79");
  Digest first, second, stale;
  first.add(a, {1});
  first.add(b, {2});
  second.add(b, {2});
  second.add(a, {1});
  stale.add(a, {1});
  stale.add(b, {3});
  CHECK(first == second);
  CHECK_FALSE(first == stale);
}

TEST_CASE("A shard key reads as its place", "[model]") {
  const ShardKey key{"a3-app-instances-historic", "carry", *parse_day("2025-03-01"), "ttd", 2};
  CHECK(to_string(key) == "a3-app-instances-historic/carry/2025-03-01/ttd/2");
}

TEST_CASE("A failed result carries its problem", "[model]") {
  const Result<int> result = fail("instance.created", "is missing");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().member == "instance.created");
}
