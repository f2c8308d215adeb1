#pragma once

#include "dialogporten/model/time.hpp"

#include <array>
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// A UUID, its bytes in text order.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  bool is_nil() const { return *this == Uuid{}; }
  auto operator<=>(const Uuid&) const = default;
};

/// Reads the 36-character form, either case.
std::optional<Uuid> parse_uuid(std::string_view text);

/// Reads what paths and headers may hold: also without hyphens, and either in braces or parentheses
/// (observed.md OD-10).
std::optional<Uuid> parse_any_uuid(std::string_view text);

/// Lower case, with hyphens.
std::string to_string(const Uuid& id);

/// Version nibble 7 and variant bits 10 (dialogporten.md 3.9).
bool is_version_7(const Uuid& id);

/// The leading 48 bits read as Unix milliseconds, whatever the version; nothing past year 9999.
std::optional<Time> embedded_time(const Uuid& id);

struct UuidHash {
  std::size_t operator()(const Uuid& id) const noexcept;
};

/// Ids for what a request leaves to the server, the same in every run with the same seed. Safe from several
/// threads.
class UuidSource {
public:
  explicit UuidSource(std::uint64_t seed)
      : state_{seed} {}

  Uuid version_4();
  Uuid version_7(Ticks now);

private:
  std::uint64_t next();

  std::atomic<std::uint64_t> state_;
};

} // namespace altinn_sim::dialogporten
