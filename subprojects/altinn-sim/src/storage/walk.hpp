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
  MainVersions versions;
  std::optional<std::int64_t> party;    ///< only this owner's
  std::optional<std::uint64_t> tail;    ///< only the one whose id ends in these 48 bits
  std::optional<std::string> reference; ///< only the form with this A2ArchRef

  bool holds(Ticks time) const { return time >= from && time < to; }
};

/// Walks the rows of one generated history and organisation that lie in a window, time by time.
class Walk {
public:
  Walk(const World& world, const History& history, std::int64_t organisation, const Window& window);

  /// Where the walk stands; null at the end.
  std::optional<Ticks> time() const { return time_; }
  /// Adds the rows of that time, as far as they are of the window's main versions and unchanged, and goes on.
  void take(std::vector<Row>& group);

private:
  void find_start(const Window& window);
  void settle();

  const World& world_;
  const History& history_;
  std::int64_t organisation_;
  Ticks from_;
  Ticks to_;
  bool descending_;
  MainVersions versions_;
  std::optional<Ticks> time_;
  std::int64_t day_ = 0;
  std::int64_t rank_ = 0;
};

} // namespace altinn_sim::storage
