#pragma once

#include "database.hpp"

#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/shard.hpp>

#include <compare>
#include <map>
#include <set>

namespace dialogferry::ledger::sql {

/// The state of a day from the numbers of its shards (table `day`).
DayState day_state(std::uint64_t started, std::uint64_t open, std::uint64_t parked,
                   std::uint64_t organisations);

/// Collects what one transaction changes in the sums per day and stage.
class Tally {
public:
  struct DayKey {
    std::int64_t stage = 0;
    Day day;
    std::int64_t organisation = 0;
    auto operator<=>(const DayKey&) const = default;
  };
  /// Of one organisation's shards; counts where that is planned.
  struct DayChange {
    std::int64_t started = 0, open = 0, complete = 0, parked = 0, read = 0, failed = 0;

    void add(ShardState state, std::int64_t by);
    DayChange& operator+=(const DayChange& more);
    bool operator==(const DayChange&) const = default;
  };
  struct StageChange {
    Counts added;
    Counts taken_back;
    std::int64_t restarts = 0;
    std::set<Day> moved; ///< days whose shards changed their state
  };

  void begun(std::int64_t stage, std::int64_t organisation, const Shard& shard);
  void changed(std::int64_t stage, std::int64_t organisation, const Shard& before, const Shard& after);
  void gone(std::int64_t stage, std::int64_t organisation, const Shard& shard);
  /// Outcomes outside of any day's shard.
  void counted(std::int64_t stage, const Counts& added, const Counts& taken_back);

  const std::map<DayKey, DayChange>& days() const { return days_; }
  const std::map<std::int64_t, StageChange>& stages() const { return stages_; }

private:
  std::map<DayKey, DayChange> days_;
  std::map<std::int64_t, StageChange> stages_;
};

/// Writes it all, row by row, with the watermark and the changelog that follow from it. Throws Refusal where
/// more is taken back than was counted.
void write(const Tally& tally, Database& db, Instant now);

/// The start of the period of ten seconds (RateSample) that `now` is in.
Instant rate_period_of(Instant now);

Problem too_much_taken_back();

/// Sums the shards of the stage's planned organisations up again, from nothing.
void rebuild_days(Database& db, std::int64_t stage);

/// Moves the watermark after the days in `moved` have changed, or from the cut-over on where `anew`, and
/// notes the move in the changelog.
void move_watermark(Database& db, std::int64_t stage, const std::set<Day>& moved, bool anew, Instant now);

} // namespace dialogferry::ledger::sql
