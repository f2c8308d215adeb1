#include "events.hpp"
#include "forms.hpp"

#include <algorithm>

namespace dialogferry::mapping::correspondence {

namespace {

bool by_id(const KnownParty& a, const KnownParty& b) {
  return a.id < b.id;
}

void add_target(std::vector<Uuid>& parties, const std::vector<codec::ForwardingEvent>& forwards) {
  for (const auto& event : forwards) {
    parties.push_back(event.by_party);
    if (event.to_user && *event.to_user != Uuid{}) parties.push_back(*event.to_user);
  }
}

} // namespace

Directory::Directory(std::vector<KnownParty> parties)
    : parties_(std::move(parties)) {
  std::stable_sort(parties_.begin(), parties_.end(), by_id);
}

const KnownParty* Directory::find(const Uuid& id) const {
  const auto found = std::lower_bound(parties_.begin(), parties_.end(), KnownParty{id, {}, {}, {}}, by_id);
  return found != parties_.end() && found->id == id ? &*found : nullptr;
}

codec::OptionalText Directory::urn(const Uuid& id) const {
  const auto* party = find(id);
  return party != nullptr ? party->urn : std::nullopt;
}

std::vector<Uuid> parties_needed(const codec::Correspondence& record, const codec::Correspondence* previous) {
  std::vector<Uuid> parties;
  if (!record.recipients.empty() && record.recipients.front())
    if (const auto id = party_uuid(*record.recipients.front())) parties.push_back(*id);
  if (record.is_altinn3()) return parties;
  const auto events = previous != nullptr ? new_events(record, *previous) : distinct_events(record);
  add_target(parties, events.forwards);
  if (previous != nullptr)
    for (const auto& event : events.statuses)
      parties.push_back(event.party);
  else
    for (const auto status : {codec::CorrespondenceStatus::read, codec::CorrespondenceStatus::confirmed})
      if (const auto* event = earliest(events.statuses, status)) parties.push_back(event->party);
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  return parties;
}

} // namespace dialogferry::mapping::correspondence
