#include "dialogporten/model/text.hpp"

#include <algorithm>
#include <cstdint>

namespace altinn_sim::dialogporten {

namespace {

char ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Bytes of the white-space character that `text` begins with, 0 where it begins with none.
std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  const char first = text.front();
  if (first == ' ' || (first >= '\t' && first <= '\r')) return 1;
  constexpr std::string_view wide[] = {"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\xa8",
                                       "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};
  for (const auto space : wide)
    if (text.starts_with(space)) return space.size();
  const bool general =
      text.size() >= 3 && text.starts_with("\xe2\x80") && static_cast<unsigned char>(text[2]) <= 0x8a;
  return general ? 3 : 0; // U+2000 to U+200A
}

/// Bytes of the character that ends where `text` ends.
std::size_t last_character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[text.size() - size]) & 0xc0) == 0x80)
    ++size;
  return size;
}

/// The lower case of a two-byte letter.
std::uint32_t lower_letter(std::uint32_t letter) {
  if ((letter >= 0xc0 && letter <= 0xde && letter != 0xd7) || (letter >= 0x391 && letter <= 0x3a9) ||
      (letter >= 0x410 && letter <= 0x42f))
    return letter + 0x20;
  if (letter >= 0x400 && letter <= 0x40f) return letter + 0x50;
  const bool even_upper =
      (letter >= 0x100 && letter <= 0x137 && letter != 0x130) || (letter >= 0x14a && letter <= 0x177);
  const bool odd_upper = (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17e);
  if ((even_upper && letter % 2 == 0) || (odd_upper && letter % 2 == 1)) return letter + 1;
  return letter;
}

} // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) ++units;
    if (byte >= 0xf0) ++units;
  }
  return units;
}

bool is_blank(std::string_view text) {
  while (const std::size_t size = leading_space(text))
    text.remove_prefix(size);
  return text.empty();
}

std::string_view trimmed(std::string_view text) {
  while (const std::size_t size = leading_space(text))
    text.remove_prefix(size);
  while (!text.empty()) {
    const std::size_t size = last_character(text);
    if (leading_space(text.substr(text.size() - size)) != size) break;
    text.remove_suffix(size);
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto lead = static_cast<unsigned char>(out[i]);
    if (lead < 0x80) {
      out[i] = ascii_lower(out[i]);
    } else if (lead >= 0xc2 && lead <= 0xdf && i + 1 < out.size()) {
      const std::uint32_t letter =
          lower_letter((lead & 0x1fU) << 6 | (static_cast<unsigned char>(out[i + 1]) & 0x3fU));
      out[i] = static_cast<char>(0xc0 | letter >> 6);
      out[++i] = static_cast<char>(0x80 | (letter & 0x3f));
    }
  }
  return out;
}

bool same_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](char l, char r) { return ascii_lower(l) == ascii_lower(r); });
}

std::string pascal(std::string_view name) {
  std::string out{name};
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

} // namespace altinn_sim::dialogporten
