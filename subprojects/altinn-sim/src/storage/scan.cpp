#include "scan.hpp"

#include <algorithm>

namespace altinn_sim::storage {

Scan::Scan(const World& world, const Window& window)
    : world_(world)
    , generator_(world.generator())
    , window_(window)
    , organisation_(world.generated_organisation(window.org))
    , last_day_(world.options().last_day - world.options().first_day) {
  listed_ = world.overlay().rows(window.org, window.from, window.to);
  if (window.tail) collect_tail(*window.tail);
  if (window.party && !window.tail) collect_party(*window.party);
  if (!organisation_ || window.party || window.tail || world.options().per_day == 0 ||
      window.from >= window.to) {
    day_ = -1;
  } else {
    find_start();
  }
  std::sort(listed_.begin(), listed_.end(), [](const Row& a, const Row& b) { return a.before(b); });
  if (window_.descending) {
    std::stable_sort(listed_.begin(), listed_.end(),
                     [](const Row& a, const Row& b) { return a.time > b.time; });
  }
}

void Scan::collect_tail(std::uint64_t tail) {
  std::erase_if(listed_, [&](const Row& row) { return (row.held->guid.low & 0xffffffffffffULL) != tail; });
  const auto place = generator_.place_of_tail(tail);
  if (!place || place->organisation != organisation_ || world_.overlay().hides(generator_.guid(*place)))
    return;
  const auto time = generator_.axis(place->organisation, place->day).time(place->rank);
  if (time >= window_.from && time < window_.to) listed_.push_back(world_.row(*place, time));
}

void Scan::collect_party(std::int64_t party) {
  std::erase_if(listed_, [&](const Row& row) { return row.held->party != party; });
  if (!organisation_) return;
  for (std::int64_t day = 0; day <= last_day_; ++day) {
    const auto start = (world_.options().first_day + day) * whole_day;
    if (start >= window_.to || start + whole_day <= window_.from) continue;
    const auto axis = generator_.axis(*organisation_, day);
    for (auto rank = generator_.first_rank_of_party(*organisation_, day, party); rank < axis.count();
         rank += generator_.party_stride()) {
      const Place place{*organisation_, day, rank};
      const auto time = axis.time(rank);
      if (time < window_.from || time >= window_.to || world_.overlay().hides(generator_.guid(place)))
        continue;
      listed_.push_back(world_.row(place, time));
    }
  }
}

void Scan::find_start() {
  const auto first = world_.options().first_day;
  const auto clamped = [&](Ticks time) {
    return std::clamp<std::int64_t>(day_of(time) - first, -1, last_day_ + 1);
  };
  // Bounds at the ends of time would overflow the day arithmetic.
  constexpr auto far = std::numeric_limits<Ticks>::max() / 2;
  const auto from = std::max(window_.from, -far);
  const auto to = std::min(window_.to, far);
  if (!window_.descending) {
    day_ = std::max<std::int64_t>(clamped(from), 0);
    if (ended()) return;
    rank_ = generator_.axis(*organisation_, day_).at_or_after(from);
    return;
  }
  day_ = std::min(clamped(to), last_day_);
  if (day_ < 0) return;
  rank_ = generator_.axis(*organisation_, day_).at_or_after(to) - 1;
}

// Steps over the borders of days; false once the walk has left the world or the window.
bool Scan::settle() {
  if (ended()) return false;
  const auto count = world_.options().per_day;
  if (rank_ >= count) {
    ++day_;
    rank_ = 0;
  } else if (rank_ < 0) {
    --day_;
    rank_ = count - 1;
  }
  if (ended()) return false;
  const auto time = generated_time();
  if (time >= window_.from && time < window_.to) return true;
  day_ = -1;
  return false;
}

Ticks Scan::generated_time() const {
  return generator_.axis(*organisation_, day_).time(rank_);
}

void Scan::take_generated(std::vector<Row>& group) {
  const auto axis = generator_.axis(*organisation_, day_);
  const auto ranks = axis.group(rank_);
  const auto time = axis.time(rank_);
  for (auto rank = ranks.first; rank <= ranks.last; ++rank) {
    const Place place{*organisation_, day_, rank};
    if (!world_.overlay().hides(generator_.guid(place))) group.push_back(world_.row(place, time));
  }
  rank_ = window_.descending ? ranks.first - 1 : ranks.last + 1;
}

void Scan::take_listed(Ticks time, std::vector<Row>& group) {
  for (; at_ < listed_.size() && listed_[at_].time == time; ++at_)
    group.push_back(listed_[at_]);
}

bool Scan::next(std::vector<Row>& group) {
  group.clear();
  while (group.empty()) {
    const bool generated = settle();
    const bool listed = at_ < listed_.size();
    if (!generated && !listed) return false;
    const auto walked = generated ? generated_time() : 0;
    const auto known = listed ? listed_[at_].time : 0;
    const auto earlier = std::min(walked, known);
    const auto time = !generated           ? known
                      : !listed            ? walked
                      : window_.descending ? std::max(walked, known)
                                           : earlier;
    if (generated && walked == time) take_generated(group);
    if (listed && known == time) take_listed(time, group);
  }
  std::sort(group.begin(), group.end(), [](const Row& a, const Row& b) { return a.before(b); });
  return true;
}

} // namespace altinn_sim::storage
