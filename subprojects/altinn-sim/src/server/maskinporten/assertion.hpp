#pragma once

#include "maskinporten/clients.hpp"

#include <cstdint>

namespace altinn_sim::maskinporten {

/// Why there is no token: an OAuth error and what Maskinporten says about it.
struct Refusal {
  std::string error;
  std::string description;
};

/// A grant that has been found good.
struct Grant {
  std::string client_id;
  const Client* client = nullptr;
  std::string id; ///< `jti`; empty where it has none
  std::int64_t expires_at = 0;
  std::vector<std::string> scopes;
  std::string consumer; ///< organisation that the token is for
};

/// Judges the assertion of a JWT grant (RFC 7523, and what Maskinporten asks for beyond it). `now` in seconds
/// since 1970. Throws Refusal.
Grant judge(std::string_view assertion, std::string_view issuer, const Clients& clients, std::int64_t now);

} // namespace altinn_sim::maskinporten
