#pragma once

#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/progress_snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dialogferry::engine::verify {

/// Which days of a row are to be compared by themselves: those that are carried and were not compared since,
/// newest first. One that differs is looked at again later, since somebody may have mended it; so is one that
/// could not be compared. Pure: the ledger says what is carried, the caller what has come of comparing.
class DueDays {
public:
  struct Pauses {
    std::chrono::milliseconds differs = std::chrono::hours{24};
    std::chrono::milliseconds failed = std::chrono::hours{1};
  };

  /// `stages` are the names of the row's stages: a day is carried once all of them are done with it.
  DueDays(std::string row, std::vector<std::string> stages, Pauses pauses)
      : row_(std::move(row))
      , stages_(std::move(stages))
      , pauses_(pauses) {}

  /// The newest ones, at most `limit`.
  std::vector<Day> find(const ledger::Snapshot& snapshot, Instant now, std::size_t limit) const;

  /// Whose records the row carries, as the ledger says.
  std::vector<std::string> organisations(const ledger::Snapshot& snapshot) const;

  void note_clean(Day day) { set_aside_.erase(day); }
  void note_differing(Day day, Instant now);
  void note_failed(Day day, std::string why, Instant now);

  /// Days that could not be compared, newest first, at most `limit`.
  std::vector<NotCompared> not_compared(std::size_t limit) const;

private:
  struct Aside {
    Instant until;
    std::string why; ///< it could not be compared; empty: it differs
  };

  const ledger::StageSnapshot* stage(const ledger::Snapshot& snapshot, std::string_view name) const;
  bool is_due(const ledger::DayTally& day, Instant now) const;

  std::string row_;
  std::vector<std::string> stages_;
  Pauses pauses_;
  std::map<Day, Aside> set_aside_; ///< days of the row's plan, no more
};

} // namespace dialogferry::engine::verify
