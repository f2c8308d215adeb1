#include "json_text.hpp"

namespace altinn_sim::storage {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
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
