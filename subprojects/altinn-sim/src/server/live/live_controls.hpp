#pragma once

#include "live/emitter.hpp"
#include "simulator.hpp"

namespace altinn_sim::live {

/// What is answered below "/_sim" of live changes and of time:
///
/// | `POST /emit` | changes, a load, where events go: Orders |
/// | `GET /emit` | whether a load runs; changes, events, deliveries |
/// | `POST /clock` | `{"now": "2026-01-02T03:04:05Z"}` or `{"advance": "10m"}`: the platform's time |
/// | `GET /clock` | `{"now": …}` |
void add_live_controls(Simulator& simulator, Emitter& emitter, storage::LiveLog& log, PlatformClock& clock);

} // namespace altinn_sim::live
