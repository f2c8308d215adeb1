#pragma once

#include "time.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// 16 bytes in text (network) order.
struct Guid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const Guid&, const Guid&) = default;
  friend bool operator<(const Guid& a, const Guid& b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};

/// A version 4 id out of 128 arbitrary bits.
constexpr Guid random_guid(std::uint64_t high, std::uint64_t low) {
  return {(high & ~0xf000ULL) | 0x4000ULL, (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL};
}

/// M-40: the dialog's id out of an id and a time; the time counts in whole milliseconds, rounded down.
constexpr Guid version_7(Guid id, Ticks time) {
  const auto ms = static_cast<std::uint64_t>(floor_to(time, millisecond) / millisecond);
  return {(ms << 16U) | 0x7000U | (id.high & 0x0fffU),
          (id.low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL};
}

void append_guid(std::string& out, Guid id);
std::string guid_text(Guid id);
/// 36 characters, hexadecimal in any case; null for anything else.
std::optional<Guid> parse_guid(std::string_view text);

} // namespace altinn_sim::storage

template <>
struct std::hash<altinn_sim::storage::Guid> {
  std::size_t operator()(const altinn_sim::storage::Guid& id) const noexcept {
    return static_cast<std::size_t>(id.high ^ (id.low * 0x9e3779b97f4a7c15ULL));
  }
};
