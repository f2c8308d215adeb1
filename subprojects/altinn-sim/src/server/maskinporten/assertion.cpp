#include "maskinporten/assertion.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <sstream>

namespace altinn_sim::maskinporten {

namespace {

namespace json = boost::json;

constexpr std::int64_t most_skew = 10;
constexpr std::int64_t longest_life = 120;
constexpr std::array<std::string_view, 4> known_headers = {"alg", "typ", "kid", "x5c"};
constexpr std::array<std::string_view, 9> known_claims = {
    "aud", "iss", "iat", "exp", "jti", "scope", "resource", "consumer_org", "authorization_details"};

[[noreturn]] void invalid(std::string_view why) {
  throw Refusal{"invalid_grant", "Invalid assertion. " + std::string(why)};
}

[[noreturn]] void unauthenticated(std::string_view why) {
  invalid("Client authentication failed. " + std::string(why));
}

json::object read_part(std::string_view part, const auto& known) {
  const auto text = decode_base64url(part);
  boost::system::error_code error;
  auto value = text ? json::parse(*text, error) : json::value();
  if (!text || error || !value.is_object())
    throw Refusal{"invalid_request", "Invalid assertion. Invalid parameter value"};
  for (const auto& [name, ignored] : value.get_object())
    if (std::find(known.begin(), known.end(), std::string_view(name)) == known.end())
      invalid("Unknown claim " + std::string(name));
  return std::move(value.get_object());
}

std::string text_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t time_of(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (!value || !value->is_int64()) unauthenticated("Invalid JWT claim " + std::string(name));
  return value->get_int64();
}

void check_times(const json::object& claims, std::int64_t now) {
  const auto issued = time_of(claims, "iat");
  const auto expires = time_of(claims, "exp");
  if (expires <= now) unauthenticated("JWT is expired");
  if (issued > now + most_skew || issued < now - most_skew) unauthenticated("Invalid JWT claim iat");
  if (expires - issued > longest_life)
    unauthenticated("Invalid JWT claim exp, more than 120 seconds after iat");
}

PublicKey key_of_certificates(const json::value& x5c, const Client& client, const Clients& clients) {
  std::vector<Certificate> chain;
  if (!x5c.is_array()) unauthenticated("Failed to extract certificate from jwt");
  for (const auto& each : x5c.get_array()) {
    auto certificate = each.is_string() ? read_x5c(std::string_view(each.get_string())) : nullptr;
    if (!certificate) unauthenticated("Failed to extract certificate from jwt");
    chain.push_back(std::move(certificate));
  }
  if (!is_trusted(chain, clients.authorities) || organisation_of(chain.front()) != client.organisation)
    unauthenticated("The JWT is signed with an invalid certificate.");
  return key_of(chain.front());
}

/// The key that must have signed: by `kid` for a client with registered keys, else by its certificate.
PublicKey signing_key(const json::object& header, const Client& client, const Clients& clients) {
  const auto* kid = header.if_contains("kid");
  const auto* x5c = header.if_contains("x5c");
  if (!kid == !x5c) unauthenticated("Either kid or x5c must be present in the header.");
  if (x5c && client.keys.empty()) return key_of_certificates(*x5c, client, clients);
  const auto found = client.keys.find(text_of(header, "kid"));
  if (found == client.keys.end()) unauthenticated("Unknown key identifier (kid) for client.");
  return found->second;
}

void check_scopes(Grant& grant, const json::object& claims) {
  std::istringstream words(text_of(claims, "scope"));
  for (std::string scope; words >> scope;)
    grant.scopes.push_back(std::move(scope));
  const auto consumer = text_of(claims, "consumer_org");
  grant.consumer = consumer.empty() ? grant.client->organisation : consumer;
  const std::set<std::string>* granted = &grant.client->scopes;
  if (!consumer.empty()) {
    const auto delegated = grant.client->acts_for.find(consumer);
    if (delegated == grant.client->acts_for.end())
      throw Refusal{"invalid_grant",
                    "Consumer " + consumer + " has not delegated access to the client's organisation"};
    granted = &delegated->second;
  }
  const bool all = std::all_of(grant.scopes.begin(), grant.scopes.end(),
                               [&](const std::string& scope) { return granted->contains(scope); });
  if (grant.scopes.empty() || !all)
    throw Refusal{"invalid_scope", "Token request contains invalid scopes for client"};
}

} // namespace

Grant judge(std::string_view assertion, std::string_view issuer, const Clients& clients, std::int64_t now) {
  const auto first = assertion.find('.');
  const auto second = first == std::string_view::npos ? first : assertion.find('.', first + 1);
  if (second == std::string_view::npos)
    throw Refusal{"invalid_request", "Invalid assertion. Invalid parameter value"};
  const auto header = read_part(assertion.substr(0, first), known_headers);
  const auto claims = read_part(assertion.substr(first + 1, second - first - 1), known_claims);
  Grant grant;
  grant.client_id = text_of(claims, "iss");
  grant.client = clients.find(grant.client_id);
  if (!grant.client) unauthenticated("Client not found");
  const auto key = signing_key(header, *grant.client, clients);
  const auto signature = decode_base64url(assertion.substr(second + 1));
  if (!signature || !verifies(key, text_of(header, "alg"), assertion.substr(0, second), *signature))
    unauthenticated("Invalid signature");
  if (text_of(claims, "aud") != issuer) unauthenticated("Invalid JWT claim aud");
  check_times(claims, now);
  grant.id = text_of(claims, "jti");
  grant.expires_at = time_of(claims, "exp");
  check_scopes(grant, claims);
  return grant;
}

} // namespace altinn_sim::maskinporten
