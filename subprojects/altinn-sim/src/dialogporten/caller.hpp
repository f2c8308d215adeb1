#pragma once

#include <string>

namespace altinn_sim::dialogporten {

/// Who calls: what the token's scopes unlock (dialogporten.md 5). The default is a service provider's admin
/// token.
struct Caller {
  bool service_provider = true;
  bool search = true;
  bool admin = true;
  bool correspondence = false;
  bool legacy_html = false;
  std::string org = "digdir"; ///< short name; search finds dialogs of this owner only, also for admin (2.2)
};

} // namespace altinn_sim::dialogporten
