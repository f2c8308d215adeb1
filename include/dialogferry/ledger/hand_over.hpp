#pragma once

#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::ledger {

/// A record between two stages: what its source and what the first stage's target call it.
struct Handed {
  std::int32_t source_id = 0;
  Uuid target_id;

  bool operator==(const Handed&) const = default;
};

/// Records that one commit handed over, together: 20 bytes each.
struct Block {
  std::int64_t id = 0; ///< given by the ledger, rising
  std::vector<Handed> records;

  bool operator==(const Block&) const = default;
};

/// What a stage has to go on with of one day.
struct HandedOver {
  std::vector<Block> blocks; ///< those that wait, by rising id
  bool is_whole = false;     ///< the stage before is complete: nothing more will come
};

/// A file that the target has taken, and what it calls it: it is not sent again (correspondence.md 1.2).
struct TakenFile {
  std::string source_id;
  Uuid target_id;
  Day day;                      ///< of its record; forgotten when the first stage has completed that day …
  std::optional<Instant> until; ///< … or at this time
};

} // namespace dialogferry::ledger
