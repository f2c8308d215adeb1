#pragma once

#include "simulator.hpp"

namespace altinn_sim {

/// What the simulator answers about itself below "/_sim": health, requests and faults.
///
/// | `GET /health` | 200 |
/// | `GET /requests`, `POST /requests/reset` | RequestLog |
/// | `GET /faults` | what has gone wrong so far |
/// | `POST /faults` | a whole plan takes the place of the one before; `{}` ends all faults |
/// | `PUT /faults/rules/{name}`, `DELETE /faults/rules/{name}` | one rule, ahead of the others |
void add_controls(Simulator& simulator);

} // namespace altinn_sim
