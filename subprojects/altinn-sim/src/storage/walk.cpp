#include "walk.hpp"

#include <algorithm>

namespace altinn_sim::storage {

Walk::Walk(const World& world, const History& history, std::int64_t organisation, const Window& window)
    : world_(world)
    , history_(history)
    , organisation_(organisation)
    , from_(window.from)
    , to_(window.to)
    , descending_(window.descending)
    , versions_(window.versions) {
  if (history.per_day() == 0 || from_ >= to_) return;
  find_start(window);
  settle();
}

void Walk::find_start(const Window& window) {
  const auto last = history_.last_index();
  const auto clamped = [&](Ticks time) {
    return std::clamp<std::int64_t>(day_of(time) - history_.first_day(), -1, last + 1);
  };
  // Days of the farthest times would not fit.
  constexpr auto far = std::numeric_limits<Ticks>::max() / 2;
  const auto from = std::max(window.from, -far);
  const auto to = std::min(window.to, far);
  day_ = descending_ ? std::min(clamped(to), last) : std::max<std::int64_t>(clamped(from), 0);
  if (day_ < 0 || day_ > last) return;
  const auto axis = history_.axis(organisation_, day_);
  rank_ = descending_ ? axis.at_or_after(to) - 1 : axis.at_or_after(from);
}

// Steps over the borders of days, and ends where the walk has left the history or the window.
void Walk::settle() {
  if (rank_ >= history_.per_day()) {
    ++day_;
    rank_ = 0;
  } else if (rank_ < 0) {
    --day_;
    rank_ = history_.per_day() - 1;
  }
  time_.reset();
  if (day_ < 0 || day_ > history_.last_index()) return;
  const auto now = history_.axis(organisation_, day_).time(rank_);
  if (now >= from_ && now < to_) time_ = now;
}

void Walk::take(std::vector<Row>& group) {
  const auto ranks = history_.axis(organisation_, day_).group(rank_);
  for (auto rank = ranks.first; rank <= ranks.last; ++rank) {
    const auto place = history_.at(organisation_, day_, rank);
    if (world_.shows(place, versions_)) group.push_back(world_.row(place, *time_));
  }
  rank_ = descending_ ? ranks.first - 1 : ranks.last + 1;
  settle();
}

} // namespace altinn_sim::storage
