#pragma once

#include <dialogferry/ledger/partitions.hpp>

#include <set>
#include <string>

namespace dialogferry::engine {

/// What this engine has of a live row that engines share.
struct Share {
  ledger::Partitions partitions; ///< whose records it carries
  std::set<std::string> streams; ///< organisations whose stream it reads

  bool operator==(const Share&) const = default;
};

} // namespace dialogferry::engine
