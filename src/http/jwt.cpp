#include "jwt.hpp"

#include <simdjson.h>

#include <cstdint>
#include <cstdio>

namespace dialogferry::http {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out += '"';
}

} // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      out += alphabet[bits >> count & 63];
    }
  }
  if (count > 0) out += alphabet[bits << (6 - count) & 63];
  return out;
}

Result<std::string> make_assertion(const Grant& grant, const SigningKey& key) {
  const auto issued = grant.issued_at.ticks / Instant::per_second;
  std::string header = R"({"alg":"RS256","typ":"JWT")";
  if (!grant.key_id.empty()) header += ",\"kid\":" + json_string(grant.key_id);
  if (!grant.certificates.empty()) {
    header += ",\"x5c\":[";
    for (const auto& certificate : grant.certificates)
      header += (header.back() == '[' ? "" : ",") + json_string(certificate);
    header += ']';
  }
  header += '}';
  std::string claims = "{\"aud\":" + json_string(grant.audience) + ",\"iss\":" + json_string(grant.issuer) +
                       ",\"scope\":" + json_string(grant.scope) + ",\"iat\":" + std::to_string(issued) +
                       ",\"exp\":" + std::to_string(issued + grant.lifetime.count()) +
                       ",\"jti\":" + json_string(grant.id);
  if (!grant.consumer_org.empty()) claims += ",\"consumer_org\":" + json_string(grant.consumer_org);
  claims += '}';
  auto assertion = base64url(header) + '.' + base64url(claims);
  const auto signature = key.sign(assertion);
  if (!signature) return tl::unexpected(signature.error());
  return assertion + '.' + base64url(*signature);
}

std::optional<Instant> expiry_of(std::string_view jwt) {
  const auto first = jwt.find('.');
  const auto second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto claims = decode_base64url(jwt.substr(first + 1, second - first - 1));
  if (!claims) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::int64_t seconds = 0;
  constexpr std::int64_t last_second = 253'402'300'799; // of the year 9999
  if (parser.parse(*claims).get(root) != simdjson::SUCCESS || root["exp"].get(seconds) != simdjson::SUCCESS ||
      seconds < 0 || seconds > last_second) {
    return std::nullopt;
  }
  return Instant{seconds * Instant::per_second};
}

} // namespace dialogferry::http
