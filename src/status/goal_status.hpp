#pragma once

#include <dialogferry/status/status.hpp>

namespace dialogferry::status {

/// Where a goal stands, by the rows of `model`.
GoalStatus goal_status(const GoalConfig& goal, const StatusModel& model, const ledger::Snapshot& snapshot);

} // namespace dialogferry::status
