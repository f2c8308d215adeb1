#pragma once

#include "exchange.hpp"

#include <cstddef>

namespace altinn_sim {

/// The APIs of the simulated platform. `control` is the simulator's own, `none` whatever belongs to nobody.
enum class Api : std::uint8_t {
  storage,
  events,
  register_,
  dialogporten,
  correspondence,
  a2_archive,
  control,
  none
};

/// How many of them are the platform's: limits, faults and arrival windows are theirs alone.
inline constexpr std::size_t platform_apis = 6;

/// "storage", "events", "register", "dialogporten", "correspondence", "a2_archive", "control", "none".
std::string_view name_of(Api api);

/// The platform API of that name; `none` if there is no such.
Api platform_api_named(std::string_view name);

/// Where a request goes.
struct Route {
  Api api = Api::none;
  std::string_view
      path; ///< of the given path, below the API's base: "/instances", "/api/v1/serviceowner/dialogs"
  std::size_t endpoint = 0; ///< index for `endpoint_name`
};

/// Finds the API and the endpoint of a decoded path (storage.md, dialogporten.md 2). A path below an API's
/// base that is no known endpoint gets the API's "other" endpoint. Paths compare ignoring case, as the
/// platform's do.
Route route_of(Method method, std::string_view path);

/// How many endpoints there are.
std::size_t endpoint_count();

/// The API an endpoint belongs to.
Api api_of(std::size_t endpoint);

/// "GET /storage/api/v1/instances/{partyId}/{guid}", or "other /storage/api/v1" for what is no known
/// endpoint.
std::string endpoint_name(std::size_t endpoint);

} // namespace altinn_sim
