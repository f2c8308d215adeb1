#pragma once

#include "exchange.hpp"
#include "world.hpp"

#include <optional>
#include <string_view>

namespace altinn_sim::storage {

/// Register below `/register/api/v1`: `POST /dialogporten/parties/query` (storage.md 5).
class Register {
public:
  explicit Register(const World& world)
      : world_(world) {}

  Response handle(const Request& request) const;

  /// Whom a URN names; null where Register knows nobody. `malformed` tells a text that is no such URN.
  std::optional<Identity> find(std::string_view urn, bool& malformed) const;

private:
  const World& world_;
};

} // namespace altinn_sim::storage
