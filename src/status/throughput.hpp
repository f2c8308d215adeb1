#pragma once

#include <dialogferry/status/status.hpp>

namespace dialogferry::status {

/// How many records the rows that are on have read in the last twelve hours; what passes two stages counts
/// with the last.
Throughput throughput_of(const ledger::Snapshot& snapshot, const std::vector<RowStatus>& rows, Instant now);

} // namespace dialogferry::status
