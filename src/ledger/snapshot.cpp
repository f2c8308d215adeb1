#include <dialogferry/ledger/snapshot.hpp>

#include <algorithm>

namespace dialogferry::ledger {

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
