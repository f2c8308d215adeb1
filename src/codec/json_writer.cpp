#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/model/utf8.hpp>

#include <simdjson.h>

#include <bit>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const auto sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto control = _mm_cmpeq_epi8(_mm_min_epu8(sixteen, _mm_set1_epi8(0x1F)), sixteen);
    const auto quote = _mm_cmpeq_epi8(sixteen, _mm_set1_epi8('"'));
    const auto backslash = _mm_cmpeq_epi8(sixteen, _mm_set1_epi8('\\'));
    const auto found = _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
  }
#endif
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
#ifdef __SSE2__
  auto wide_of_sixteen = _mm_setzero_si128();
  for (; at + 16 <= text.size(); at += 16)
    wide_of_sixteen =
        _mm_or_si128(wide_of_sixteen, _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)));
  if (_mm_movemask_epi8(wide_of_sixteen) != 0) return true;
#endif
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
  while (true) { // mostly once: few texts hold anything to escape
    const auto clean = clean_prefix(text);
    out_.append(text.data(), clean);
    if (clean == text.size()) break;
    append_escaped(out_, text[clean]);
    text.remove_prefix(clean + 1);
  }
  out_ += '"';
}

} // namespace dialogferry::codec
