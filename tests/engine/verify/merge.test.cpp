#include <dialogferry/engine/verify/merge.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

using namespace dialogferry;
using namespace dialogferry::engine::verify;

namespace {

Head head(std::uint8_t id, std::int64_t updated) {
  Head head;
  head.dialog.bytes[15] = id;
  head.record.guid.bytes[15] = id;
  head.record.party = 50'000'000 + id;
  head.created = 1;
  head.updated = updated;
  head.party = 7;
  head.resource = 9;
  return head;
}

std::vector<Suspect> compared(std::vector<Head> source, std::vector<Head> target) {
  Merge merge;
  std::vector<Suspect> suspects;
  merge.add_source(std::move(source));
  merge.add_target(std::move(target));
  merge.end_source();
  merge.end_target();
  merge.advance(suspects);
  REQUIRE(merge.done());
  return suspects;
}

Suspect suspect(Suspect::Side side, const Head& head) {
  return {side, head.record, head.dialog};
}

} // namespace

TEST_CASE("Two sides that say the same raise no suspicion, whatever the order of equal times", "[verify]") {
  CHECK(compared({head(1, 30), head(2, 20), head(3, 20)}, {head(1, 30), head(3, 20), head(2, 20)}).empty());
  CHECK(compared({}, {}).empty());
}

TEST_CASE("What one side has alone is suspect, and what differs", "[verify]") {
  CHECK(compared({head(1, 30), head(2, 20)}, {head(1, 30)}) ==
        std::vector{suspect(Suspect::Side::source, head(2, 20))});
  CHECK(compared({head(1, 30)}, {head(2, 40), head(1, 30)}) ==
        std::vector{suspect(Suspect::Side::target, head(2, 40))});
  const auto differs = [](auto change) {
    auto other = head(1, 30);
    change(other);
    return compared({head(1, 30)}, {other}) == std::vector{suspect(Suspect::Side::both, other)};
  };
  CHECK(differs([](Head& other) { other.created = 2; }));
  CHECK(differs([](Head& other) { other.party = 8; }));
  CHECK(differs([](Head& other) { other.resource = 8; }));
  CHECK(differs([](Head& other) { other.is_deleted = true; }));
  CHECK(differs([](Head& other) { other.record.party = 1; }));
}

TEST_CASE("A dialog at another time is suspect on both sides", "[verify]") {
  CHECK(compared({head(1, 30)}, {head(1, 31)}) == std::vector{suspect(Suspect::Side::target, head(1, 31)),
                                                              suspect(Suspect::Side::source, head(1, 30))});
}

TEST_CASE("A dialog made before it was to be seen may have that time", "[verify]") {
  auto source = head(1, 30);
  source.visible_from = 50;
  auto target = head(1, 30);
  target.created = 50;
  CHECK(compared({source}, {target}).empty());
}

TEST_CASE("Nothing is said before both sides are known so far", "[verify]") {
  Merge merge;
  std::vector<Suspect> suspects;
  merge.add_source({head(1, 30), head(2, 20)});
  merge.advance(suspects);
  CHECK(suspects.empty());
  CHECK(merge.source_waiting() == 2);
  merge.add_target({head(1, 30)});
  merge.advance(suspects);
  CHECK(suspects.empty());
  CHECK(merge.source_waiting() == 1);
  merge.end_target();
  merge.advance(suspects);
  CHECK(suspects.size() == 1);
  CHECK_FALSE(merge.done());
  merge.end_source();
  CHECK(merge.done());
  CHECK(merge.pairs() == 1);
}

TEST_CASE("However the pages are cut, exactly what differs is suspect", "[verify][property]") {
  std::mt19937 random(GENERATE(1, 2, 3, 4, 5, 6, 7, 8));
  const auto below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  std::vector<Head> source;
  std::vector<Head> target;
  using Said = std::tuple<Suspect::Side, std::uint8_t>;
  std::set<Said> expected;
  for (int i = 0; i < 200; ++i) {
    const auto id = static_cast<std::uint8_t>(i);
    const auto one = head(id, below(40)); // many ties
    auto other = one;
    const int fate = below(12);
    if (fate != 0) source.push_back(one);
    if (fate == 0 || fate == 1)
      expected.emplace(fate == 0 ? Suspect::Side::target : Suspect::Side::source, id);
    if (fate == 2) {
      other.party = 1;
      expected.emplace(Suspect::Side::both, id);
    }
    if (fate != 1) target.push_back(other);
  }
  const auto newest_first = [](const Head& left, const Head& right) {
    return left.updated != right.updated ? left.updated > right.updated : left.dialog > right.dialog;
  };
  std::sort(target.begin(), target.end(), newest_first);
  std::stable_sort(source.begin(), source.end(),
                   [](const Head& left, const Head& right) { return left.updated > right.updated; });
  Merge merge;
  std::vector<Suspect> suspects;
  std::size_t from_source = 0;
  std::size_t from_target = 0;
  while (!merge.done()) {
    if (below(2) == 0) { // a page ends with the last of its equal times
      auto end = std::min(source.size(), from_source + static_cast<std::size_t>(1 + below(9)));
      while (end > 0 && end < source.size() && source[end].updated == source[end - 1].updated)
        ++end;
      merge.add_source({source.begin() + static_cast<std::ptrdiff_t>(from_source),
                        source.begin() + static_cast<std::ptrdiff_t>(end)});
      from_source = end;
      if (end == source.size()) merge.end_source();
    } else {
      const auto end = std::min(target.size(), from_target + static_cast<std::size_t>(1 + below(9)));
      merge.add_target({target.begin() + static_cast<std::ptrdiff_t>(from_target),
                        target.begin() + static_cast<std::ptrdiff_t>(end)});
      from_target = end;
      if (end == target.size()) merge.end_target();
    }
    merge.advance(suspects);
  }
  std::set<Said> said;
  for (const auto& each : suspects)
    said.emplace(each.side, each.dialog.bytes[15]);
  CHECK(said == expected);
  CHECK(suspects.size() == expected.size());
}
