#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/model/utf8.hpp>

#include <simdjson.h>

#include <cstring>

namespace dialogferry::codec {

namespace {

constexpr std::uint64_t repeated(std::uint8_t byte) {
  return 0x0101010101010101ULL * byte;
}

/// Whether one of eight characters is a control character, a quote or a backslash.
bool needs_escape(std::uint64_t eight) {
  const auto has_zero = [](std::uint64_t word) { return (word - repeated(1)) & ~word; };
  const std::uint64_t control = (eight - repeated(0x20)) & ~eight;
  const std::uint64_t quote = has_zero(eight ^ repeated('"'));
  const std::uint64_t backslash = has_zero(eight ^ repeated('\\'));
  return ((control | quote | backslash) & repeated(0x80)) != 0;
}

bool needs_escape(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

/// How many characters from the start need no escape.
std::size_t clean_prefix(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + 8 <= text.size(); at += 8) {
    std::memcpy(&eight, text.data() + at, 8);
    if (needs_escape(eight)) break;
  }
  while (at < text.size() && !needs_escape(text[at]))
    ++at;
  return at;
}

bool has_wide(std::string_view text) {
  std::uint64_t wide = 0;
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + 8 <= text.size(); at += 8) {
    std::memcpy(&eight, text.data() + at, 8);
    wide |= eight;
  }
  for (; at < text.size(); ++at)
    wide |= static_cast<unsigned char>(text[at]);
  return (wide & repeated(0x80)) != 0;
}

void append_escaped(std::string& out, char character) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(character);
  switch (character) {
  case '"': out += "\\\""; break;
  case '\\': out += "\\\\"; break;
  case '\b': out += "\\b"; break;
  case '\f': out += "\\f"; break;
  case '\n': out += "\\n"; break;
  case '\r': out += "\\r"; break;
  case '\t': out += "\\t"; break;
  default:
    out += "\\u00";
    out += digits[code >> 4];
    out += digits[code & 0x0F];
  }
}

} // namespace

void JsonWriter::text(std::string_view text) {
  if (has_wide(text) && !simdjson::validate_utf8(text.data(), text.size()))
    return this->text(mend_utf8(text));
  out_ += '"';
  while (true) {
    const auto clean = clean_prefix(text);
    out_.append(text.data(), clean);
    if (clean == text.size()) break;
    append_escaped(out_, text[clean]);
    text.remove_prefix(clean + 1);
  }
  out_ += '"';
}

} // namespace dialogferry::codec
