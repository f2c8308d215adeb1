#pragma once

#include "database.hpp"

#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/shard.hpp>

#include <compare>
#include <map>
#include <set>

namespace dialogferry::ledger::sqlite {

/// The state of a day from the numbers of its shards (table `day`).
DayState day_state(std::uint64_t started, std::uint64_t open, std::uint64_t parked,
                   std::uint64_t organisations);

/// Keeps the sums per day and stage in step with the shards, and the watermark and changelog with the sums:
/// collects what one transaction changes, and writes it once.
class Tally {
public:
  Tally(Database& db, Instant now)
      : db_(db)
      , now_(now) {}

  void begun(std::int64_t stage, std::int64_t organisation, const Shard& shard);
  void changed(std::int64_t stage, std::int64_t organisation, const Shard& before, const Shard& after);
  void gone(std::int64_t stage, std::int64_t organisation, const Shard& shard);
  /// Outcomes outside of any day's shard. Throws Refusal where more is taken back than was counted.
  void counted(std::int64_t stage, const Counts& added, const Counts& taken_back);

  /// Writes it all.
  void write();

private:
  struct DayChange {
    std::int64_t started = 0, open = 0, complete = 0, parked = 0, read = 0, failed = 0;
  };
  struct StageChange {
    Counts added;
    Counts taken_back;
    std::int64_t restarts = 0;
    std::set<Day> moved; ///< days whose shards changed their state
  };

  void add_state(DayChange& change, ShardState state, std::int64_t by);
  bool planned(std::int64_t stage, std::int64_t organisation);
  void write_day(std::int64_t stage, Day day, const DayChange& change);
  void note_recovery(std::int64_t stage, Day day);
  void write_stage(std::int64_t stage, const StageChange& change);
  void write_rate(std::int64_t stage, const StageChange& change);

  Database& db_;
  Instant now_;
  std::map<std::pair<std::int64_t, Day>, DayChange> days_;
  std::map<std::int64_t, StageChange> stages_;
};

/// Sums the shards of the stage's planned organisations up again, from nothing.
void rebuild_days(Database& db, std::int64_t stage);

/// Moves the watermark after the days in `moved` have changed, or from the cut-over on where `anew`, and
/// notes the move in the changelog.
void move_watermark(Database& db, std::int64_t stage, const std::set<Day>& moved, bool anew, Instant now);

} // namespace dialogferry::ledger::sqlite
