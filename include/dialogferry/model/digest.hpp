#pragma once

#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <compare>
#include <cstdint>

namespace dialogferry {

/// An order-independent 128-bit sum over (id, lastChanged) of records: two sides hold the same set exactly
/// when their digests agree, up to chance. Adding is commutative, so pages may be added in any order.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  void add(const Uuid& id, Instant last_changed);
  Digest& operator+=(const Digest& other);
  bool operator==(const Digest&) const = default;
};

} // namespace dialogferry
