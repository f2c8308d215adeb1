#include <dialogferry/engine/slots.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace dialogferry::engine;

TEST_CASE("What is under way is found by its number until it is taken out", "[engine][slots]") {
  Slots<std::string> slots;
  const auto first = slots.put("one");
  const auto second = slots.put("two");
  CHECK(first != 0);
  CHECK(first != second);
  CHECK(slots.at(first) == "one");
  CHECK(slots.take(first) == "one");
  CHECK(slots.find(first) == nullptr);
  CHECK_FALSE(slots.take(first));
  CHECK_THROWS_AS(slots.at(first), std::out_of_range);
  CHECK(slots.at(second) == "two");
}

TEST_CASE("A late number does not find who has its place now", "[engine][slots]") {
  Slots<std::string> slots;
  const auto late = slots.put("gone");
  slots.take(late);
  const auto now = slots.put("here");
  CHECK(now != late);
  CHECK(slots.find(late) == nullptr);
  CHECK_FALSE(slots.take(late));
  CHECK(slots.at(now) == "here");
}

TEST_CASE("References stay good while others come and go", "[engine][slots]") {
  Slots<std::string> slots;
  auto& kept = slots.at(slots.put("kept"));
  std::vector<std::uint64_t> others;
  for (int i = 0; i < 1'000; ++i)
    others.push_back(slots.put(std::to_string(i)));
  for (const auto other : others)
    slots.take(other);
  CHECK(kept == "kept");
  std::vector<std::string> left;
  slots.for_each([&](std::uint64_t, const std::string& one) { left.push_back(one); });
  CHECK(left == std::vector<std::string>{"kept"});
}
