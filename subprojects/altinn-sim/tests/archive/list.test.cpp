#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

// The lists of the archive API (docs/a2-archive.md).
using namespace altinn_sim;
using namespace altinn_sim::archive;
using namespace altinn_sim::archive::testing;

namespace {

std::vector<Entry> entries(const std::vector<json::object>& messages, std::string_view name) {
  std::vector<Entry> out;
  for (const auto& each : messages)
    out.push_back({time_of(each, name), id_of(each)});
  return out;
}

} // namespace

TEST_CASE("each order lists every message once, by time and then by id") {
  const Fixture sim(shape(700));
  for (const auto* size : {"1000", "100", "7"}) {
    INFO(size);
    const std::string rest = std::string("&size=") + size;
    auto newest = entries(sim.all("order=desc:created" + rest), "created");
    const auto oldest = entries(sim.all("order=asc:created" + rest), "created");
    const auto changed = entries(sim.all("order=asc:changed" + rest), "changed");
    CHECK(oldest.size() == 2100);
    CHECK(changed.size() == 2100);
    CHECK(std::is_sorted(oldest.begin(), oldest.end()));
    CHECK(std::is_sorted(changed.begin(), changed.end()));
    std::reverse(newest.begin(), newest.end());
    CHECK(std::equal(newest.begin(), newest.end(), oldest.begin(), oldest.end(),
                     [](const Entry& a, const Entry& b) { return a.time == b.time && a.id == b.id; }));
    std::set<std::int64_t> ids;
    for (const auto& each : changed)
      ids.insert(each.id);
    CHECK(ids.size() == 2100);
  }
}

TEST_CASE("some messages share a microsecond, across the borders of pages") {
  const Fixture sim(shape(700));
  const auto all = entries(sim.all("order=asc:created&size=5000"), "created");
  std::size_t tied = 0;
  for (std::size_t at = 1; at < all.size(); ++at)
    tied += all[at].time == all[at - 1].time ? 1 : 0;
  CHECK(tied > 20);
}

TEST_CASE("a window holds what lies in it, in every order") {
  const Fixture sim(shape(500));
  for (const std::string name : {"created", "changed"}) {
    const auto all = entries(sim.all("order=asc:" + name + "&size=5000"), name);
    const auto from = all[100].time;
    const auto to = all[900].time;
    const auto window =
        "&" + name + "=gte:" + storage::time_text(from) + "&" + name + "=lt:" + storage::time_text(to);
    std::size_t wanted = 0;
    for (const auto& each : all)
      wanted += each.time >= from && each.time < to ? 1 : 0;
    CHECK(sim.all("order=asc:" + name + "&size=90" + window).size() == wanted);
    if (name == "created") CHECK(sim.all("order=desc:created&size=90" + window).size() == wanted);
    std::size_t equal = 0;
    for (const auto& each : all)
      equal += each.time == from ? 1 : 0;
    CHECK(sim.all("order=asc:" + name + "&" + name + "=eq:" + storage::time_text(from)).size() == equal);
  }
}

TEST_CASE("the last page has no next, also where it is full") {
  const Fixture sim(shape(10, 1));
  CHECK(!sim.page("/messages?size=10").contains("next"));
  CHECK(sim.page("/messages?size=9").contains("next"));
  CHECK(sim.page("/messages?size=9").at("count") == 9);
  const auto next = json::value_to<std::string>(sim.page("/messages?order=asc:created&size=3").at("next"));
  CHECK(next.starts_with("/a2-archive/api/v1/messages?order=asc:created&size=3&continuationToken="));
  CHECK(sim.page("/messages").at("count") == 10);
}

TEST_CASE("what comes or changes between two pages neither hides nor repeats another message") {
  Fixture sim(shape(200, 1));
  const auto now = storage::day_from_civil(2027, 6, 1) * storage::whole_day;
  const auto before = sim.all("order=asc:changed&size=5000");
  auto page = sim.page("/messages?order=asc:changed&size=50");
  std::vector<std::int64_t> seen;
  int pages = 0;
  for (;;) {
    for (const auto& each : page.at("messages").as_array())
      seen.push_back(id_of(each.as_object()));
    // One that was listed, one that was not; and a new one.
    sim.archive.happen({{seen.front(), Happening::read, {}, {}}}, now);
    sim.archive.create(1, {}, now);
    const auto* next = page.if_contains("next");
    if (next == nullptr || ++pages > 20) break;
    page = sim.page(json::value_to<std::string>(*next).substr(std::string_view("/a2-archive/api/v1").size()));
  }
  for (const auto& each : before)
    CHECK(std::count(seen.begin(), seen.end(), id_of(each)) >= 1);
  CHECK(std::set(seen.begin(), seen.end()).size() + 1 >= seen.size() - static_cast<std::size_t>(pages));
}

TEST_CASE("one who reads on from the last change sees everything that happens later, in its order") {
  Fixture sim(shape(50, 2));
  const auto now = storage::day_from_civil(2027, 6, 1) * storage::whole_day;
  const auto ids = sim.archive.create(3, {}, now);
  auto seen = sim.all("order=asc:changed&changed=gte:2027-06-01T00:00:00Z");
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].at("changed") == seen[2].at("changed")); // they came at once
  // Even where the clock stands still.
  CHECK(sim.archive.happen({{ids[0], Happening::read, {}, {}}, {1'000'001, Happening::bin, {}, {}}}, now));
  const auto since = json::value_to<std::string>(seen[2].at("changed"));
  seen = sim.all("order=asc:changed&changed=gte:" + since);
  REQUIRE(seen.size() == 4);
  CHECK(id_of(seen[0]) == ids[1]);
  CHECK(id_of(seen[2]) == 1'000'001);
  CHECK(id_of(seen[3]) == ids[0]);
  CHECK(sim.all("order=desc:created&size=5000").size() == 103);
  CHECK(!sim.archive.happen({{5, Happening::read, {}, {}}}, now));
}

TEST_CASE("parameters that cannot be read are 400") {
  const Fixture sim(shape(10, 1));
  for (const auto* query :
       {"order=asc:id", "order=desc:changed", "size=0", "size=5001", "size=x", "created=2025-01-01T00:00:00Z",
        "created=gt:2025-01-01T00:00:00Z", "created=lt:yesterday", "continuationToken=x",
        "continuationToken=1-", "order=asc:changed&created=lt:2025-01-01T00:00:00Z",
        "changed=lt:2025-01-01T00:00:00Z"}) {
    INFO(query);
    const auto response = sim.get(std::string("/messages?") + query);
    CHECK(response.status == 400);
    CHECK(response.content_type == "application/problem+json");
    const auto body = json::parse(response.body).as_object();
    CHECK(body.at("status") == 400);
    CHECK(body.contains("title"));
  }
  CHECK(sim.get("/messages?unknown=1&size=5000").status == 200);
}

TEST_CASE("a single message is what the list says, and what is not there is 404") {
  const Fixture sim(shape(20, 1));
  for (const auto& each : sim.all("size=20"))
    CHECK(sim.page("/messages/" + std::to_string(id_of(each))) == each);
  CHECK(sim.get("/messages/1").status == 404);
  CHECK(sim.get("/messages/x").status == 404);
  CHECK(sim.get("/messages/1000001/x").status == 404);
  CHECK(sim.get("/other").status == 404);
}
