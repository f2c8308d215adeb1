#pragma once

#include "time.hpp"

#include <cstdint>

namespace altinn_sim::storage {

/// When the records of one organisation and day were last changed: rank 0 is the day's oldest. Each rank has
/// a slot of its own, so that the time of any rank, and the rank at any time, is known without the others.
/// Some neighbours share one time: groups of 2–7, often across the borders of pages of 100, now and then over
/// 100.
class DayAxis {
public:
  /// Ranks from first to last, both included, that share one time.
  struct Group {
    std::int64_t first;
    std::int64_t last;
  };

  /// count: 0 … 33 million
  DayAxis(std::uint64_t key, Day day, std::int64_t count)
      : key_(key)
      , start_(day * whole_day)
      , count_(count) {}

  std::int64_t count() const { return count_; }
  /// The group a rank belongs to; mostly it is alone.
  Group group(std::int64_t rank) const;
  /// lastChanged of the rank: whole microseconds, ascending with the rank.
  Ticks time(std::int64_t rank) const { return time_of_leader(group(rank).first); }
  /// The first rank at or after the time; count() where there is none.
  std::int64_t at_or_after(Ticks time) const;

private:
  Ticks slot_start(std::int64_t rank) const;
  Ticks time_of_leader(std::int64_t rank) const;
  bool large_group(std::int64_t rank, Group& out) const;
  bool small_group(std::int64_t rank, Group& out) const;

  std::uint64_t key_;
  Ticks start_;
  std::int64_t count_;
};

} // namespace altinn_sim::storage
