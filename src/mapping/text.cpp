#include "text.hpp"

#include <algorithm>

namespace dialogferry::mapping {

namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Bytes of the character that starts with `lead`. Texts are valid UTF-8: the reader refuses others.
constexpr std::size_t width(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// White space outside ASCII, as UTF-8.
constexpr std::string_view wide_spaces[] = {
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

bool is_space(std::string_view character) {
  if (character.size() == 1) return character[0] == ' ' || (character[0] >= '\t' && character[0] <= '\r');
  return std::find(std::begin(wide_spaces), std::end(wide_spaces), character) != std::end(wide_spaces);
}

/// Every two letters are a code.
constexpr std::string_view language_codes =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdgl"
    "gngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimk"
    "mlmnmrmsmtmynanbndnengnlnnnrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvswtate"
    "tgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu";

/// The code as the list has it; empty where it has none.
std::string_view find_language(std::string_view code) {
  if (code.size() != 2) return {};
  const char first = lower(code[0]);
  const char second = lower(code[1]);
  for (std::size_t at = 0; at < language_codes.size(); at += 2)
    if (language_codes[at] == first && language_codes[at + 1] == second) return language_codes.substr(at, 2);
  return {};
}

} // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.substr(0, std::min(width(text[0]), text.size()))))
    text.remove_prefix(std::min(width(text[0]), text.size()));
  while (!text.empty()) {
    auto last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80)
      --last;
    if (!is_space(text.substr(last))) break;
    text = text.substr(0, last);
  }
  return text;
}

std::string collapsed(std::string_view text) {
  std::string out;
  bool gap = false;
  for (auto rest = trimmed(text); !rest.empty();) {
    const auto character = rest.substr(0, std::min(width(rest[0]), rest.size()));
    rest.remove_prefix(character.size());
    const bool space = is_space(character);
    if (!space && gap) out += ' ';
    if (!space) out += character;
    gap = space;
  }
  return out;
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const auto size = std::min(width(text[0]), text.size());
    if (!is_space(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::size_t units(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    count += (byte & 0xC0) != 0x80; // one per character
    count += byte >= 0xF0;          // and a second one for what needs a surrogate pair
  }
  return count;
}

std::string_view take_units(codec::Arena& arena, std::string_view text, std::size_t count,
                            std::string_view tail) {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    const auto size = width(text[at]);
    if (size == 4 && count == 1) return arena.join({text.substr(0, at), "\uFFFD", tail});
    count -= size == 4 ? 2 : 1;
    at += size;
  }
  return tail.empty() ? text.substr(0, at) : arena.join({text.substr(0, at), tail});
}

std::string_view cut(codec::Arena& arena, std::string_view text, std::size_t max) {
  // No text has more units than bytes.
  if (text.size() <= max || units(text) <= max) return text;
  return take_units(arena, text, max - 3, "...");
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view normal_language(std::string_view code) {
  code = trimmed(code);
  code = code.substr(0, code.find_first_of("-_"));
  if (same_ignoring_case(code, "no")) return "no";
  return find_language(code);
}

bool is_language(std::string_view code) {
  return !find_language(code).empty();
}

} // namespace dialogferry::mapping
