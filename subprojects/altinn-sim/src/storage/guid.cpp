#include "guid.hpp"

namespace altinn_sim::storage {

namespace {

std::optional<std::uint64_t> nibble(char letter) {
  if (letter >= '0' && letter <= '9') return static_cast<std::uint64_t>(letter - '0');
  if (letter >= 'a' && letter <= 'f') return static_cast<std::uint64_t>(letter - 'a' + 10);
  if (letter >= 'A' && letter <= 'F') return static_cast<std::uint64_t>(letter - 'A' + 10);
  return {};
}

bool dash_at(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

} // namespace

void append_guid(std::string& out, Guid id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 36> text{};
  std::size_t at = 0;
  for (const auto half : {id.high, id.low}) {
    for (unsigned shift = 64; shift > 0;) {
      if (dash_at(at)) text[at++] = '-';
      shift -= 8;
      const auto byte = static_cast<std::size_t>(half >> shift) & 0xffU;
      text[at++] = digits[byte >> 4U];
      text[at++] = digits[byte & 0xfU];
    }
  }
  out.append(text.data(), text.size());
}

std::string guid_text(Guid id) {
  std::string out;
  append_guid(out, id);
  return out;
}

std::optional<Guid> parse_guid(std::string_view text) {
  if (text.size() != 36) return {};
  Guid id;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (dash_at(at)) {
      if (text[at] != '-') return {};
      continue;
    }
    const auto value = nibble(text[at]);
    if (!value) return {};
    id.high = (id.high << 4U) | (id.low >> 60U);
    id.low = (id.low << 4U) | *value;
  }
  return id;
}

} // namespace altinn_sim::storage
