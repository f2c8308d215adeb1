#include "dialogporten/validation/party.hpp"

#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/uri.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace altinn_sim::dialogporten {

namespace {

constexpr std::string_view organization = "urn:altinn:organization:identifier-no:";
constexpr std::string_view person = "urn:altinn:person:identifier-no:";
constexpr std::string_view self_identified = "urn:altinn:person:legacy-selfidentified:";
constexpr std::string_view email_user = "urn:altinn:person:idporten-email:";

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The digit after the weighted ones makes the sum a multiple of 11.
bool mod_11(std::string_view digits, std::span<const int> weights) {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    sum += (digits[i] - '0') * weights[i];
  const int control = (11 - sum % 11) % 11;
  return control == digits[weights.size()] - '0';
}

bool is_organization_number(std::string_view text) {
  constexpr std::array weights{3, 2, 7, 6, 5, 4, 3, 2};
  return text.size() == 9 && all_digits(text) && mod_11(text, weights);
}

bool is_person_number(std::string_view text) {
  constexpr std::array first{3, 7, 6, 1, 8, 9, 4, 5, 2};
  constexpr std::array second{5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  return text.size() == 11 && all_digits(text) && mod_11(text, first) && mod_11(text, second);
}

/// Something@something.something, without white space and with one '@'.
bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos)
    return false;
  if (text.find_first_of(" \t\r\n\f\v") != std::string_view::npos) return false;
  const auto dot = text.rfind('.', text.size() - 2);
  return dot != std::string_view::npos && dot > at + 1;
}

} // namespace

bool is_party(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto prefix = text.substr(0, colon + 1);
  const auto id = text.substr(colon + 1);
  if (prefix == organization) return is_organization_number(id);
  if (prefix == person) return is_person_number(id);
  if (prefix == self_identified) return is_well_formed_uri(text) && !is_blank(unescaped(id));
  return prefix == email_user && is_well_formed_uri(text) && is_email(unescaped(id));
}

bool is_person(std::string_view text) {
  return text.starts_with(person) && is_party(text);
}

bool is_in_register(std::string_view party) {
  return party.starts_with(organization) || party.starts_with(person);
}

} // namespace altinn_sim::dialogporten
