#pragma once

#include <dialogferry/status/metrics.hpp>
#include <dialogferry/status/render.hpp>
#include <dialogferry/status/status.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace dialogferry::status::test {

inline const std::string history = "a3-app-instances-historic";
inline const std::string live = "a3-app-instances-live";

inline Day day(const char* text) {
  return *parse_day(text);
}
inline Instant at(const char* text) {
  return *parse_instant(text);
}
inline const Instant now = at("2025-11-20T14:32:10Z");

inline Config config_of(const std::vector<std::string>& rows) {
  Config config;
  for (const auto& row : rows) {
    auto& on = config.rows.at(row);
    on.enabled = true;
    on.from = day("2025-11-01");
    on.cutover = day("2025-11-14");
  }
  return config;
}

/// `seconds` of even reading that end `ago` seconds before now.
inline std::vector<ledger::RateSample> steady(std::uint64_t per_second, std::int64_t seconds,
                                              std::int64_t ago = 0) {
  std::vector<ledger::RateSample> samples;
  for (auto back = seconds; back > 0; back -= ledger::RateSample::seconds) {
    samples.push_back({{now.ticks - (back + ago) * Instant::per_second},
                       per_second * static_cast<std::uint64_t>(ledger::RateSample::seconds)});
  }
  return samples;
}

/// The history row with `newest_first`, a letter a day from 14 November 2025 back: complete, parked, running;
/// 100 records on each.
inline ledger::StageSnapshot history_stage(std::string_view newest_first) {
  ledger::StageSnapshot stage;
  stage.row = history;
  stage.stage = "carry";
  stage.plan = ledger::Plan{history, "carry", day("2025-11-01"), day("2025-11-14"), {"ttd"}};
  Day each = day("2025-11-14");
  for (const char letter : newest_first) {
    const auto state = letter == 'c'   ? DayState::complete
                       : letter == 'p' ? DayState::parked
                                       : DayState::running;
    stage.days.push_back({each, state, 100, 0});
    stage.counts[Outcome::created] += 100;
    if (state == DayState::parked)
      stage.parked.push_back(
          {{history, "carry", each, "ttd", 0}, "the list answers <500>", at("2025-11-20T15:30:00Z")});
    each = each.previous();
  }
  return stage;
}

inline ledger::Snapshot snapshot_of(std::vector<ledger::StageSnapshot> stages) {
  ledger::Snapshot snapshot;
  snapshot.environment = "tt02";
  snapshot.stages = std::move(stages);
  return snapshot;
}

inline const RowStatus& row_of(const StatusModel& model, const std::string& id) {
  for (const auto& row : model.rows)
    if (row.id == id) return row;
  FAIL("no row " + id);
  return model.rows.front();
}

/// A history with two exceptions, failed records of two causes, a live row, a goal, a note and a changelog.
inline StatusModel full_model() {
  auto stage = history_stage("ccpcpccr");
  stage.days.front().failed = 3;
  stage.counts[Outcome::failed] = 3;
  stage.rates = steady(2, 600);
  ledger::StageSnapshot feed;
  feed.row = live;
  feed.stage = "carry";
  feed.counts[Outcome::updated] = 1234567;
  feed.feeds = {{"stream", {at("2025-11-20T14:32:07Z"), {}}, now}};
  feed.carried_at = at("2025-11-20T14:31:58Z");
  auto snapshot = snapshot_of({stage, feed});
  snapshot.inbox[live] = {4321, at("2025-11-20T14:32:08Z")};
  snapshot.causes = {{history, "carry", "M-87", 422, ledger::ExceptionState::open, 2},
                     {history, "carry", "party <x>", 0, ledger::ExceptionState::retrying, 1},
                     {history, "carry", "M-3", 0, ledger::ExceptionState::resolved, 9}};
  snapshot.changelog = {{history, "carry", now, day("2025-11-08"), std::nullopt, 2}};
  snapshot.notes = {{1, now, "kari", {{"en", "Slow & <steady>"}, {"nb", "Sakte & <sikkert>"}}}};
  snapshot.goals = {{{"All of 2025", "Hele 2025"}, {history}, day("2025-11-01"), day("2025-12-31")}};
  return make_status(snapshot, config_of({history, live}), nullptr, now);
}

} // namespace dialogferry::status::test
