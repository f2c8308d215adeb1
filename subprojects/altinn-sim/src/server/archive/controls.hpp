#pragma once

#include "archive/life.hpp"
#include "simulator.hpp"

namespace altinn_sim {

/// Below "/_sim": `POST /archive` (what comes and happens), `GET /archive` (how much of it so far) and
/// `GET /archive/{altinn2CorrespondenceId}`, one message as it is, with what it must become.
void add_archive_controls(Simulator& simulator, const archive::Archive& archive, MessageLife& life);

} // namespace altinn_sim
