#include "markdown.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dialogferry::mapping::correspondence {

namespace {

/// The entities that letters of authorities use, and all of Latin-1; others stay as they are written.
constexpr std::array<std::pair<std::string_view, std::string_view>, 119> entities{{
    {"amp", "&"},       {"lt", "<"},     {"gt", ">"},        {"quot", "\""},     {"apos", "'"},
    {"nbsp", "\u00A0"}, {"iexcl", "¡"},  {"cent", "¢"},      {"pound", "£"},     {"curren", "¤"},
    {"yen", "¥"},       {"brvbar", "¦"}, {"sect", "§"},      {"uml", "¨"},       {"copy", "©"},
    {"ordf", "ª"},      {"laquo", "«"},  {"not", "¬"},       {"shy", "\u00AD"},  {"reg", "®"},
    {"macr", "¯"},      {"deg", "°"},    {"plusmn", "±"},    {"sup2", "²"},      {"sup3", "³"},
    {"acute", "´"},     {"micro", "µ"},  {"para", "¶"},      {"middot", "·"},    {"cedil", "¸"},
    {"sup1", "¹"},      {"ordm", "º"},   {"raquo", "»"},     {"frac14", "¼"},    {"frac12", "½"},
    {"frac34", "¾"},    {"iquest", "¿"}, {"Agrave", "À"},    {"Aacute", "Á"},    {"Acirc", "Â"},
    {"Atilde", "Ã"},    {"Auml", "Ä"},   {"Aring", "Å"},     {"AElig", "Æ"},     {"Ccedil", "Ç"},
    {"Egrave", "È"},    {"Eacute", "É"}, {"Ecirc", "Ê"},     {"Euml", "Ë"},      {"Igrave", "Ì"},
    {"Iacute", "Í"},    {"Icirc", "Î"},  {"Iuml", "Ï"},      {"ETH", "Ð"},       {"Ntilde", "Ñ"},
    {"Ograve", "Ò"},    {"Oacute", "Ó"}, {"Ocirc", "Ô"},     {"Otilde", "Õ"},    {"Ouml", "Ö"},
    {"times", "×"},     {"Oslash", "Ø"}, {"Ugrave", "Ù"},    {"Uacute", "Ú"},    {"Ucirc", "Û"},
    {"Uuml", "Ü"},      {"Yacute", "Ý"}, {"THORN", "Þ"},     {"szlig", "ß"},     {"agrave", "à"},
    {"aacute", "á"},    {"acirc", "â"},  {"atilde", "ã"},    {"auml", "ä"},      {"aring", "å"},
    {"aelig", "æ"},     {"ccedil", "ç"}, {"egrave", "è"},    {"eacute", "é"},    {"ecirc", "ê"},
    {"euml", "ë"},      {"igrave", "ì"}, {"iacute", "í"},    {"icirc", "î"},     {"iuml", "ï"},
    {"eth", "ð"},       {"ntilde", "ñ"}, {"ograve", "ò"},    {"oacute", "ó"},    {"ocirc", "ô"},
    {"otilde", "õ"},    {"ouml", "ö"},   {"divide", "÷"},    {"oslash", "ø"},    {"ugrave", "ù"},
    {"uacute", "ú"},    {"ucirc", "û"},  {"uuml", "ü"},      {"yacute", "ý"},    {"thorn", "þ"},
    {"yuml", "ÿ"},      {"ndash", "–"},  {"mdash", "—"},     {"lsquo", "‘"},     {"rsquo", "’"},
    {"sbquo", "‚"},     {"ldquo", "“"},  {"rdquo", "”"},     {"bdquo", "„"},     {"bull", "•"},
    {"hellip", "…"},    {"euro", "€"},   {"trade", "™"},     {"larr", "←"},      {"rarr", "→"},
    {"uarr", "↑"},      {"darr", "↓"},   {"ensp", "\u2002"}, {"emsp", "\u2003"},
}};

std::string utf8(char32_t code) {
  std::string out;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
  }
  tail(0);
  return out;
}

/// `#228`, `#xE4`.
std::string numbered(std::string_view name) {
  const bool is_hex = name.size() > 1 && (name[1] | 0x20) == 'x';
  const auto digits = name.substr(is_hex ? 2 : 1);
  if (digits.empty() || digits.size() > (is_hex ? 6U : 7U)) return {};
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size()) return {};
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  return utf8(code);
}

} // namespace

Entity read_entity(std::string_view text) {
  constexpr std::size_t longest = 10;
  const auto end = text.substr(0, longest).find(';');
  if (text.empty() || text[0] != '&' || end == std::string_view::npos || end < 2) return {};
  const auto name = text.substr(1, end - 1);
  if (name[0] == '#') {
    auto character = numbered(name);
    const auto length = character.empty() ? 0 : end + 1;
    return {std::move(character), length};
  }
  const auto* found =
      std::find_if(entities.begin(), entities.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == entities.end()) return {};
  return {std::string(found->second), end + 1};
}

void append_encoded(std::string& out, std::string_view text) {
  for (const char c : text)
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: out += c;
    }
}

void append_untagged(std::string& out, std::string_view html) {
  while (!html.empty()) {
    const auto open = html.find('<');
    const auto close = open == std::string_view::npos ? open : html.find('>', open);
    out += html.substr(0, close == std::string_view::npos ? html.size() : open);
    if (close == std::string_view::npos) return;
    html.remove_prefix(close + 1);
  }
}

} // namespace dialogferry::mapping::correspondence
