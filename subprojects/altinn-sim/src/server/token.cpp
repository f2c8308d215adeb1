#include "token.hpp"

#include <boost/json/parse.hpp>

#include <optional>
#include <string>

namespace altinn_sim {

namespace {

constexpr std::int64_t grace_s = 2;

std::optional<std::string> base64url_decoded(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (char c : text.substr(0, text.find('='))) {
    auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<unsigned>(value)) & 0xffffU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xffU);
  }
  return out;
}

/// The payload of a JWT, the middle of three parts.
std::optional<boost::json::value> claims_in(std::string_view token) {
  auto first = token.find('.');
  auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto payload = base64url_decoded(token.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  boost::system::error_code error;
  auto claims = boost::json::parse(*payload, error);
  if (error || !claims.is_object()) return std::nullopt;
  return claims;
}

} // namespace

std::string organisation_of(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme)) return {};
  const auto claims = claims_in(authorization.substr(scheme.size()));
  const auto* name = claims ? claims->get_object().if_contains("urn:altinn:org") : nullptr;
  return name != nullptr && name->is_string() ? std::string(name->get_string()) : std::string();
}

std::string consumer_of(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme)) return {};
  const auto claims = claims_in(authorization.substr(scheme.size()));
  const auto* consumer = claims ? claims->get_object().if_contains("consumer") : nullptr;
  const auto* id =
      consumer != nullptr && consumer->is_object() ? consumer->get_object().if_contains("ID") : nullptr;
  if (id == nullptr || !id->is_string()) return {};
  const std::string text(id->get_string());
  return text.substr(text.find(':') + 1);
}

bool is_expired(std::string_view authorization, std::int64_t now_s) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme)) return false;
  auto claims = claims_in(authorization.substr(scheme.size()));
  if (!claims) return false;
  const auto* end = claims->get_object().if_contains("exp");
  return end != nullptr && end->is_number() &&
         end->to_number<double>() + grace_s < static_cast<double>(now_s);
}

} // namespace altinn_sim
