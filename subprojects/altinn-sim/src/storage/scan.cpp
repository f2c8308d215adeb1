#include "scan.hpp"

#include <algorithm>

namespace altinn_sim::storage {

Scan::Scan(const World& world, const Window& window)
    : world_(world)
    , window_(window)
    , organisation_(world.generated_organisation(window.org)) {
  collect_listed();
  const bool few = window.party || window.tail || window.reference;
  for (const auto* history : world.histories(window.versions)) {
    if (!organisation_) break;
    if (few) {
      collect(*history);
    } else {
      walks_.emplace_back(world, *history, *organisation_, window);
    }
  }
  std::sort(listed_.begin(), listed_.end(), [](const Row& a, const Row& b) { return a.before(b); });
  if (window_.descending) {
    std::stable_sort(listed_.begin(), listed_.end(),
                     [](const Row& a, const Row& b) { return a.time > b.time; });
  }
}

void Scan::collect_listed() {
  listed_ = world_.overlay().rows(window_.org, window_.from, window_.to);
  std::erase_if(listed_, [&](const Row& row) {
    const auto& record = *row.held;
    if (!window_.versions.has(record.main_version)) return true;
    if (window_.tail && (record.guid.low & 0xffffffffffffULL) != *window_.tail) return true;
    if (window_.party && record.party != *window_.party) return true;
    const auto* reference = record.data_value("A2ArchRef");
    return window_.reference && (reference == nullptr || *reference != *window_.reference);
  });
}

// The narrowest of what is asked for leads; what it finds must fit the rest.
void Scan::collect(const History& history) {
  if (window_.reference) {
    if (const auto place = world_.forms().place_of_reference(*window_.reference)) add(*place);
  } else if (window_.tail) {
    if (const auto place = history.place_of_tail(*window_.tail)) add(*place);
  } else {
    collect_party(history);
  }
}

void Scan::collect_party(const History& history) {
  for (std::int64_t day = 0; day <= history.last_index(); ++day) {
    const auto start = (history.first_day() + day) * whole_day;
    if (start >= window_.to || start + whole_day <= window_.from) continue;
    for (auto rank = history.first_rank_of_party(*organisation_, day, *window_.party);
         rank < history.per_day(); rank += history.party_stride()) {
      add(history.at(*organisation_, day, rank));
    }
  }
}

void Scan::add(Place place) {
  const auto& history = world_.history(place);
  const auto time = history.time(place);
  if (place.organisation != organisation_ || !window_.holds(time)) return;
  if (window_.party && history.party_id(place) != *window_.party) return;
  if (world_.shows(place, window_.versions)) listed_.push_back(world_.row(place, time));
}

std::optional<Ticks> Scan::next_time() const {
  std::optional<Ticks> out;
  const auto offer = [&](Ticks time) {
    if (!out || (window_.descending ? time > *out : time < *out)) out = time;
  };
  for (const auto& walk : walks_) {
    if (walk.time()) offer(*walk.time());
  }
  if (at_ < listed_.size()) offer(listed_[at_].time);
  return out;
}

bool Scan::next(std::vector<Row>& group) {
  group.clear();
  while (group.empty()) {
    const auto time = next_time();
    if (!time) return false;
    for (auto& walk : walks_) {
      if (walk.time() == time) walk.take(group);
    }
    for (; at_ < listed_.size() && listed_[at_].time == *time; ++at_)
      group.push_back(listed_[at_]);
  }
  std::sort(group.begin(), group.end(), [](const Row& a, const Row& b) { return a.before(b); });
  return true;
}

} // namespace altinn_sim::storage
