#pragma once

#include <dialogferry/engine/record_result.hpp>
#include <dialogferry/ledger/commit.hpp>
#include <dialogferry/model/shard.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// The records of one shard between being read and being acknowledged. Batches finish in any order; they are
/// handed on oldest first and whole, so a checkpoint never runs ahead of an outcome.
class Progress {
public:
  explicit Progress(ShardKey key = {})
      : key_(std::move(key)) {}

  struct Entry {
    Uuid id;
    Instant last_changed;
  };

  /// A batch was read: its records are under way. Returns its number.
  std::uint64_t begin(std::vector<Entry> entries, Checkpoint checkpoint);

  /// Record `index` of a batch has an outcome. Told twice, it counts once. False where no such record is
  /// under way.
  bool finish(std::uint64_t batch, std::uint32_t index, RecordResult result);

  /// Everything from the oldest batch on that is finished, as one commit without state; nothing when
  /// the oldest is still under way.
  std::optional<ledger::Commit> take_finished();

  /// Records begun and not yet taken.
  std::size_t in_flight() const { return in_flight_; }

  /// Those of them that have no outcome yet.
  std::size_t waiting() const { return waiting_; }

private:
  struct Batch {
    std::vector<Entry> entries;
    std::vector<bool> finished;
    std::size_t waiting = 0;
    Checkpoint checkpoint;
    Counts counts;
    Digest read;
    Digest acknowledged;
    std::vector<ledger::Failure> failures;
    std::vector<SecondLook> again;
    std::vector<ledger::Handed> handed;
  };

  ShardKey key_;
  std::deque<Batch> batches_;
  std::uint64_t first_ = 0; ///< number of batches_.front()
  std::size_t in_flight_ = 0;
  std::size_t waiting_ = 0;
};

} // namespace dialogferry::engine
