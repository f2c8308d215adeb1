#pragma once

#include <dialogferry/model/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger {

/// How many rows of a table both sides have.
struct TableCount {
  std::string table;
  std::uint64_t from = 0;
  std::uint64_t to = 0;

  bool operator==(const TableCount&) const = default;
};

/// Called now and then: `done` of `all` rows of a table.
using CopyProgress = std::function<void(std::string_view table, std::uint64_t done, std::uint64_t all)>;

/// Copies a ledger to another place, SQLite or PostgreSQL, with everything in it, ids included; all or
/// nothing. Takes the engine's lock on both sides. A Problem where there is no ledger to copy, or one of
/// another version; where an engine has either; where something is at the other place already; where the
/// counts differ at the end.
Result<std::vector<TableCount>> copy(const std::string& from, const std::string& to,
                                     const CopyProgress& progress);

} // namespace dialogferry::ledger
