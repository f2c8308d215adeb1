#pragma once

#include <dialogferry/model/time.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry {

/// A UUID, its 16 bytes in network order.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  int version() const { return bytes[6] >> 4; }
};

/// Reads the 36-character form in either case; nothing for anything else.
std::optional<Uuid> parse_uuid(std::string_view text);

/// 36 characters, lower case.
std::string to_string(const Uuid& id);

/// Writes what to_string() gives to 36 characters.
void write_uuid(char* text, const Uuid& id);

/// Appends it.
void append_uuid(std::string& out, const Uuid& id);

/// V7(g, t): version 7 with the milliseconds of `at` over the random part of `base` (M-40).
Uuid version7(const Uuid& base, Instant at);

/// SUB(p, name): the name-based child of `parent` that keeps the parent's time part (M-41).
Uuid sub_id(const Uuid& parent, std::string_view name);

} // namespace dialogferry

template <>
struct std::hash<dialogferry::Uuid> {
  std::size_t operator()(const dialogferry::Uuid& id) const noexcept;
};
