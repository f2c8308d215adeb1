#pragma once

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
/// The answer names their records: {"planted": {"missing": ["50001234/…"], …}}. The audit counts what it
/// finds by itself.
void add_plant_control(Simulator& simulator, const storage::World& world, dialogporten::Service& target);

} // namespace altinn_sim
