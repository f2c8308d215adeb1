#include "dialogporten/model/uuid.hpp"

#include <cstring>

namespace altinn_sim::dialogporten {

namespace {

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

constexpr bool hyphen_at(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

/// Spreads every input bit over the whole word (the finalizer of splitmix64).
std::uint64_t mix(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
  return word ^ (word >> 31);
}

void mark(Uuid& id, std::uint8_t version) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
}

} // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (hyphen_at(i)) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[byte++] = static_cast<std::uint8_t>(high * 16 + low);
    i += 2;
  }
  return id;
}

std::optional<Uuid> parse_any_uuid(std::string_view text) {
  if (text.size() > 2 &&
      ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')')))
    return parse_uuid(text.substr(1, text.size() - 2));
  if (text.size() != 32) return parse_uuid(text);
  std::string spelled{text};
  for (const std::size_t at : {8, 13, 18, 23})
    spelled.insert(at, 1, '-');
  return parse_uuid(spelled);
}

std::string to_string(const Uuid& id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(36, '-');
  std::size_t at = 0;
  for (const std::uint8_t byte : id.bytes) {
    if (hyphen_at(at)) ++at;
    text[at++] = digits[byte >> 4];
    text[at++] = digits[byte & 15];
  }
  return text;
}

bool is_version_7(const Uuid& id) {
  return id.bytes[6] >> 4 == 7 && id.bytes[8] >> 6 == 2;
}

std::optional<Time> embedded_time(const Uuid& id) {
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < 6; ++i)
    milliseconds = milliseconds << 8 | id.bytes[i];
  constexpr std::int64_t last = 253'402'300'799'999; // 9999-12-31T23:59:59.999Z
  if (milliseconds > last) return std::nullopt;
  return Time{milliseconds * ticks_per_ms};
}

std::size_t UuidHash::operator()(const Uuid& id) const noexcept {
  std::uint64_t words[2];
  std::memcpy(words, id.bytes.data(), sizeof words);
  return mix(words[0] ^ mix(words[1]));
}

std::uint64_t UuidSource::next() {
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15U;
  return mix(state_.fetch_add(step, std::memory_order_relaxed) + step);
}

Uuid UuidSource::version_4() {
  const std::uint64_t words[2] = {next(), next()};
  Uuid id;
  std::memcpy(id.bytes.data(), words, sizeof words);
  mark(id, 4);
  return id;
}

Uuid UuidSource::version_7(Ticks now) {
  Uuid id = version_4();
  auto milliseconds = static_cast<std::uint64_t>(now < 0 ? 0 : now / ticks_per_ms);
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8)
    id.bytes[i] = static_cast<std::uint8_t>(milliseconds);
  mark(id, 7);
  return id;
}

} // namespace altinn_sim::dialogporten
