#pragma once

#include "maskinporten/crypto.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <set>

namespace altinn_sim::maskinporten {

/// A client as it is registered.
struct Client {
  std::string organisation;
  std::map<std::string, PublicKey> keys; ///< by `kid`; where there is none it comes with a certificate
  std::set<std::string> scopes;
  /// What others have delegated to its organisation: organisation number → scopes.
  std::map<std::string, std::set<std::string>> acts_for;
};

/// Who may ask for tokens.
struct Clients {
  std::map<std::string, Client, std::less<>> by_id;
  std::vector<Certificate> authorities; ///< roots of enterprise certificates

  const Client* find(std::string_view id) const;
};

/// {"clients": [{"client_id", "organisation", "keys": [{"kid", "pem"}], "scopes": [], "acts_for": {"ORG":
/// []}}], "authorities": "PEM"}. Throws std::invalid_argument where it is not that.
Clients read_clients(const boost::json::value& json);

} // namespace altinn_sim::maskinporten
