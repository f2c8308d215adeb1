#include "goal_status.hpp"

#include "row_status.hpp"

#include <algorithm>

namespace dialogferry::status {

namespace {

GoalState state_by(const std::optional<Eta>& eta, Day deadline, Instant now) {
  if (now >= deadline.end()) return GoalState::late;
  if (!eta) return GoalState::unknown;
  if (eta->to < deadline.end()) return GoalState::on_track;
  return eta->from < deadline.end() ? GoalState::at_risk : GoalState::late;
}

Eta later(const std::optional<Eta>& a, const Eta& b) {
  return a ? Eta{std::max(a->from, b.from), std::max(a->to, b.to)} : b;
}

void add_days(GoalStatus& status, const RowStatus& row) {
  status.days += static_cast<std::uint64_t>(std::max(row.cutover->number - status.goal.from.number + 1, 0));
  for (const auto& day : row.days) {
    if (day.day < status.goal.from) continue;
    status.done += day.state == DayState::complete ? 1 : 0;
    status.exceptions += day.state == DayState::parked ? 1 : 0;
  }
}

/// Whether the row is planned as far back as the goal: what nobody set out to carry is never reached.
bool goes_so_far(const RowStatus* row, Day oldest) {
  return row != nullptr && row->state != RowState::off && row->from && *row->from <= oldest;
}

} // namespace

GoalStatus goal_status(const GoalConfig& goal, const StatusModel& model, const ledger::Snapshot& snapshot) {
  GoalStatus status;
  status.goal = goal;
  bool reached = !goal.rows.empty(), told = true;
  for (const auto& id : goal.rows) {
    const auto* row = model.row(id);
    if (!goes_so_far(row, goal.from)) {
      status.rows_short.push_back(id);
      reached = told = false;
      if (row == nullptr || row->state == RowState::off || !row->from) continue;
    }
    add_days(status, *row);
    if (row->migrated_back_to && *row->migrated_back_to <= goal.from) continue;
    reached = false;
    const auto eta = estimate_down_to(*row, snapshot, std::max(goal.from, *row->from), model.as_of);
    told = told && eta;
    if (eta) status.eta = later(status.eta, *eta);
  }
  if (!told || reached) status.eta.reset();
  status.state = reached ? GoalState::reached : state_by(status.eta, goal.deadline, model.as_of);
  return status;
}

} // namespace dialogferry::status
