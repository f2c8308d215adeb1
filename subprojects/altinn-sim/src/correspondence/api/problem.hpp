#pragma once

#include "correspondence/wire/binding.hpp"
#include "exchange.hpp"

namespace altinn_sim::correspondence {

/// An error of the application, its title by the status (correspondence.md 1.8).
Response problem(const Request& request, int status, int code, std::string_view detail);

/// 400 for what does not bind or breaks rules; paths have no leading slash (observed.md OC-17).
Response validation_problem(const Request& request, const Verdict& verdict);

/// An exception nobody caught: 500 without a code.
Response unhandled(const Request& request);

/// 200 with a JSON body.
Response ok(std::string body);

/// A JSON string that is an id.
Response ok(const Uuid& id);

} // namespace altinn_sim::correspondence
