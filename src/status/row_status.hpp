#pragma once

#include <dialogferry/status/status.hpp>

#include <optional>
#include <string_view>

namespace dialogferry::status {

/// The stages of a row, as readers see it.
struct RowStages {
  const ledger::StageSnapshot* last = nullptr;   ///< makes what is found in Dialogporten; null: not begun
  const ledger::StageSnapshot* before = nullptr; ///< of two hops the first
};

RowStages stages_of(const ledger::Snapshot& snapshot, std::string_view row);

/// Where one row stands.
RowStatus row_status(std::string_view id, const ledger::Snapshot& snapshot, const RowConfig& config,
                     const ProgressSnapshot* live, Instant now);

/// When a history row has probably carried everything down to `oldest`.
std::optional<Eta> estimate_down_to(const RowStatus& row, const ledger::Snapshot& snapshot, Day oldest,
                                    Instant now);

} // namespace dialogferry::status
