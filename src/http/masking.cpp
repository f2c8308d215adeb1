#include <dialogferry/http/masking.hpp>
#include <dialogferry/model/uuid.hpp>

#include <algorithm>
#include <array>

namespace dialogferry::http {
namespace {

constexpr std::array<std::string_view, 4> party_prefixes = {
    "urn:altinn:organization:identifier-no:", "urn:altinn:person:identifier-no:",
    "urn:altinn:person:legacy-selfidentified:", "urn:altinn:person:idporten-email:"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_uuid_at(std::string_view text, std::size_t at) {
  return at <= text.size() && parse_uuid(text.substr(at, 36)).has_value();
}

/// Whether the 11 digits at `at` are the most part of a UUID's last group, whose twelfth digit is a letter.
bool is_in_uuid(std::string_view text, std::size_t at) {
  return (at >= 24 && is_uuid_at(text, at - 24)) || (at >= 25 && is_uuid_at(text, at - 25));
}

void mask_runs(std::string& text) {
  constexpr std::size_t identity_digits = 11;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    if (end - i == identity_digits && !is_in_uuid(text, i))
      text.replace(i, identity_digits, identity_digits, '*');
    i = end + 1;
  }
}

void mask_after(std::string& text, std::string_view prefix) {
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    at += prefix.size();
    const auto end = std::min(text.find_first_of(" \t\r\n\"',;{}[]()<>\\", at), text.size());
    text.replace(at, end - at, end - at, '*');
  }
}

} // namespace

std::string mask_identities(std::string_view text) {
  std::string out(text);
  mask_runs(out);
  for (const auto prefix : party_prefixes)
    mask_after(out, prefix);
  return out;
}

} // namespace dialogferry::http
