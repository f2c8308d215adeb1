#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dialogferry::ledger::postgres {

/// The schema that a ledger has for itself, whatever else is in the database.
inline constexpr std::string_view schema_name = "dialogferry";

/// The steps that make it, oldest first; a ledger of version n has had the first n of them. A step that was
/// released is never changed.
std::span<const std::string_view> migrations();

/// A step of them: leases (schema_engines.cpp).
extern const std::string_view several_engines;

/// Another one: what engines share of live rows (schema_pools.cpp).
extern const std::string_view pools;

inline std::int64_t schema_version() {
  return static_cast<std::int64_t>(migrations().size());
}

} // namespace dialogferry::ledger::postgres
