#include "forms.hpp"

#include "../text.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace dialogferry::mapping::correspondence {

namespace {

constexpr std::string_view organisation_urn = "urn:altinn:organization:identifier-no:";
constexpr std::string_view person_urn = "urn:altinn:person:identifier-no:";
constexpr std::string_view username_urn = "urn:altinn:person:legacy-selfidentified:";
constexpr std::string_view email_urn = "urn:altinn:person:idporten-email:";
constexpr std::string_view party_uuid_urn = "urn:altinn:party:uuid:";
constexpr std::string_view resource_urn = "urn:altinn:resource:";
constexpr std::string_view icd = "0192:";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_number(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), is_digit);
}

/// What follows the prefix; nothing where the text does not start with it.
std::optional<std::string_view> behind(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

/// As Uri.EscapeDataString of .NET.
std::string escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  static constexpr std::string_view plain = "-_.~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          plain.find(c) != std::string_view::npos;
    if (is_plain)
      out += c;
    else
      ((out += '%') += digits[byte >> 4]) += digits[byte & 0x0F];
  }
  return out;
}

Result<std::string> self_identified(std::string_view uuid_text, const Directory& parties) {
  static const std::string member = "correspondence.recipient";
  const auto id = parse_uuid(uuid_text);
  if (!id) return fail(member, "is in no form that Correspondence understands");
  const auto* party = parties.find(*id);
  if (party == nullptr) return fail(member, "is not known to Register");
  if (!party->username || is_blank(*party->username)) return fail(member, "has no user name in Register");
  return std::string(username_urn) + escaped(lower_case(*party->username));
}

// -- what Dialogporten checks ---------------------------------------------------

template <std::size_t N>
int weighted(std::string_view digits, const std::array<int, N>& weights) {
  return std::inner_product(weights.begin(), weights.end(), digits.begin(), 0, std::plus<>{},
                            [](int weight, char digit) { return weight * (digit - '0'); });
}

bool is_organisation_number(std::string_view text) {
  static constexpr std::array<int, 9> weights{3, 2, 7, 6, 5, 4, 3, 2, 1};
  return is_number(text, 9) && weighted(text, weights) % 11 == 0;
}

bool is_identity_number(std::string_view text) {
  static constexpr std::array<int, 10> first{3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
  static constexpr std::array<int, 11> second{5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
  return is_number(text, 11) && weighted(text, first) % 11 == 0 && weighted(text, second) % 11 == 0;
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// No raw blank, quote, bracket or lone `%`; no escaped character beyond ASCII beside another escape of an
/// ASCII character.
bool is_urn_tail(std::string_view text) {
  bool follows_ascii = false; // right behind an escape of an ASCII character
  bool follows_wide = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (std::string_view(" \"<>\\^`{|}").find(text[at]) != std::string_view::npos) return false;
    if (text[at] != '%') {
      follows_ascii = follows_wide = false;
      continue;
    }
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
    const bool wide = text[at + 1] >= '8';
    if ((wide && follows_ascii) || (!wide && follows_wide)) return false;
    follows_ascii = !wide;
    follows_wide = wide;
    at += 2;
  }
  return !is_blank(text);
}

bool is_mail(std::string_view text) {
  const auto at = text.find('@');
  return at != 0 && at != std::string_view::npos && text.find('.', at + 2) != std::string_view::npos &&
         text.back() != '.';
}

} // namespace

bool is_organisation_form(std::string_view text) {
  auto number = behind(text, organisation_urn);
  if (!number) number = behind(text, icd);
  return number && is_number(*number, 9);
}

bool is_resource_id(std::string_view text) {
  const auto id = behind(text, resource_urn).value_or(text);
  return !id.empty() && id.find(':') == std::string_view::npos;
}

bool is_md5(std::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

std::optional<Uuid> party_uuid(std::string_view recipient) {
  const auto text = lower_case(recipient);
  const auto id = behind(text, party_uuid_urn);
  return id ? parse_uuid(*id) : std::nullopt;
}

Result<std::string> party_urn(const codec::OptionalText& recipient, const Directory& parties) {
  const auto text = lower_case(recipient.value_or(""));
  if (const auto uuid = behind(text, party_uuid_urn)) return self_identified(*uuid, parties);
  const auto number = behind(text, icd).value_or(behind(text, organisation_urn).value_or(text));
  if (is_number(number, 9)) return std::string(organisation_urn).append(number);
  const auto person = behind(text, person_urn).value_or(text);
  if (is_number(person, 11)) return std::string(person_urn).append(person);
  for (const auto prefix : {email_urn, username_urn})
    if (text.size() > prefix.size() && text.starts_with(prefix)) return text;
  return fail("correspondence.recipient", "is in no form that Correspondence understands");
}

bool is_party(std::string_view urn) {
  if (const auto number = behind(urn, organisation_urn)) return is_organisation_number(*number);
  if (const auto number = behind(urn, person_urn)) return is_identity_number(*number);
  if (const auto name = behind(urn, username_urn)) return is_urn_tail(*name);
  const auto mail = behind(urn, email_urn);
  return mail && is_urn_tail(*mail) && is_mail(*mail);
}

} // namespace dialogferry::mapping::correspondence
