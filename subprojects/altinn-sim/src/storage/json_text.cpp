#include "json_text.hpp"

#include <cstdint>
#include <cstring>

namespace altinn_sim::storage {

namespace {

/// True where eight bytes need no escape: none below a space, no quote, no backslash. Tests all of them at
/// once.
bool plain_8(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t tops = 0x8080808080808080ULL;
  const auto below_space = (word - ones * 0x20) & ~word;
  const auto zero_in = [](std::uint64_t value) { return (value - ones) & ~value; };
  return ((below_space | zero_in(word ^ (ones * '"')) | zero_in(word ^ (ones * '\\'))) & tops) == 0;
}

} // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    while (at + 8 <= text.size() && plain_8(text.data() + at))
      at += 8;
    if (at == text.size()) break;
    const auto letter = static_cast<unsigned char>(text[at]);
    if (letter >= 0x20 && letter != '"' && letter != '\\') continue;
    out += text.substr(plain, at - plain);
    plain = at + 1;
    switch (letter) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      out += "\\u00";
      out += "0123456789abcdef"[letter >> 4U];
      out += "0123456789abcdef"[letter & 0xfU];
    }
  }
  out += text.substr(plain);
  out += '"';
}

} // namespace altinn_sim::storage
