#pragma once

#include <dialogferry/engine/messages.hpp>
#include <dialogferry/model/config.hpp>

#include <atomic>
#include <cstdint>

namespace dialogferry::engine {

/// What may change of a row while it runs. The engine writes it, the row's actors read it whenever they
/// decide, and are told with Steer that there is something new.
struct RowControls {
  std::atomic<bool> paused{false}; ///< what is in flight is finished, and nothing begun
  std::atomic<std::uint32_t> shards_in_flight{RowConfig{}.shards_in_flight};
  /// Records between being read and acknowledged by the ledger: of a shard, or of a live row.
  std::atomic<std::uint32_t> credit{RowConfig{}.credit};
  std::atomic<Priority> priority{Priority::history}; ///< of history
  std::atomic<bool> verify{false};                   ///< each day is compared once it is carried

  void take_over(const RowConfig& config) {
    paused = config.paused;
    shards_in_flight = config.shards_in_flight;
    credit = config.credit;
    verify = config.verify;
    priority = config.priority == RowPriority::first  ? Priority::first
               : config.priority == RowPriority::last ? Priority::last
                                                      : Priority::history;
  }
};

} // namespace dialogferry::engine
