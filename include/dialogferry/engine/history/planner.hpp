#pragma once

#include <dialogferry/model/shard.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine {

/// The days of a row in the order they are carried: newest first, within a day the organisations as given.
/// Lazy: a century of days costs one bit a day and organisation, and a shard exists only once it is begun.
class Planner {
public:
  struct Range {
    Day from;    ///< oldest day to reach
    Day cutover; ///< newest historic day
  };

  Planner(std::string row, std::string stage, Range range, std::vector<std::string> organisations);

  /// Told of each shard the ledger has, before the first next(): a day and organisation it knows is not begun
  /// again. Unknown organisations and days outside the range are ignored.
  void known(Day day, std::string_view organisation);

  /// More organisations, whose days are not begun; those that are there already stay as they are.
  void add(const std::vector<std::string>& organisations);

  /// A shard to be carried before any new day: one left open, one split off, one tried again. One that waits
  /// already is not added again.
  void resume(Shard shard);

  /// The next shard to carry of the days up to `newest`; those that are not over yet are newer and wait
  /// (observed.md OR-1). Nothing when the range is planned to its end.
  std::optional<Shard> next(Day newest);

  /// A shard that next() gave and nobody has begun: it comes again.
  void give_back(Shard shard);

  /// The first day of the range that waits to be over, where days up to `newest` are.
  std::optional<Day> waiting(Day newest) const;

  /// Days times organisations.
  std::size_t planned() const { return days() * organisations_.size(); }

  /// No shard is left of the days up to `newest`, as of the last next().
  bool empty(Day newest) const;

private:
  std::size_t days() const;
  std::size_t slot(Day day, std::size_t organisation) const;
  std::size_t first_slot(Day newest) const;
  std::deque<Shard>::const_iterator find_resumed(Day newest) const;

  std::string row_;
  std::string stage_;
  Range range_;
  std::vector<std::string> organisations_;
  std::vector<bool> begun_;   ///< by slot: newest day first, then organisation
  std::deque<Shard> resumed_; ///< newest window first
  std::size_t cursor_ = 0;    ///< first slot not looked at yet
  std::optional<Day> newest_; ///< as of the last next()
};

} // namespace dialogferry::engine
