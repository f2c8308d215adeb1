#pragma once

#include "dialogporten/validation/validation.hpp"
#include "exchange.hpp"

namespace altinn_sim::dialogporten {

/// An error answer of the shape in dialogporten.md 1.1; title and type follow from the status. `errors` may
/// be empty where the status has none. Keys of 400 and 404 and so on are the caller's choice.
Response problem(const Request& request, int status, const Complaints& errors = {});

/// 401 without a body, a challenge for each of three schemes (observed.md OD-10); `detail` goes behind
/// "Bearer".
Response unauthorized(std::string_view detail);

Response not_found(const Request& request, std::string_view entity, std::string_view key);
Response gone(const Request& request, std::string_view key);
Response forbidden(const Request& request, std::string message);
Response lost_race(const Request& request);
Response invalid_id(const Request& request, std::string_view parameter, std::string_view text);

/// {"key":["text", …], …}, the keys in order of their first appearance.
std::string errors_object(const Complaints& errors);

} // namespace altinn_sim::dialogporten
