#include "changelog.hpp"
#include "goal_status.hpp"
#include "row_status.hpp"
#include "throughput.hpp"

#include <dialogferry/status/status.hpp>

#include <algorithm>

namespace dialogferry::status {

bool waits_only(std::string_view reason) {
  const auto words = reason.find_first_not_of("0123456789");
  if (words == 0 || words == std::string_view::npos) return false;
  return reason.substr(words) == " deferred" || reason.substr(words) == " not complete at the source yet";
}

std::uint64_t RowStatus::deferred_records() const {
  std::uint64_t records = 0;
  for (const auto& share : deferred)
    records += share.records;
  return records;
}

bool StatusModel::stands_still() const {
  bool any = false;
  for (const auto& row : rows) {
    if (row.state == RowState::off) continue;
    if (row.paused || !row.wait || !row.wait->whole || row.wait->code == WaitCode::by_operator) return false;
    any = true;
  }
  return any;
}

const RowStatus* StatusModel::row(std::string_view id) const {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const RowStatus& each) { return each.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

std::string_view name_of(RowState state) {
  switch (state) {
  case RowState::ok: return "ok";
  case RowState::warning: return "warning";
  case RowState::paused: return "paused";
  case RowState::off: return "off";
  }
  return "off";
}

std::string_view name_of(GoalState state) {
  switch (state) {
  case GoalState::reached: return "reached";
  case GoalState::on_track: return "on_track";
  case GoalState::at_risk: return "at_risk";
  case GoalState::late: return "late";
  case GoalState::unknown: return "unknown";
  }
  return "unknown";
}

std::string_view name_of(LogLine::Kind kind) {
  switch (kind) {
  case LogLine::Kind::begun: return "begun";
  case LogLine::Kind::month: return "month";
  case LogLine::Kind::finished: return "finished";
  case LogLine::Kind::undone: return "undone";
  case LogLine::Kind::paused: return "paused";
  case LogLine::Kind::resumed: return "resumed";
  case LogLine::Kind::setting: return "setting";
  case LogLine::Kind::goal_reached: return "goal_reached";
  case LogLine::Kind::recovered: return "recovered";
  case LogLine::Kind::verified: return "verified";
  case LogLine::Kind::differs: return "differs";
  case LogLine::Kind::engine_ended: return "engine_ended";
  }
  return "setting";
}

StatusModel make_status(const ledger::Snapshot& snapshot, const Config& config, const ProgressSnapshot* live,
                        Instant now) {
  StatusModel model;
  model.as_of = now;
  model.environment =
      snapshot.environment.empty() ? std::string(name_of(config.environment)) : snapshot.environment;
  model.engine_runs = live != nullptr;
  for (const auto id : row_ids)
    model.rows.push_back(row_status(id, snapshot, config.rows.find(id)->second, live, now));
  for (const auto& goal : snapshot.goals.empty() ? config.goals : snapshot.goals)
    model.goals.push_back(goal_status(goal, model, snapshot));
  std::copy_if(snapshot.causes.begin(), snapshot.causes.end(), std::back_inserter(model.causes),
               [](const auto& cause) { return is_unresolved(cause.state); });
  model.changelog = changelog(snapshot, model.rows);
  model.notes = snapshot.notes;
  model.engines = snapshot.engines;
  model.throughput = throughput_of(snapshot, model.rows, now);
  for (const auto& stage : snapshot.stages)
    model.changed_at = std::max(model.changed_at, stage.changed_at);
  if (live != nullptr) {
    model.apis = live->apis;
    model.events = live->events;
    model.draining = live->draining;
  }
  return model;
}

} // namespace dialogferry::status
