#include "dialogporten/api/merge.hpp"

#include "dialogporten/model/text.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace altinn_sim::dialogporten {

namespace {

/// Known ids keep their place, new ones follow in order of their id; what was not given is gone.
template <class T, class MergeInside>
std::vector<T> merge_by_id(const std::vector<T>& before, std::vector<T> given, MergeInside merge_inside) {
  std::unordered_map<Uuid, std::size_t, UuidHash> places;
  for (std::size_t i = 0; i < before.size(); ++i)
    places.emplace(*before[i].id, i);
  std::vector<std::pair<std::size_t, T>> known;
  std::vector<T> added;
  for (auto& item : given) {
    const auto place = places.find(*item.id);
    if (place == places.end()) {
      added.push_back(std::move(item));
      continue;
    }
    merge_inside(before[place->second], item);
    known.emplace_back(place->second, std::move(item));
  }
  std::sort(known.begin(), known.end(),
            [](const auto& left, const auto& right) { return left.first < right.first; });
  std::sort(added.begin(), added.end(), [](const T& left, const T& right) { return left.id < right.id; });
  std::vector<T> all;
  all.reserve(given.size());
  for (auto& [place, item] : known)
    all.push_back(std::move(item));
  std::move(added.begin(), added.end(), std::back_inserter(all));
  return all;
}

template <class T>
std::vector<T> merge_by_id(const std::vector<T>& before, std::vector<T> given) {
  return merge_by_id(before, std::move(given), [](const T&, T&) {});
}

/// Known tags keep their place, new ones follow.
std::vector<Tag> merged_tags(const std::vector<Tag>& before, const std::vector<Tag>& given) {
  std::unordered_set<std::string_view> wanted;
  for (const auto& tag : given)
    wanted.insert(tag.value);
  std::vector<Tag> all;
  for (const auto* tags : {&before, &given})
    for (const auto& tag : *tags)
      if (wanted.erase(tag.value) > 0) all.push_back(tag);
  return all;
}

template <class Items>
std::unordered_set<Uuid, UuidHash> ids_of(const Items& items) {
  std::unordered_set<Uuid, UuidHash> ids;
  for (const auto& item : items)
    if (item.id) ids.insert(*item.id);
  return ids;
}

template <class Items>
Complaints known_ids(const std::unordered_set<Uuid, UuidHash>& stored, const Items& items,
                     const std::string& entity) {
  std::string list;
  for (const auto& item : items)
    if (item.id && stored.contains(*item.id)) list += (list.empty() ? "" : ", ") + to_string(*item.id);
  if (list.empty()) return {};
  return {{entity, "Entity '" + entity + "' with the following key(s) already exists: (" + list + ")."}};
}

void append(Complaints& to, Complaints from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

} // namespace

Dialog merged(const Dialog& before, Dialog update) {
  Dialog next = std::move(update);
  next.id = before.id;
  next.idempotent_key = before.idempotent_key;
  next.service_resource = before.service_resource;
  next.party = before.party;
  next.visible_from = before.visible_from;
  next.search_tags = merged_tags(before.search_tags, next.search_tags);
  next.attachments = merge_by_id(before.attachments, std::move(next.attachments),
                                 [](const Attachment& old, Attachment& given) {
                                   given.urls = merge_by_id(old.urls, std::move(given.urls));
                                 });
  next.gui_actions = merge_by_id(before.gui_actions, std::move(next.gui_actions));
  next.api_actions = merge_by_id(before.api_actions, std::move(next.api_actions),
                                 [](const ApiAction& old, ApiAction& given) {
                                   given.endpoints = merge_by_id(old.endpoints, std::move(given.endpoints));
                                 });
  next.transmissions.insert(next.transmissions.begin(), before.transmissions.begin(),
                            before.transmissions.end());
  next.activities.insert(next.activities.begin(), before.activities.begin(), before.activities.end());
  return next;
}

Complaints date_complaints(const Call& call, const Dialog& before, const Dialog& update) {
  Complaints complaints;
  if (call.silent || call.caller.admin) return complaints;
  const auto is_ahead = [&](const std::optional<Time>& time) {
    return time && time->ticks > call.request.now;
  };
  if (update.expires_at != before.expires_at && !is_ahead(update.expires_at))
    complaints.push_back({"ExpiresAt", "Must be in future or current value."});
  if (update.due_at && update.due_at != before.due_at && !is_ahead(update.due_at))
    complaints.push_back({"DueAt", "Must be in future or current value. (Or null)"});
  return complaints;
}

Complaints known_activities(const Dialog& before, const Dialog& update) {
  return known_ids(ids_of(before.activities), update.activities, "DialogActivity");
}

Complaints known_transmissions(const Dialog& before, const Dialog& update) {
  auto complaints = known_ids(ids_of(before.transmissions), update.transmissions, "DialogTransmission");
  std::unordered_set<Uuid, UuidHash> attachments;
  for (const auto& transmission : before.transmissions)
    attachments.merge(ids_of(transmission.attachments));
  for (const auto& transmission : update.transmissions)
    append(complaints, known_ids(attachments, transmission.attachments, "DialogAttachment"));
  return complaints;
}

Complaints unknown_references(const Dialog& next, const Dialog& update) {
  const auto known = ids_of(next.transmissions);
  Complaints complaints;
  const auto check = [&](const std::optional<Uuid>& id, std::string key) {
    if (id && !known.contains(*id))
      complaints.push_back({std::move(key), "The dialog has no transmission '" + to_string(*id) + "'."});
  };
  for (const auto& transmission : update.transmissions)
    check(transmission.related_transmission_id, "Transmissions");
  for (const auto& activity : update.activities)
    check(activity.transmission_id, "Activities");
  return complaints;
}

Complaints attachment_complaints(const Call& call, const Dialog& before, const Dialog& update) {
  Complaints complaints;
  const auto is_past = [&](const std::optional<Time>& time) {
    return time && time->ticks <= call.request.now;
  };
  std::unordered_map<Uuid, std::optional<Time>, UuidHash> stored_expiry;
  for (const auto& attachment : before.attachments)
    stored_expiry.emplace(*attachment.id, attachment.expires_at);
  for (const auto& attachment : update.attachments) {
    const auto stored = stored_expiry.find(*attachment.id);
    const bool is_same = stored != stored_expiry.end() && stored->second == attachment.expires_at;
    if (!is_same && is_past(attachment.expires_at))
      complaints.push_back({"Attachments.ExpiresAt", "Must be in future, current value, or null. (Id: " +
                                                         to_string(*attachment.id) + ")"});
  }
  for (const auto& transmission : update.transmissions)
    for (const auto& attachment : transmission.attachments)
      if (is_past(attachment.expires_at))
        complaints.push_back({"Transmissions.Attachments.ExpiresAt", "Must be in future or null."});
  return complaints;
}

bool content_changed(const Dialog& before, const Dialog& next) {
  return before.content != next.content || before.attachments != next.attachments ||
         before.gui_actions != next.gui_actions || before.api_actions != next.api_actions ||
         before.transmissions.size() != next.transmissions.size() ||
         before.extended_status != next.extended_status || before.status != next.status;
}

std::vector<Claim> claimed_beyond(const std::vector<Claim>& next, const std::vector<Claim>& before) {
  std::array<std::unordered_set<Uuid, UuidHash>, table_names.size()> known;
  for (const auto& claim : before)
    known[static_cast<std::size_t>(claim.table)].insert(claim.id);
  std::vector<Claim> beyond;
  for (const auto& claim : next)
    if (!known[static_cast<std::size_t>(claim.table)].contains(claim.id)) beyond.push_back(claim);
  return beyond;
}

} // namespace altinn_sim::dialogporten
