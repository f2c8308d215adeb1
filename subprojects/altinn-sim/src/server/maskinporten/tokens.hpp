#pragma once

#include "exchange.hpp"
#include "maskinporten/assertion.hpp"

#include <functional>
#include <mutex>

namespace altinn_sim::maskinporten {

/// Maskinporten's token endpoint and Altinn's exchange of its tokens. Safe to use from several threads.
class Tokens {
public:
  /// `now` in seconds since 1970.
  Tokens(Clients clients, std::function<std::int64_t()> now);

  Response token(const Request& request);    ///< POST /token
  Response exchange(const Request& request); ///< GET /authentication/api/v1/exchange/maskinporten

  /// Whether an Authorization header holds a token of the exchange that is good now.
  bool admits(std::string_view authorization);

private:
  enum class Kind : std::uint8_t { maskinporten, altinn };
  struct Issued {
    Kind kind;
    std::int64_t expires_at;
    std::string scope;
    std::string consumer;
  };

  std::string issue(Kind kind, std::string issuer, std::int64_t lifetime, std::string scope,
                    std::string consumer);
  /// The token of an Authorization header, where it is of that kind and good.
  const Issued* find(Kind kind, std::string_view authorization);
  /// Notes a grant's id; false where it has been used.
  bool first_use(const Grant& grant);
  void forget_expired();

  const Clients clients_;
  const std::function<std::int64_t()> now_;
  const std::string secret_;
  std::mutex mutex_; ///< guards what follows
  std::map<std::string, Issued, std::less<>> issued_;
  std::map<std::string, std::int64_t> used_; ///< client and `jti` → until when it counts
};

} // namespace altinn_sim::maskinporten
