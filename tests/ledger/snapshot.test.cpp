#include "temp_ledger.hpp"

#include <map>
#include <random>
#include <set>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

std::string marks(const StageSnapshot& stage) {
  std::string text;
  for (const auto& tally : stage.days)
    text += to_string(tally.day).substr(8) + ':' + std::string(name_of(tally.state)) + ' ';
  return text;
}

} // namespace

TEST_CASE("A day is complete when every planned organisation's shards are", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto newest = day("2025-11-14");
  must(ledger->set_plan(plan(day("2025-11-10"), newest, {"skd", "ttd"}), now));
  must(ledger->start_shards(std::vector{whole_day(key(newest, "ttd"))}, now));
  must(ledger->commit(std::vector{completes(key(newest, "ttd"), 3)}, now));
  CHECK(marks(stage_of(*ledger)) == "14:running ");
  must(ledger->start_shards(std::vector{whole_day(key(newest, "skd"))}, now));
  CHECK(marks(stage_of(*ledger)) == "14:running ");
  must(ledger->commit(std::vector{completes(key(newest, "skd"), 4)}, now));
  CHECK(marks(stage_of(*ledger)) == "14:complete ");
  CHECK(stage_of(*ledger).days.front().read == 7);
  CHECK(must(ledger->snapshot()).changelog.front().migrated_back_to == newest);

  SECTION("an organisation that joins the plan opens the day again") {
    must(ledger->set_plan(plan(day("2025-11-10"), newest, {"brg", "skd", "ttd"}), now));
    CHECK(marks(stage_of(*ledger)) == "14:running ");
    CHECK_FALSE(must(ledger->snapshot()).changelog.front().migrated_back_to.has_value());
  }
  SECTION("one that leaves it no longer counts, whatever took its place") {
    must(ledger->set_plan(plan(day("2025-11-10"), newest, {"brg", "ttd"}), now));
    CHECK(marks(stage_of(*ledger)) == "14:running ");
    CHECK(stage_of(*ledger).days.front().read == 3);
    CHECK(stage_of(*ledger).counts == counts(7));
  }
}

TEST_CASE("A day with a parked shard is parked once everything else of it is done", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto newest = day("2025-11-14");
  must(ledger->set_plan(plan(day("2025-11-10"), newest, {"skd", "ttd"}), now));
  const auto skd = key(newest, "skd"), ttd = key(newest, "ttd");
  must(ledger->start_shards(std::vector{whole_day(skd), whole_day(ttd)}, now));
  must(ledger->commit(std::vector{parks(skd, "the list answers 500", now)}, now));
  CHECK(marks(stage_of(*ledger)) == "14:running ");
  must(ledger->commit(std::vector{completes(ttd)}, now));
  CHECK(marks(stage_of(*ledger)) == "14:parked ");
  const auto parked = stage_of(*ledger).parked;
  REQUIRE(parked.size() == 1);
  CHECK(parked.front().key == skd);
  CHECK(parked.front().reason == "the list answers 500");
  CHECK(must(ledger->snapshot()).changelog.front().exceptions == 1);
  must(ledger->commit(std::vector{completes(skd)}, now));
  CHECK(marks(stage_of(*ledger)) == "14:complete ");
  CHECK(must(ledger->snapshot()).changelog.front().exceptions == 0);
}

TEST_CASE("The changelog tells how far a row came each day", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto newest = day("2025-11-14");
  const auto next_day = at("2025-11-21T08:00:00Z");
  must(ledger->set_plan(plan(day("2025-01-01"), newest), now));
  std::vector<ShardStart> starts;
  starts.reserve(150);
  for (int back = 0; back < 150; ++back)
    starts.push_back(whole_day(key({newest.number - back})));
  must(ledger->start_shards(starts, now));
  // The newest day last: the ones behind it count only then, more than one chunk of them at once.
  for (int back = 99; back >= 1; --back)
    must(ledger->commit(std::vector{completes(key({newest.number - back}))}, now));
  CHECK(must(ledger->snapshot()).changelog.empty());
  must(ledger->commit(std::vector{completes(key(newest))}, now));
  must(ledger->commit(std::vector{completes(key({newest.number - 100}))}, next_day));
  must(ledger->commit(std::vector{completes(key({newest.number - 101}))}, next_day));

  const auto lines = must(ledger->snapshot()).changelog;
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at == next_day);
  CHECK(lines[0].migrated_back_to == Day{newest.number - 101});
  CHECK(lines[0].before == Day{newest.number - 99});
  CHECK(lines[1].at == now);
  CHECK(lines[1].migrated_back_to == Day{newest.number - 99});
  CHECK_FALSE(lines[1].before.has_value());
}

TEST_CASE("The snapshot holds rates of the last day, causes, notes and goals", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto place = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(place)}, now));
  Commit progress;
  progress.key = place;
  progress.counts = counts(10);
  must(ledger->commit(std::vector{progress}, at("2025-11-19T11:00:00Z")));
  must(ledger->commit(std::vector{progress}, at("2025-11-20T12:00:30Z")));
  progress.failures = {failure("50001234/a", "M-87", 422), failure("50001234/b", "M-87", 422)};
  must(ledger->commit(std::vector{progress}, at("2025-11-20T12:00:39.9Z")));
  must(ledger->add_note({0, now, "kari", {{"en", "Slow today"}, {"nb", "Tregt i dag"}}}));
  const std::vector<GoalConfig> goals = {
      {{"2025 data", "2025-data"}, {row}, day("2025-01-01"), day("2025-12-31")}};
  must(ledger->set_goals(std::vector<GoalConfig>(3, goals.front())));
  must(ledger->set_goals(goals));

  const auto snapshot = must(ledger->snapshot());
  CHECK(snapshot.stages.front().rates == std::vector<RateSample>{{at("2025-11-20T12:00:30Z"), 20}});
  CHECK(snapshot.stages.front().open_shards == 1);
  REQUIRE(snapshot.causes.size() == 1);
  CHECK(snapshot.causes.front().cause == "M-87");
  CHECK(snapshot.causes.front().count == 2);
  REQUIRE(snapshot.notes.size() == 1);
  CHECK(snapshot.notes.front().text.at("nb") == "Tregt i dag");
  CHECK(snapshot.goals == goals);
}

TEST_CASE("After any course of events the sums are those of the shards, and the watermark is the days'",
          "[ledger]") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U, 5U);
  std::mt19937 random(seed);
  const auto pick = [&random](std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); };
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto newest = day("2025-11-14");
  const std::vector<std::string> organisations = {"brg", "skd", "ttd"};
  auto planned = plan({newest.number - 5}, newest, {"skd", "ttd"});
  must(ledger->set_plan(planned, now));
  std::set<ShardKey> known;

  for (int step = 0; step < 400; ++step) {
    const auto place = key({newest.number - static_cast<std::int32_t>(pick(7))}, organisations[pick(3)]);
    const auto kind = pick(100);
    if (kind < 2) {
      planned.organisations =
          pick(2) != 0 ? std::vector<std::string>{"skd"} : std::vector<std::string>{"skd", "ttd"};
      must(ledger->set_plan(planned, now));
    } else if (kind < 4) {
      must(ledger->forget(row, stage, place.day, place.day, now));
      std::erase_if(known, [&](const ShardKey& other) { return other.day == place.day; });
    } else if (known.insert(place).second) {
      must(ledger->start_shards(std::vector{whole_day(place)}, now));
    } else {
      auto commit = kind < 70 ? completes(place, pick(50)) : parks(place, "no answer", now);
      if (kind > 90) commit.state = StateChange{};
      commit.restarts = pick(2);
      commit.counts[Outcome::failed] = pick(3);
      const auto part = key(place.day, place.organisation, 1 + pick(3));
      if (pick(10) == 0 && known.insert(part).second)
        commit.split_off = {{part.part, place.day.start(), place.day.end()}};
      must(ledger->commit(std::vector{commit}, now));
    }
  }

  Counts sum;
  std::map<Day, std::vector<Shard>, std::greater<>> by_day;
  for (const auto& place : known) {
    const auto shard = must(ledger->load(place));
    REQUIRE(shard.has_value());
    sum += shard->counts;
    const auto& in = planned.organisations;
    if (std::find(in.begin(), in.end(), place.organisation) != in.end()) by_day[place.day].push_back(*shard);
  }
  const auto snapshot = must(ledger->snapshot());
  const auto& kept = snapshot.stages.front();
  CHECK(kept.counts == sum);
  std::vector<DayTally> days;
  std::vector<DayMark> day_marks;
  for (const auto& [at_day, shards] : by_day) {
    DayTally tally{at_day, DayState::complete, 0, 0};
    std::set<std::string> begun;
    for (const auto& shard : shards) {
      if (shard.key.part == 0) begun.insert(shard.key.organisation);
      tally.read += shard.counts.read();
      tally.failed += shard.counts[Outcome::failed];
      if (shard.state == ShardState::open) tally.state = DayState::running;
      if (shard.state == ShardState::parked && tally.state == DayState::complete)
        tally.state = DayState::parked;
    }
    if (begun.size() < planned.organisations.size()) tally.state = DayState::running;
    days.push_back(tally);
    day_marks.push_back({tally.day, tally.state});
  }
  CHECK(kept.days == days);
  const auto expected = watermark(planned.from, planned.cutover, day_marks);
  REQUIRE_FALSE(snapshot.changelog.empty());
  CHECK(snapshot.changelog.front().migrated_back_to == expected.migrated_back_to);
  CHECK(snapshot.changelog.front().exceptions == expected.exceptions.size());
}
