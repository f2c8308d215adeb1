#pragma once

#include "correspondence/service.hpp"
#include "simulator.hpp"

namespace altinn_sim {

/// Below "/_sim": `GET /correspondence` (how it behaves, jobs and events so far), `POST /correspondence` with
/// any of `{"publish_time", "event_time", "job_time", "retry_time": "20ms", "workers": 4}`, and
/// `GET /correspondence/{id}`, a record by either of its ids.
void add_correspondence_controls(Simulator& simulator, correspondence::Service& service);

} // namespace altinn_sim
