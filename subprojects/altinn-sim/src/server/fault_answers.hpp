#pragma once

#include "faults.hpp"

namespace altinn_sim {

/// The answer that takes the service's place.
Response refusal_answer(const Effect& effect, const Route& route);

/// What becomes of the body of the service's own answer.
void spoil_body(Response& response, const Effect& effect);

/// What becomes of the service's own answer.
void spoil(Answer& answer, const Effect& effect);

} // namespace altinn_sim
