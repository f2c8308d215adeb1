#pragma once

#include "world.hpp"

#include <optional>
#include <string>
#include <vector>

namespace altinn_sim::storage {

/// What a scan walks over: one organisation's rows with from <= lastChanged < to, in one direction.
struct Window {
  std::string org;
  Ticks from = std::numeric_limits<Ticks>::min();
  Ticks to = std::numeric_limits<Ticks>::max();
  bool descending = false;
  std::optional<std::int64_t> party; ///< only this owner's
  std::optional<std::uint64_t> tail; ///< only the one whose id ends in these 48 bits
};

/// Walks the rows of a window group by group; a group is all rows of one time. Costs what it yields.
class Scan {
public:
  Scan(const World& world, const Window& window);

  /// The next group, row ids ascending in both directions (storage.md 1.5); false at the end.
  bool next(std::vector<Row>& group);

private:
  void collect_party(std::int64_t party);
  void collect_tail(std::uint64_t tail);
  void find_start();
  bool ended() const { return day_ < 0 || day_ > last_day_; }
  bool settle();
  Ticks generated_time() const;
  void take_generated(std::vector<Row>& group);
  void take_listed(Ticks time, std::vector<Row>& group);

  const World& world_;
  const Generator& generator_;
  Window window_;
  std::optional<std::int64_t> organisation_;
  std::int64_t last_day_ = -1;
  std::int64_t day_ = 0; // where the walk over the generated rows stands
  std::int64_t rank_ = 0;
  std::vector<Row> listed_; // rows that are not walked over but known, in the scan's order of time
  std::size_t at_ = 0;
};

} // namespace altinn_sim::storage
