#pragma once

#include <dialogferry/source/storage.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace dialogferry::engine {

/// A row that this version carries.
struct RowKind {
  std::string_view id;
  source::storage::Versions versions;
  bool is_migration;         ///< silent; archived forms always are (storage.md 4.2)
  std::string_view historic; ///< of a live row: where it goes on from
  bool takes_events = false;
};

using source::storage::Versions;
inline constexpr std::array row_kinds = {
    RowKind{"a3-app-instances-historic", Versions::altinn3, true, ""},
    RowKind{"a3-app-instances-live", Versions::altinn3, false, "a3-app-instances-historic", true},
    RowKind{"a2-archived-forms-historic", Versions::archived, true, ""},
    RowKind{"a2-archived-forms-live", Versions::archived, true, "a2-archived-forms-historic"},
};

/// Nothing for a row that this version does not carry.
inline const RowKind* kind_of(std::string_view row) {
  const auto found =
      std::find_if(row_kinds.begin(), row_kinds.end(), [&](const RowKind& kind) { return kind.id == row; });
  return found == row_kinds.end() ? nullptr : &*found;
}
constexpr std::chrono::seconds organisations_timeout{60};
constexpr std::chrono::seconds named_timeout{5}; ///< of looking up those that are configured
constexpr std::chrono::milliseconds reads_apart{500};

} // namespace dialogferry::engine
