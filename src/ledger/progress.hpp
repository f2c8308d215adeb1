#pragma once

#include <dialogferry/ledger/commit.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/model/problem.hpp>

#include <optional>

namespace dialogferry::ledger {

/// Adds `more` to `counts` and takes `back` from it; false, and nothing done, where more would be taken back
/// than is there.
bool add_counts(Counts& counts, const Counts& more, const Counts& back);

/// A shard as it begins, with everything before it.
Shard first_shard(const ShardStart& start, Instant now);

/// A part as it begins, split off from `parent`.
Shard split_shard(const Shard& parent, const SplitOff& split, Instant now);

/// Takes a commit's progress over into its shard. A Problem, and an undefined shard, where it does not fit.
std::optional<Problem> apply(Shard& shard, const Commit& commit, Instant now);

/// Of a shard that would be complete, while the stage before has handed over more for it: it is due at once.
void hold_open(Shard& shard, Instant now);

} // namespace dialogferry::ledger
