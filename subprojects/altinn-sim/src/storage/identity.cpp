#include "identity.hpp"

#include "dice.hpp"

#include <array>

namespace altinn_sim::storage {

namespace {

// -- numbers with check digits --------------------------------------------------

constexpr std::int64_t birth_days = 25'000; // from 1940-01-01
constexpr std::int64_t first_organisation = 30'000'000;
// Owners have the even numbers, users the odd ones, strangers those above both.
constexpr std::int64_t first_stranger_index = 4'000'000;

template <std::size_t Count>
int check_digit(std::string_view digits, const std::array<int, Count>& weights) {
  int sum = 0;
  for (std::size_t at = 0; at < Count; ++at)
    sum += (digits[at] - '0') * weights[at];
  return (11 - sum % 11) % 11; // 10 cannot be written: such a number is not given out
}

/// Appends both check digits to nine digits, unless one of them is 10.
bool close_person_number(std::string& digits) {
  const auto first = check_digit<9>(digits, {3, 7, 6, 1, 8, 9, 4, 5, 2});
  if (first == 10) return false;
  digits += static_cast<char>('0' + first);
  const auto last = check_digit<10>(digits, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
  if (last == 10) return false;
  digits += static_cast<char>('0' + last);
  return true;
}

std::string birth_date(std::int64_t day) {
  static const auto first_day = day_from_civil(1940, 1, 1);
  const auto text = day_text(first_day + day);
  const auto month = (text[5] - '0') * 10 + (text[6] - '0') + 80;
  std::string out = text.substr(8, 2);
  out += static_cast<char>('0' + month / 10);
  out += static_cast<char>('0' + month % 10);
  return out += text.substr(2, 2);
}

std::string with_serial(const std::string& birth, int serial) {
  return birth + static_cast<char>('0' + serial / 100) + static_cast<char>('0' + serial / 10 % 10) +
         static_cast<char>('0' + serial % 10);
}

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// -- names ----------------------------------------------------------------------

constexpr std::array<std::string_view, 24> given_names{
    "Åse",      "Bjørn",  "Cathrine", "Dag",   "Eirik",  "Frida", "Gunnar",  "Hanne",
    "Ingvild",  "Jørgen", "Kari",     "Lars",  "Mette",  "Nils",  "Oddny",   "Petter",
    "Ragnhild", "Sverre", "Tone",     "Ulrik", "Vigdis", "Yngve", "Øystein", "Ælfrida"};
constexpr std::array<std::string_view, 20> family_names{
    "Aasen", "Bakke", "Dahl",   "Eide",   "Fjeld", "Grønli", "Haugen", "Iversen", "Jensvoll", "Kvåle",
    "Lunde", "Moen",  "Nygård", "Opsahl", "Ruud",  "Sætre",  "Tangen", "Ulvik",   "Vinje",    "Østby"};
constexpr std::array<std::string_view, 12> trades{"Bygg",   "Data",     "Fisk", "Gård", "Handel",    "Kraft",
                                                  "Maling", "Regnskap", "Rør",  "Skog", "Transport", "Verft"};

template <class Names>
std::string_view one_of(const Names& names, std::uint64_t key) {
  return names[key % names.size()];
}

std::string lower_ascii(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter >= 'A' && letter <= 'Z') out += static_cast<char>(letter - 'A' + 'a');
    if (letter >= 'a' && letter <= 'z') out += letter;
  }
  return out;
}

} // namespace

std::string person_number(std::int64_t index) {
  auto left = index / birth_days;
  const auto birth = birth_date(index % birth_days);
  for (int serial = 0;; ++serial) {
    auto digits = with_serial(birth, serial);
    if (close_person_number(digits) && left-- == 0) return digits;
  }
}

std::optional<std::int64_t> person_index(std::string_view number) {
  if (number.size() != 11 || !all_digits(number)) return {};
  const auto part = [&](std::size_t at) { return (number[at] - '0') * 10 + (number[at + 1] - '0'); };
  if (part(2) < 81 || part(2) > 92) return {};
  const auto year = part(4) >= 40 ? 1900 + part(4) : 2000 + part(4);
  const auto day = day_from_civil(year, static_cast<unsigned>(part(2) - 80), static_cast<unsigned>(part(0))) -
                   day_from_civil(1940, 1, 1);
  if (day < 0 || day >= birth_days) return {};
  const auto birth = birth_date(day);
  std::int64_t count = 0;
  for (int serial = 0; serial < 1000; ++serial) {
    auto digits = with_serial(birth, serial);
    if (!close_person_number(digits)) continue;
    if (digits == number) return count * birth_days + day;
    ++count;
  }
  return {};
}

std::string organisation_number(std::int64_t index) {
  // Two neighbours cannot both be without a valid check digit.
  for (auto prefix = first_organisation + 2 * index;; ++prefix) {
    auto digits = std::to_string(prefix);
    const auto check = check_digit<8>(digits, {3, 2, 7, 6, 5, 4, 3, 2});
    if (check != 10) return digits += static_cast<char>('0' + check);
  }
}

std::optional<std::int64_t> organisation_index(std::string_view number) {
  if (number.size() != 9 || !all_digits(number)) return {};
  const auto index = (std::stoll(std::string(number.substr(0, 8))) - first_organisation) / 2;
  if (index < 0 || organisation_number(index) != number) return {};
  return index;
}

std::string identity_urn(const Identity& identity) {
  if (!identity.external_urn.empty()) return identity.external_urn;
  switch (identity.kind) {
  case PartyKind::person: return "urn:altinn:person:identifier-no:" + identity.number;
  case PartyKind::organisation: return "urn:altinn:organization:identifier-no:" + identity.number;
  case PartyKind::self_identified: return "urn:altinn:person:legacy-selfidentified:" + identity.display_name;
  default: return "urn:altinn:displayName:" + identity.display_name;
  }
}

// -- population -----------------------------------------------------------------

PartyKind Population::owner_kind(std::int64_t index) const {
  const auto share = mix(seed_, 0x0f1e, index) % 100;
  if (share < 52) return PartyKind::person;
  if (share < 94) return PartyKind::organisation;
  return share < 98 ? PartyKind::self_identified : PartyKind::email;
}

PartyKind Population::user_kind(std::int64_t index) const {
  const auto share = mix(seed_, 0x0e2d, index) % 100;
  if (share < 90) return PartyKind::person;
  if (share < 94) return PartyKind::self_identified;
  return share < 97 ? PartyKind::enterprise_user : PartyKind::organisation;
}

Identity Population::make(std::int64_t party_id, std::int64_t index, PartyKind kind) const {
  const auto key = mix(seed_, 0x1d, party_id);
  Identity out;
  out.kind = kind;
  out.party_id = party_id;
  out.party_uuid = random_guid(key, (key << 32U) | static_cast<std::uint64_t>(party_id));
  const auto given = one_of(given_names, key >> 8U);
  const auto family = one_of(family_names, key >> 20U);
  switch (kind) {
  case PartyKind::person:
    out.number = person_number(index);
    out.display_name.append(family).append(" ").append(given);
    break;
  case PartyKind::organisation:
    out.number = organisation_number(index);
    out.display_name.append(family).append(" ").append(one_of(trades, key >> 32U)).append(" AS");
    break;
  case PartyKind::self_identified:
    out.display_name = lower_ascii(given) + "_" + lower_ascii(family) + std::to_string(index);
    break;
  case PartyKind::email:
    out.display_name =
        lower_ascii(given) + "." + lower_ascii(family) + std::to_string(index) + "@example.com";
    out.external_urn = "urn:altinn:person:idporten-email:" + out.display_name;
    break;
  case PartyKind::enterprise_user: out.display_name.append(family).append(" virksomhetsbruker"); break;
  }
  return out;
}

std::optional<Identity> Population::party(std::int64_t party_id) const {
  if (const auto index = party_id - first_party; index >= 0 && index < parties_) {
    return make(party_id, 2 * index, owner_kind(index));
  }
  if (const auto index = party_id - first_user_party; index >= 0 && index < users_) {
    return user(first_user + index);
  }
  return {};
}

std::optional<Identity> Population::user(std::int64_t user_id) const {
  const auto index = user_id - first_user;
  if (index < 0 || index >= users_) return {};
  auto out = make(first_user_party + index, 2 * index + 1, user_kind(index));
  out.user_id = user_id;
  return out;
}

std::optional<Identity> Population::by_uuid(Guid party_uuid) const {
  auto found = party(static_cast<std::int64_t>(party_uuid.low & 0xffffffffU));
  return found && found->party_uuid == party_uuid ? found : std::nullopt;
}

std::optional<Identity> Population::by_index(std::int64_t index) const {
  return index % 2 == 0 ? party(first_party + index / 2) : user(first_user + index / 2);
}

std::optional<Identity> Population::by_number(std::string_view number) const {
  const auto index = number.size() == 9 ? organisation_index(number) : person_index(number);
  auto found = index ? by_index(*index) : std::nullopt;
  return found && found->number == number ? found : std::nullopt;
}

std::string Population::some_organisation_number(std::int64_t index) const {
  for (std::int64_t step = 0; step < parties_; ++step) {
    const auto candidate = (index + step) % parties_;
    if (owner_kind(candidate) == PartyKind::organisation) return organisation_number(2 * candidate);
  }
  return organisation_number(first_stranger_index);
}

Identity Population::stranger(std::int64_t party_id, PartyKind kind) const {
  return make(party_id, first_stranger_index + static_cast<std::int64_t>(mix(0x57, party_id) % 900'000),
              kind);
}

} // namespace altinn_sim::storage
