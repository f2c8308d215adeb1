#pragma once

#include <dialogferry/http/io_pool.hpp>
#include <dialogferry/http/token.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dialogferry::http {

/// For how long tokens are used; real time unless a test says otherwise.
using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

/// auth.mode = "token_file": the file's first line, read again when the file has changed (looked at once a
/// second at the most). Fails at once when there is no token in it.
Result<std::shared_ptr<TokenSource>> token_file(std::string path,
                                                SteadyNow steady = std::chrono::steady_clock::now);

/// auth.mode = "maskinporten": a JWT grant signed with the client's key.
struct MaskinportenOptions {
  std::string client_id;
  std::string key_file;         ///< private RSA key: PEM without a passphrase, or JWK
  std::string key_id;           ///< `kid` of the key as registered; empty: the one in the JWK
  std::string certificate_file; ///< instead of a `kid`: the key's certificate and those above it, PEM
  std::string consumer_org;     ///< organisation number of whom the client acts for; empty: nobody else
  std::string token_url;        ///< "https://maskinporten.no/token"
  std::string audience;         ///< `aud`; empty: the token URL up to its last slash, which is the issuer
  std::string exchange_url; ///< where the token is exchanged for an Altinn token; empty: it is used as it is
  std::vector<std::string> scopes;
  std::string ca_file;
  std::chrono::milliseconds timeout{10'000};
  std::function<Instant()> now = system_now; ///< for `iat` and `exp`
  std::function<Uuid()> new_id;              ///< for `jti`; must be given, and random
  SteadyNow steady = std::chrono::steady_clock::now;
};

/// Fetches nothing yet. Fails where there is neither a `kid` nor a certificate, or both are given:
/// Maskinporten takes one of them. A token is fetched when first asked for and again when three quarters of
/// its life have passed, one fetch at a time; the old one is used until the new one is there. After a fetch
/// that failed, the next waits for 1 s, then 2 s … 30 s, and requests meanwhile fail with the same problem.
Result<std::shared_ptr<TokenSource>> maskinporten(IoPool& pool, MaskinportenOptions options);

} // namespace dialogferry::http
