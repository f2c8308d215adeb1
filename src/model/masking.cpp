#include <dialogferry/model/masking.hpp>
#include <dialogferry/model/uuid.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace dialogferry {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// A letter or digit, any character beyond ASCII included.
bool is_word(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

void blot(std::string& text, std::size_t at, std::size_t end) {
  text.replace(at, end - at, end - at, '*');
}

// -- identity numbers ---------------------------------------------------------

constexpr std::size_t birth_digits = 6;
constexpr std::size_t identity_digits = 11;
constexpr std::size_t least_group = 2;

bool is_uuid_at(std::string_view text, std::size_t at) {
  return at <= text.size() && parse_uuid(text.substr(at, 36)).has_value();
}

/// Whether the 11 digits at `at` are the most part of a UUID's last group, whose twelfth digit is a letter.
bool is_in_uuid(std::string_view text, std::size_t at) {
  return (at >= 24 && is_uuid_at(text, at - 24)) || (at >= 25 && is_uuid_at(text, at - 25));
}

/// The first character at or behind `at` that is no digit.
std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at]))
    ++at;
  return at;
}

/// Behind what people put between the groups of a number: a few blanks, dashes or points.
std::size_t end_of_gap(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 10> separators{
      " ", "-", ".", "+", "%20", "\u00A0", "\u2009", "\u202F", "\u2011", "\u2013"};
  static constexpr int most = 3;
  for (int count = 0; count < most; ++count) {
    const auto rest = text.substr(at);
    const auto* found = std::find_if(separators.begin(), separators.end(),
                                     [&](std::string_view separator) { return rest.starts_with(separator); });
    if (found == separators.end()) break;
    at += found->size();
  }
  return at;
}

/// The end of an identity number in groups that begins at `at`: 6 digits and 5, each half in one group or
/// several; `at` where there is none.
std::size_t end_of_grouped(std::string_view text, std::size_t at) {
  if (at > 0 && is_word(text[at - 1])) return at;
  std::size_t digits = 0;
  bool halves = false;
  for (auto group = at; digits < identity_digits;) {
    const auto end = end_of_digits(text, group);
    if (end - group < least_group) return at;
    digits += end - group;
    halves = halves || digits == birth_digits;
    if (digits == identity_digits) return halves && (end == text.size() || !is_word(text[end])) ? end : at;
    group = end_of_gap(text, end);
    if (group == end) return at;
  }
  return at;
}

void mask_groups(std::string& text, std::size_t at, std::size_t end) {
  while (at < end) {
    const auto group = end_of_digits(text, at);
    blot(text, at, group);
    at = end_of_gap(text, group);
  }
}

void mask_numbers(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    const auto end = end_of_digits(text, at);
    const auto grouped = end_of_grouped(text, at);
    if (grouped > end)
      mask_groups(text, at, grouped);
    else if (end - at == identity_digits && !is_in_uuid(text, at))
      blot(text, at, end);
    at = std::max(end, grouped);
  }
}

// -- persons by name or address -----------------------------------------------

constexpr std::array<std::string_view, 4> party_prefixes = {
    "urn:altinn:organization:identifier-no:", "urn:altinn:person:identifier-no:",
    "urn:altinn:person:legacy-selfidentified:", "urn:altinn:person:idporten-email:"};

/// Where `wanted`, in lower case, stands in the text in any case.
std::size_t find_word(std::string_view text, std::string_view wanted, std::size_t from) {
  const auto found =
      std::search(text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
                  wanted.begin(), wanted.end(), [](char a, char b) { return lower(a) == b; });
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

void mask_after(std::string& text, std::string_view prefix) {
  for (auto at = find_word(text, prefix, 0); at != std::string::npos; at = find_word(text, prefix, at)) {
    at += prefix.size();
    const auto end = std::min(text.find_first_of(" \t\r\n\"',;{}[]()<>\\", at), text.size());
    blot(text, at, end);
  }
}

/// Where a name ends: at what encloses or follows it. An apostrophe between letters is part of it.
std::size_t end_of_name(std::string_view text, std::size_t at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '\'' && at + 1 < text.size() && is_word(text[at + 1])) continue;
    if (std::string_view("\t\r\n\"',;{}[]()<>\\").find(text[at]) != std::string_view::npos) break;
  }
  return at;
}

/// What follows `displayName:` or stands as the value of such a member.
void mask_names(std::string& text, std::string_view member) {
  for (auto at = find_word(text, member, 0); at != std::string::npos; at = find_word(text, member, at)) {
    at = std::min(text.find_first_not_of("\\\"' ", at + member.size()), text.size());
    if (at == text.size() || (text[at] != ':' && text[at] != '=')) continue;
    at = std::min(text.find_first_not_of("\\\"' ", at + 1), text.size());
    const auto end = end_of_name(text, at);
    blot(text, at, end);
    at = end;
  }
}

/// Braces enclose an address more often than they belong to it.
bool is_in_mailbox(char c) {
  return is_word(c) || std::string_view(".!#$%&*+-/=?^_`~").find(c) != std::string_view::npos;
}

bool is_in_domain(char c) {
  return is_word(c) || c == '-' || c == '.';
}

/// The next `@`, or `%40`, at or behind `from`, and its length.
std::pair<std::size_t, std::size_t> find_at_sign(std::string_view text, std::size_t from) {
  for (auto at = text.find_first_of("@%", from); at != std::string_view::npos;
       at = text.find_first_of("@%", at + 1)) {
    if (text[at] == '@') return {at, 1};
    if (text.substr(at, 3) == "%40") return {at, 3};
  }
  return {text.size(), 0};
}

void mask_mail(std::string& text) {
  std::size_t from = 0; // behind the last address
  for (auto [sign, size] = find_at_sign(text, 0); size != 0;
       std::tie(sign, size) = find_at_sign(text, sign + size)) {
    auto start = sign;
    while (start > from && is_in_mailbox(text[start - 1]))
      --start;
    auto end = sign + size;
    while (end < text.size() && is_in_domain(text[end]))
      ++end;
    while (end > sign + size && text[end - 1] == '.')
      --end; // the end of a sentence
    from = sign + size;
    const bool has_mailbox = start < sign || (sign > 0 && is_in_mailbox(text[sign - 1])); // masked, perhaps
    if (!has_mailbox || end == sign + size) continue;
    blot(text, start, end);
    from = end;
  }
}

} // namespace

std::string mask_identities(std::string_view text) {
  std::string out(text);
  for (const auto prefix : party_prefixes)
    mask_after(out, prefix);
  for (const auto member : {"displayname", "actorname"})
    mask_names(out, member);
  mask_mail(out);
  mask_numbers(out);
  return out;
}

} // namespace dialogferry
