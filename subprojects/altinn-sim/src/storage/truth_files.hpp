#pragma once

#include "record.hpp"
#include "truth_activities.hpp"

#include <vector>

namespace altinn_sim::storage {

/// Where the data elements end up.
struct Files {
  std::size_t on_dialog = 0;
  std::size_t sent = 0; ///< in transmissions
  std::size_t transmissions = 0;
};

/// M-80 to M-87 and decision D-7. History never waits for receipts (D-3).
/// Files generated from a step whose own file is missing: they count as of the instance's last change (D-7),
/// and so leave a submission again when something else happens.
std::size_t restless_files(const Record& record);

Files files_of(const Record& record, const std::vector<Activity>& activities);

} // namespace altinn_sim::storage
