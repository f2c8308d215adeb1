#pragma once

#include <dialogferry/ledger/commit.hpp>
#include <dialogferry/model/problem.hpp>

#include <optional>

namespace dialogferry::ledger {

/// Adds `more` to `counts` and takes `back` from it; false, and nothing done, where more would be taken back
/// than is there.
bool add_counts(Counts& counts, const Counts& more, const Counts& back);

/// Takes a commit's progress over into its shard. A Problem, and an undefined shard, where it does not fit.
std::optional<Problem> apply(Shard& shard, const Commit& commit, Instant now);

} // namespace dialogferry::ledger
