#pragma once

#include <dialogferry/model/digest.hpp>
#include <dialogferry/model/outcome.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry {

/// Names one shard: the part of a day of one organisation that one actor carries. `part` is 0 for the day's
/// first shard; a large day splits, and the parts split off count from 1.
struct ShardKey {
  std::string row;   ///< an id of architecture.md, "a3-app-instances-historic"
  std::string stage; ///< "carry", "migrate", "publish"
  Day day;
  std::string organisation; ///< service owner code, "ttd"
  std::uint32_t part = 0;

  auto operator<=>(const ShardKey&) const = default;
};

/// `a3-app-instances-historic/carry/2025-03-01/ttd/0`
std::string to_string(const ShardKey& key);

enum class ShardState : std::uint8_t {
  open,     ///< begun, not finished
  complete, ///< every record of its window has an outcome other than deferred
  parked,   ///< given up for now; the reason is kept, and it is tried again later
};

std::string_view name_of(ShardState state);

/// How far a shard has come, newest first: everything at or after `at` is done, and at `at` exactly the
/// records in `tie_ids` are done (architecture.md: a checkpoint knows the ids at its tie, so counts are
/// exact).
struct Checkpoint {
  Instant at;
  std::vector<Uuid> tie_ids;

  bool operator==(const Checkpoint&) const = default;
};

/// One shard as the ledger keeps it.
struct Shard {
  ShardKey key;
  Instant from; ///< window, inclusive
  Instant to;   ///< window, exclusive
  ShardState state = ShardState::open;
  Checkpoint checkpoint; ///< starts as {to, {}}
  Counts counts;
  Digest digest_read;  ///< of all records read
  Digest digest_acked; ///< of those the target acknowledged: created, updated, unchanged, restored, deleted,
                       ///< purged
  std::uint32_t restarts = 0;
  std::string reason; ///< why it is parked; empty otherwise
  Instant retry_at;   ///< parked: when it is tried again
  Instant changed_at; ///< when this row was last written

  bool operator==(const Shard&) const = default;
};

} // namespace dialogferry
