#include "correspondence/model/text.hpp"

#include "dialogporten/model/text.hpp"

#include <algorithm>

namespace altinn_sim::correspondence {

namespace {

std::size_t length_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

std::string upper_letter(std::string_view letter) {
  std::string out{letter};
  auto& last = out.back();
  if (out.size() == 1 && last >= 'a' && last <= 'z') last = static_cast<char>(last - 32);
  // Latin-1: æ ø å and the like.
  if (out.size() == 2 && out[0] == '\xc3' && static_cast<unsigned char>(last) >= 0xa0 &&
      static_cast<unsigned char>(last) != 0xb7 && static_cast<unsigned char>(last) != 0xbf)
    last = static_cast<char>(static_cast<unsigned char>(last) - 32);
  return out;
}

} // namespace

std::string cut16(std::string_view text, std::size_t units) {
  std::string out;
  for (std::size_t at = 0; at < text.size() && units > 0;) {
    const auto size = std::min(length_of(text[at]), text.size() - at);
    const std::size_t wants = size == 4 ? 2 : 1;
    if (wants > units) return out + "\xef\xbf\xbd";
    out += text.substr(at, size);
    units -= wants;
    at += size;
  }
  return out;
}

std::string title_cased(std::string_view name) {
  const auto small = dialogporten::lower(name);
  std::string out;
  bool inside = false;
  for (std::size_t at = 0; at < small.size();) {
    const auto size = std::min(length_of(small[at]), small.size() - at);
    const std::string_view letter = std::string_view{small}.substr(at, size);
    const bool is_letter = size > 1 || (letter[0] >= 'a' && letter[0] <= 'z') || letter[0] == '\'';
    out += is_letter && !inside ? upper_letter(letter) : std::string{letter};
    inside = is_letter;
    at += size;
  }
  return out;
}

std::string url_escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view{"-_.~"}.find(c) != std::string_view::npos;
    if (stays) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

} // namespace altinn_sim::correspondence
