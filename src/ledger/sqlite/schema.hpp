#pragma once

#include "database.hpp"

#include <span>
#include <string_view>

namespace dialogferry::ledger::sqlite {

/// Marks a file as one of ours: "DFry".
inline constexpr std::int64_t application_id = 0x44467279;

/// The steps that make the schema, oldest first; a ledger of version n has had the first n of them.
/// A step that was released is never changed.
std::span<const std::string_view> migrations();

inline std::int64_t schema_version() {
  return static_cast<std::int64_t>(migrations().size());
}

/// Takes a ledger from `version` to schema_version(), all steps or none.
void migrate(Database& db, std::int64_t version);

} // namespace dialogferry::ledger::sqlite
