#include <dialogferry/engine/carry/waiting.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

using Why = SecondLook::Why;

constexpr std::int64_t second = Instant::per_second;
const std::string record = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";

} // namespace

TEST_CASE("What waits is read back from its wake-up as it was", "[engine][waiting]") {
  const auto why = GENERATE(Why::import, Why::receipts, Why::absence, Why::late, Why::readable, Why::revived);
  const ShardKey shard{"a2-archived-forms-historic", "carry", *parse_day("2019-02-28"), "skd", 7};
  const auto of = GENERATE_REF(std::optional<ShardKey>{}, std::optional<ShardKey>{shard});
  const auto wake_up = wake_up_of(shard.row, "carry", {record, why, 12, of}, {42});
  CHECK(wake_up.row == shard.row);
  CHECK(wake_up.stage == "carry");
  CHECK(wake_up.due == Instant{42});
  const auto waiting = waiting_of(wake_up);
  REQUIRE(waiting);
  CHECK(waiting->record_id == record);
  CHECK(waiting->why == why);
  CHECK(waiting->looks == 12);
  CHECK(waiting->shard == of);
}

TEST_CASE("What was read when a second look was asked for is kept with it", "[engine][waiting][OS-1]") {
  const Waiting late{record, Why::late, 0, {}, Waiting::Read{{17'000'000}, 0xfedcba9876543210ULL}};
  const auto waiting = waiting_of(wake_up_of("a3-app-instances-live", "carry", late, {42}));
  REQUIRE(waiting);
  CHECK(waiting->why == Why::late);
  REQUIRE(waiting->read);
  CHECK(waiting->read->last_changed == Instant{17'000'000});
  CHECK(waiting->read->events == 0xfedcba9876543210ULL);
}

TEST_CASE("A record waits for one thing once, for different things apart", "[engine][waiting]") {
  const auto key = [](Why why, std::uint32_t looks) {
    return wake_up_of("row", "carry", {record, why, looks, {}}, {}).key;
  };
  CHECK(key(Why::import, 0) == key(Why::import, 3));
  CHECK(key(Why::import, 0) != key(Why::absence, 0));
}

TEST_CASE("A wake-up of somebody else's is nothing", "[engine][waiting]") {
  auto wake_up = wake_up_of("row", "carry", {record, Why::import, 1, {}}, {});
  const auto change = GENERATE(0, 1, 2, 3, 4);
  if (change == 0) wake_up.key = "import";
  if (change == 1) wake_up.key = "purge/" + record;
  if (change == 2) wake_up.payload = "";
  if (change == 3) wake_up.payload = "1 yesterday ttd 0";
  if (change == 4) wake_up.payload = "1 2019-02-28 ttd";
  CHECK_FALSE(waiting_of(wake_up));
}

TEST_CASE("An unfinished import is looked at after twice as long each time, at last once an hour",
          "[engine][waiting][storage 3.2]") {
  const Instant now{1000 * second};
  const SecondLook look{Why::import, {1060 * second}, {}};
  const auto after = [&](std::uint32_t looks) {
    return (due_of(look, looks, now).ticks - now.ticks) / second;
  };
  CHECK(after(0) == 60);
  CHECK(after(1) == 120);
  CHECK(after(5) == 1920);
  CHECK(after(6) == 3600);
  CHECK(after(4'000'000'000) == 3600);
  const SecondLook rare{Why::import, {now.ticks + 7200 * second}, {}};
  CHECK(due_of(rare, 9, now) == rare.due);
  CHECK(due_of({Why::import, {0}, {}}, 5, now) == now);
}

TEST_CASE("What waits for something else is looked at at its time", "[engine][waiting]") {
  const auto why = GENERATE(Why::receipts, Why::absence);
  CHECK(due_of({why, {77}, {}}, 9, {1000}) == Instant{77});
}

TEST_CASE(
    "A record that waits for somebody is tried after a minute, twice as long each time, at last once an hour",
    "[engine][waiting][OD-2]") {
  const Instant now{1000 * second};
  const SecondLook look{Why::moment, {1060 * second}};
  const auto after = [&](std::uint32_t looks) {
    return (due_of(look, looks, now).ticks - now.ticks) / second;
  };
  CHECK(after(0) == 60);
  CHECK(after(1) == 120);
  CHECK(after(5) == 1920);
  CHECK(after(6) == 3600);
  CHECK(after(60) == 3600);
}

TEST_CASE("For whom a record waits is read back from its wake-up as it was", "[engine][waiting][OD-2]") {
  const ShardKey shard{"a3-app-instances-historic", "carry", *parse_day("2025-02-28"), "skd", 7};
  const auto of = GENERATE_REF(std::optional<ShardKey>{}, std::optional<ShardKey>{shard});
  Held held{"dialogporten", "behind", {77}, 12, 502, {"dto.party", "two\nlines", "a hint"}};
  const auto wake_up = wake_up_of(shard.row, "carry", {record, Why::moment, 3, of, std::nullopt, held}, {42});
  CHECK(wake_up.api == "dialogporten");
  CHECK(wake_up.why == "behind");
  CHECK(wake_up.since == Instant{77});
  const auto waiting = waiting_of(wake_up);
  REQUIRE(waiting);
  CHECK(waiting->looks == 3);
  CHECK(waiting->shard == of);
  held.problem.message = "two lines";
  CHECK(waiting->held == held);
}
