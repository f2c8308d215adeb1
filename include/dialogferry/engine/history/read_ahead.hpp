#pragma once

#include <dialogferry/engine/actors.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

namespace dialogferry::engine {

/// How much the shards of a row together may have read that is not done: enough for those who carry never to
/// wait. What is read sooner only falls out of the caches before its turn (bench/README.md). Used from any
/// thread.
class ReadAhead {
public:
  /// `most` in records; a page beyond it may be begun, so that there is always one.
  explicit ReadAhead(std::size_t most)
      : most_(most) {}

  void set_most(std::size_t most) { most_ = most; }

  /// Whether a page of so many records may be asked for, which is then counted as read. Otherwise `shard` is
  /// told to proceed when others are done with some.
  bool reserve(std::size_t records, const shard_actor& shard) {
    const std::lock_guard lock(mutex_);
    if (taken_ < most_) {
      taken_ += records;
      return true;
    }
    waiting_.push_back(shard);
    return false;
  }

  /// Counts what was read without asking, or beyond what was reserved.
  void add(std::size_t records) {
    const std::lock_guard lock(mutex_);
    taken_ += records;
  }

  /// Records that are done, or were reserved and not there.
  void give_back(std::size_t records) {
    std::vector<shard_actor> told;
    {
      const std::lock_guard lock(mutex_);
      taken_ -= records;
      if (records > 0 && taken_ < most_) told.swap(waiting_);
    }
    for (const auto& shard : told)
      caf::anon_send(shard, Proceed{});
  }

private:
  std::mutex mutex_;
  std::atomic<std::size_t> most_;
  std::size_t taken_ = 0;
  std::vector<shard_actor> waiting_; ///< in their order; each may be there several times
};

} // namespace dialogferry::engine
