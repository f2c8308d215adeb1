#pragma once

#include "correspondence/jobs/jobs.hpp"
#include "correspondence/service.hpp"

namespace altinn_sim::correspondence {

/// Sends a request to Dialogporten's service owner API; `path` below "/dialogs", with its query.
Response send(const Surroundings& around, Moment at, Method method, std::string_view path,
              std::string_view body = {}, Behind behind = Behind::nothing);

/// What Correspondence's client tries again by itself (correspondence.md 4.3).
bool is_tried_again(int status);

} // namespace altinn_sim::correspondence
