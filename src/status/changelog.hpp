#pragma once

#include <dialogferry/status/status.hpp>

#include <vector>

namespace dialogferry::status {

/// What is worth a line, newest first: of the moves of watermarks the first one, those that pass a month or
/// reach the end, and what was undone; of the journal everything but notes, days of one row, date and kind
/// together.
std::vector<LogLine> changelog(const ledger::Snapshot& snapshot, const std::vector<RowStatus>& rows);

} // namespace dialogferry::status
