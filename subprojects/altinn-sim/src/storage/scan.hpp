#pragma once

#include "walk.hpp"
#include "world.hpp"

#include <cstddef>
#include <vector>

namespace altinn_sim::storage {

/// Walks the rows of a window group by group; a group is all rows of one time. Costs what it yields.
class Scan {
public:
  Scan(const World& world, const Window& window);

  /// The next group, row ids ascending in both directions (storage.md 1.5); false at the end.
  bool next(std::vector<Row>& group);

private:
  void collect_listed();
  void collect(const History& history);
  void collect_party(const History& history);
  void add(Place place);
  std::optional<Ticks> next_time() const;

  const World& world_;
  Window window_;
  std::optional<std::int64_t> organisation_;
  std::vector<Walk> walks_;
  std::vector<Row> listed_; // rows that are not walked over but known, in the scan's order of time
  std::size_t at_ = 0;
};

} // namespace altinn_sim::storage
