#pragma once

#include "simulator.hpp"
#include "storage/changes.hpp"

namespace altinn_sim::live {

/// Rows as real databases hold them, and who owns them, below "/_sim":
///
/// | `POST /rows` | plants a tie group, or spoils rows that are there |
/// | `POST /organisations` | an organisation comes with its first apps |
void add_row_controls(Simulator& simulator, storage::World& world, storage::Changes& changes);

} // namespace altinn_sim::live
