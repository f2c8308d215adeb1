#include "forms.hpp"

#include <cstdint>

/// Upper and lower case of the scripts that names in Norway's registers are written in.
namespace dialogferry::mapping::correspondence {

namespace {

/// Reads the character at `at` and moves behind it. Texts are valid UTF-8: the reader refuses others.
char32_t next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char32_t code = lead & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return code;
}

void append(std::string& out, char32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

bool within(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

/// Blocks in which capital and small letters stand in turn; the capital is even, or odd.
bool has_even_capitals(char32_t code) {
  return within(code, 0x100, 0x12F) || within(code, 0x132, 0x137) || within(code, 0x14A, 0x177) ||
         within(code, 0x1DE, 0x1EF) || within(code, 0x1F8, 0x21F) || within(code, 0x222, 0x233) ||
         within(code, 0x460, 0x481) || within(code, 0x48A, 0x4BF) || within(code, 0x4D0, 0x52F) ||
         within(code, 0x1E00, 0x1E95) || within(code, 0x1EA0, 0x1EFF);
}
bool has_odd_capitals(char32_t code) {
  return within(code, 0x139, 0x148) || within(code, 0x179, 0x17E) || within(code, 0x1CD, 0x1DC);
}

char32_t lower(char32_t code) {
  if (within(code, 'A', 'Z') || (within(code, 0xC0, 0xDE) && code != 0xD7)) return code + 0x20;
  if (code == 0x178) return 0xFF;
  if (has_even_capitals(code)) return code | 1;
  if (has_odd_capitals(code)) return code + (code & 1);
  if (within(code, 0x391, 0x3A9) || within(code, 0x410, 0x42F)) return code + 0x20;
  if (within(code, 0x400, 0x40F)) return code + 0x50;
  return code;
}

char32_t upper(char32_t code) {
  if (within(code, 'a', 'z') || (within(code, 0xE0, 0xFE) && code != 0xF7)) return code - 0x20;
  if (code == 0xFF) return 0x178;
  if (has_even_capitals(code)) return code & ~char32_t{1};
  if (has_odd_capitals(code)) return code - (code & 1 ? 0 : 1);
  if ((within(code, 0x3B1, 0x3C9) && code != 0x3C2) || within(code, 0x430, 0x44F)) return code - 0x20;
  if (within(code, 0x450, 0x45F)) return code - 0x50;
  return code;
}

bool is_letter(char32_t code) {
  if (code < 0x80) return within(code, 'A', 'Z') || within(code, 'a', 'z');
  if (code < 0xC0) return code == 0xAA || code == 0xB5 || code == 0xBA;
  return code != 0xD7 && code != 0xF7 && !within(code, 0x2000, 0x2BFF) && !within(code, 0x3000, 0x3004);
}

/// What a word may hold behind its first letter without ending.
bool continues_word(char32_t code) {
  return is_letter(code) || within(code, '0', '9') || code == '\'' || within(code, 0x300, 0x36F);
}

} // namespace

std::string lower_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    append(out, lower(next(text, at)));
  return out;
}

std::string title_case(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  bool in_word = false;
  for (std::size_t at = 0; at < name.size();) {
    const auto code = lower(next(name, at));
    append(out, in_word ? code : upper(code));
    in_word = in_word ? continues_word(code) : is_letter(code);
  }
  return out;
}

} // namespace dialogferry::mapping::correspondence
