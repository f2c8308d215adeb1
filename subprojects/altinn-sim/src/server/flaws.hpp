#pragma once

#include "archive/archive.hpp"
#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"
#include "simulator.hpp"
#include "storage/world.hpp"

namespace altinn_sim {

/// `POST /_sim/plant`: makes dialogs of a day wrong behind everybody's back, for who compares both sides to
/// find. The body says how many of each in whose day, chosen by `seed`:
///
///     {"organisation": "skd", "day": "2025-11-10", "seed": 1,
///      "missing": 20, "doubled": 20, "stale": 20, "wrong_date": 20, "wrong_party": 20}
///
/// With "row": "a2-correspondence-historic" in the place of the organisation the dialogs are those of
/// messages created on the day, `doubled` is not to be had, and "stranded" makes Correspondence forget its
/// dialog.
///
/// The answer names their records: {"planted": {"missing": ["50001234/…"], …}}. The audit counts what it
/// finds by itself.
void add_plant_control(Simulator& simulator, const storage::World& world, dialogporten::Service& target,
                       const archive::Archive& messages, correspondence::Service& correspondence);

} // namespace altinn_sim
