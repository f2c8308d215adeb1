#pragma once

#include <atomic>
#include <cstdint>

namespace dialogferry::engine {

/// How many records of one row may wait for somebody (Held) before it reads no further: an outage behind an
/// API is told from a few records in trouble long before, and each of them is a row of the ledger and is
/// tried by itself. What is in flight when the limit is met may come on top.
inline constexpr std::uint64_t most_held = 200;

/// What a row's actors count as they go, for the progress display and metrics. Written by many, read now and
/// then; the truth is the ledger.
struct RowProbe {
  std::atomic<std::uint64_t> pages{0};    ///< list answers read
  std::atomic<std::uint64_t> read{0};     ///< records read
  std::atomic<std::int64_t> in_flight{0}; ///< records between being read and acknowledged
  std::atomic<std::uint64_t> done{0};     ///< records acknowledged by the ledger
  std::atomic<std::uint32_t> shards{0};   ///< at work
  std::atomic<std::uint64_t> restarts{0};
  /// Records that wait for somebody, as the ledger said last: from `most_held` on nothing more is read, and
  /// the row waits for the API that the snapshot's `held` names.
  std::atomic<std::uint64_t> held{0};
};

/// The same of a live row. Instants are ticks (model/time.hpp), 0 stands for none.
struct LiveProbe {
  std::atomic<std::int64_t> in_flight{0};      ///< records between being known of and noted as carried
  std::atomic<std::uint64_t> carried{0};       ///< records noted as carried
  std::atomic<std::int64_t> oldest_waiting{0}; ///< when we were told of the oldest change that is not carried
  std::atomic<std::int64_t> polled{0};         ///< when every stream was last read to its end
  std::atomic<bool> polling_fails{false};
  std::atomic<std::uint64_t> held{0}; ///< as RowProbe
  std::atomic<std::uint64_t> restarts{0};
};

} // namespace dialogferry::engine
