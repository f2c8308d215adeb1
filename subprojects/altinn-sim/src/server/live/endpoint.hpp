#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::live {

/// Where events go: http on this machine, nowhere else.
struct Endpoint {
  std::uint16_t port = 80;
  std::string host;   ///< as written, for the header
  std::string target; ///< path and query, "/events?code=…"
};

/// Reads "http://127.0.0.1:8080/events?code=…" or the same with localhost; null for any other address.
std::optional<Endpoint> loopback_endpoint(std::string_view url);

} // namespace altinn_sim::live
