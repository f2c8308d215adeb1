#pragma once

#include <dialogferry/engine/probes.hpp>
#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/progress_snapshot.hpp>

namespace dialogferry::engine {

/// How a historic row comes along: its days, of those that are planned, from the ledger; what is at work from
/// its probe. Days beyond the plan, which `backfill` may carry, are in the counts only.
RowProgress history_progress(const ledger::Plan& plan, const RowProbe& probe,
                             const ledger::Snapshot* snapshot);

/// How a live row comes along. Its lag is how long ago the oldest change was made known that is not carried;
/// where none waits, how long ago the streams were last read to their end; nothing before they were.
RowProgress live_progress(const std::string& row, const LiveProbe& probe, Instant now,
                          const ledger::Snapshot* snapshot);

} // namespace dialogferry::engine
