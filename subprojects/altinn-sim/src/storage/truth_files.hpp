#pragma once

#include "record.hpp"
#include "truth_activities.hpp"

#include <limits>
#include <vector>

namespace altinn_sim::storage {

/// Where the data elements end up.
struct Files {
  std::size_t on_dialog = 0;
  std::size_t sent = 0; ///< in transmissions
  std::size_t transmissions = 0;
  std::vector<Guid> in_transmissions; ///< which they are, in order of their ids
};

/// M-80 to M-87 and decision D-7: every file once, hard-deleted ones nowhere. Of the submissions the first
/// `released` are sent, the others wait for their receipts (D-3); history never waits.
Files files_of(const Record& record, const std::vector<Activity>& activities,
               std::size_t released = std::numeric_limits<std::size_t>::max());

} // namespace altinn_sim::storage
