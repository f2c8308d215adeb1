#include <dialogferry/ledger/snapshot.hpp>

namespace dialogferry::ledger {

std::uint64_t unresolved_exceptions(const Snapshot& snapshot, std::string_view row) {
  std::uint64_t count = 0;
  for (const auto& cause : snapshot.causes)
    if (cause.row == row && is_unresolved(cause.state)) count += cause.count;
  return count;
}

} // namespace dialogferry::ledger
