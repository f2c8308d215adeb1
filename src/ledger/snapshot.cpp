#include <dialogferry/ledger/snapshot.hpp>

#include <algorithm>

namespace dialogferry::ledger {

const StageSnapshot* last_stage(const Snapshot& snapshot, std::string_view row) {
  const StageSnapshot* last = nullptr;
  for (const auto& stage : snapshot.stages)
    if (stage.row == row && (last == nullptr || stage.stage == "publish")) last = &stage;
  return last;
}

Counts counts_of(const Snapshot& snapshot, std::string_view row) {
  const auto* last = last_stage(snapshot, row);
  if (last == nullptr) return {};
  auto counts = last->counts;
  for (const auto& stage : snapshot.stages) {
    if (stage.row != row || &stage == last) continue;
    for (const auto outcome : {Outcome::excluded, Outcome::deferred, Outcome::failed})
      counts[outcome] += stage.counts[outcome];
  }
  return counts;
}

std::uint64_t held_records(const Snapshot& snapshot, std::string_view row) {
  std::uint64_t count = 0;
  for (const auto& held : snapshot.held)
    if (held.row == row) count += held.records;
  return count;
}

std::optional<Wait> wait_of_held(const Snapshot& snapshot, std::string_view row, bool whole) {
  std::optional<Wait> wait;
  for (const auto& held : snapshot.held) {
    if (held.row != row) continue;
    if (!wait)
      wait = Wait{held.why == "behind" ? WaitCode::behind : WaitCode::deferred, held.api, held.due, 0, whole};
    wait->until = std::min(*wait->until, held.due);
    wait->records += held.records;
  }
  return wait;
}

std::uint64_t unresolved_exceptions(const Snapshot& snapshot, std::string_view row) {
  std::uint64_t count = 0;
  for (const auto& cause : snapshot.causes)
    if (cause.row == row && is_unresolved(cause.state)) count += cause.count;
  return count;
}

} // namespace dialogferry::ledger
