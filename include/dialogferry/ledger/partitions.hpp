#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>

/// The records of a live row fall into 64 partitions by the end of their id, so that engines can share them
/// (architecture.md, Distribution).
namespace dialogferry::ledger {

inline constexpr unsigned partition_count = 64;

/// Some of them.
using Partitions = std::bitset<partition_count>;

inline Partitions all_partitions() {
  return Partitions().set();
}

/// Which one a record is in, 0 to 63: told by the last two characters of its id, hexadecimal digits in either
/// case, so that it is the same whatever party the record is named with (observed.md OE-6); 0 for ids that
/// end otherwise. Keys of wake-ups end with the record's id.
unsigned partition_of(std::string_view record_id);

} // namespace dialogferry::ledger
