#include "live/pushed_json.hpp"

#include <cstdint>

namespace altinn_sim::live {

namespace {

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += digits[(unit >> static_cast<unsigned>(shift)) & 0xfU];
}

/// Takes one code point of UTF-8 off the front; U+FFFD for a byte that begins none.
std::uint32_t take_letter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first >= 0x80 && (first < 0xc2 || text.size() < length)) {
    text.remove_prefix(1);
    return 0xfffd;
  }
  std::uint32_t letter = length == 1 ? first : first & (0x7fU >> length);
  for (std::size_t at = 1; at < length; ++at)
    letter = letter << 6U | (static_cast<unsigned char>(text[at]) & 0x3fU);
  text.remove_prefix(length);
  return letter;
}

void append_letter(std::string& out, std::uint32_t letter) {
  constexpr std::string_view escaped = "+&<>\"'`";
  if (letter == '\\') {
    out += "\\\\";
  } else if (letter == '\n' || letter == '\r' || letter == '\t') {
    out.append("\\").append(1, letter == '\n' ? 'n' : letter == '\r' ? 'r' : 't');
  } else if (letter >= 0x10000) {
    append_unit(out, 0xd800 + ((letter - 0x10000) >> 10U));
    append_unit(out, 0xdc00 + ((letter - 0x10000) & 0x3ffU));
  } else if (letter < 0x20 || letter >= 0x7f || escaped.find(static_cast<char>(letter)) != escaped.npos) {
    append_unit(out, letter);
  } else {
    out += static_cast<char>(letter);
  }
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty())
    append_letter(out, take_letter(text));
  out += '"';
}

} // namespace

std::string pushed_json(const std::vector<std::pair<std::string_view, std::string>>& members) {
  std::string out = "{";
  for (const auto& [name, text] : members) {
    if (text.empty()) continue;
    if (out.size() > 1) out += ',';
    append_text(out, name);
    out += ':';
    append_text(out, text);
  }
  return out + "}";
}

} // namespace altinn_sim::live
