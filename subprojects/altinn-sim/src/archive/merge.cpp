#include "archive/merge.hpp"

#include <algorithm>

namespace altinn_sim::archive {

namespace {

/// Nothing lies farther away than this.
constexpr Ticks far = std::numeric_limits<Ticks>::max() / 2;

Ticks sum(Ticks time, Ticks by) {
  return std::clamp(time, -far, far) + by;
}

} // namespace

Archive::Merge::Merge(const Generator& history, const Window& window, const std::set<Entry>& others,
                      IsHeld is_held)
    : history_(history)
    , window_(window)
    , others_(others)
    , is_held_(std::move(is_held)) {
  if (window.after) {
    if (descends())
      window_.to = std::min(window_.to, sum(window.after->time, 1));
    else
      window_.from = std::max(window_.from, window.after->time);
  }
  if (window.order == Order::oldest_changed) {
    for (std::size_t which = 0; which < Generator::delays; ++which)
      add_row(which);
  } else {
    add_row(std::nullopt);
  }
  settle_others();
}

void Archive::Merge::add_row(std::optional<std::size_t> delay) {
  const auto behind = delay ? Generator::delay(*delay) : 0;
  Row row{delay, 0, std::nullopt};
  row.id = descends() ? history_.first_created_at(window_.to) - 1
                      : history_.first_created_at(sum(window_.from, -behind));
  settle(row);
  rows_.push_back(row);
}

/// Finds the next message of the row that belongs in the window.
void Archive::Merge::settle(Row& row) {
  row.entry.reset();
  for (; row.id >= Generator::first_id && row.id < history_.end_id(); row.id += descends() ? -1 : 1) {
    const auto created = history_.created(row.id);
    const auto time = created + (row.delay ? Generator::delay(*row.delay) : 0);
    if (descends() ? time < window_.from : time >= window_.to) return;
    if (created >= history_.shape().born) {
      if (descends()) continue;
      return;
    }
    if (row.delay && history_.delay_of(row.id, created) != *row.delay) continue;
    // What is held changed at another time, but came at the same.
    if (row.delay && is_held_(row.id)) continue;
    if (is_done({time, row.id}) || time >= window_.to || time < window_.from) continue;
    row.entry = Entry{time, row.id};
    return;
  }
}

void Archive::Merge::settle_others() {
  const auto found = [&](auto at, bool there) { other_ = there ? std::optional(*at) : std::nullopt; };
  if (descends()) {
    auto at = others_.lower_bound(window_.after ? *window_.after : Entry{window_.to, 0});
    const bool there = at != others_.begin();
    if (there) --at;
    found(at, there && at->time >= window_.from && at->time < window_.to);
  } else {
    const auto at =
        window_.after ? others_.upper_bound(*window_.after) : others_.lower_bound({window_.from, 0});
    found(at, at != others_.end() && at->time < window_.to);
  }
}

std::optional<std::int64_t> Archive::Merge::next() {
  Row* first = nullptr;
  for (auto& row : rows_)
    if (row.entry && (first == nullptr || is_before(*row.entry, *first->entry))) first = &row;
  if (other_ && (first == nullptr || is_before(*other_, *first->entry))) {
    const auto id = other_->id;
    window_.after = other_;
    settle_others();
    return id;
  }
  if (first == nullptr) return {};
  const auto id = first->id;
  first->id += descends() ? -1 : 1;
  settle(*first);
  return id;
}

} // namespace altinn_sim::archive
