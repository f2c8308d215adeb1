#pragma once

#include "engine_run.hpp"

namespace bench {

/// Records a second that an engine carries, from `warm_up` seconds on for `seconds`; throws if it ends
/// before.
double pace_of(const Simulator& simulator, EngineRun& engine, double warm_up, double seconds);

} // namespace bench
