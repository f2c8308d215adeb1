#pragma once

#include "changes.hpp"
#include "world.hpp"

#include <functional>
#include <string>
#include <vector>

namespace altinn_sim::storage {

/// Rows that share one indexed time, more than fit on a page (observed.md OS-3).
struct TieGroup {
  std::string organisation;
  Ticks time = 0;
  std::int64_t count = 0;
  /// Every so many-th row, in order of row id, was set back to that time: its JSON says a later one. 0: none.
  std::int64_t set_back_every = 0;
  Ticks set_back_by = 3 * hour + second / 2; ///< how much later
};

/// Stores the group as submitted instances, made an hour earlier, as if they had always been there; their
/// ids, in order of row id. Throws std::invalid_argument for an unknown organisation.
std::vector<Guid> plant(World& world, const TieGroup& group);

/// Some rows of an organisation and day, evenly over it; all where there are fewer.
std::vector<Guid> some_rows(const World& world, const std::string& organisation, Day day, std::int64_t count);

} // namespace altinn_sim::storage
