#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers and times as text of a fixed width, written in place.
namespace altinn_sim::sink {

/// The lowest `width` hexadecimal digits.
inline void write_hex(char* out, std::uint64_t value, int width) {
  for (int at = width - 1; at >= 0; --at, value >>= 4U)
    out[at] = "0123456789abcdef"[value & 15U];
}

/// Lower case digits only.
inline std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (char c : text) {
    bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    value = value << 4U | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

/// The lowest `width` decimal digits.
inline void write_decimal(char* out, std::uint64_t value, int width) {
  for (int at = width - 1; at >= 0; --at, value /= 10)
    out[at] = static_cast<char>('0' + value % 10);
}

/// "2025-01-02T03:04:05." and after it `fraction_digits` digits of the 100 ns ticks since 1970, then 'Z'.
/// Writes 21 + `fraction_digits` characters.
void write_time(char* out, std::int64_t ticks, int fraction_digits);

} // namespace altinn_sim::sink
