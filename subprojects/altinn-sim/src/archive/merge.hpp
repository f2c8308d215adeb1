#pragma once

#include "archive/archive.hpp"

#include <functional>

namespace altinn_sim::archive {

/// Walks a window of the archive in its order: the history, in as many rows as it has delays, and what came
/// since.
class Archive::Merge {
public:
  using IsHeld = std::function<bool(std::int64_t)>;

  /// `others`: those that are not of the history or no longer as it has them, by the time of the order.
  Merge(const Generator& history, const Window& window, const std::set<Entry>& others, IsHeld is_held);

  /// The next message; nothing at the end.
  std::optional<std::int64_t> next();

private:
  /// Messages of the history whose times ascend, or descend, with their ids.
  struct Row {
    std::optional<std::size_t> delay; ///< of the messages; absent: all, in the order of their creation
    std::int64_t id = 0;
    std::optional<Entry> entry; ///< of the message that is next
  };

  bool descends() const { return window_.order == Order::newest_created; }
  bool is_before(const Entry& a, const Entry& b) const { return descends() ? b < a : a < b; }
  bool is_done(const Entry& entry) const { return window_.after && !is_before(*window_.after, entry); }
  void add_row(std::optional<std::size_t> delay);
  void settle(Row& row);
  void settle_others();

  const Generator& history_;
  Window window_;
  const std::set<Entry>& others_;
  IsHeld is_held_;
  std::vector<Row> rows_;
  std::optional<Entry> other_;
};

} // namespace altinn_sim::archive
