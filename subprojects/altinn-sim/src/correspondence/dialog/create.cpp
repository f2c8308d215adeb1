#include "correspondence/dialog/create.hpp"

#include "correspondence/dialog/activities.hpp"
#include "correspondence/dialog/parts.hpp"
#include "correspondence/model/dialog_id.hpp"
#include "correspondence/model/text.hpp"
#include "dialogporten/model/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace altinn_sim::correspondence {

namespace {

std::string spelled(Ticks at) {
  return to_string(dialogporten::Time{at});
}

bool is_number(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The dialog's party; nothing, and the problem, where there is none.
std::optional<std::string> party_of(const Surroundings& around, std::string_view recipient,
                                    std::string& problem) {
  constexpr std::string_view organisation = "urn:altinn:organization:identifier-no:";
  constexpr std::string_view person = "urn:altinn:person:identifier-no:";
  constexpr std::string_view by_uuid = "urn:altinn:party:uuid:";
  const auto country = std::string_view{"0192:"};
  const auto bare = recipient.starts_with(country) ? recipient.substr(country.size()) : recipient;
  if (is_number(bare, 9)) return std::string{organisation} + std::string{bare};
  if (is_number(recipient, 11)) return std::string{person} + std::string{recipient};
  if (recipient.starts_with(by_uuid)) {
    const auto uuid = dialogporten::parse_uuid(recipient.substr(by_uuid.size()));
    const auto party = uuid ? around.party(*uuid) : std::nullopt;
    if (party && !party->username.empty())
      return "urn:altinn:person:legacy-selfidentified:" + url_escaped(dialogporten::lower(party->username));
    problem = "Could not find the user name of the recipient in Altinn Register.";
    return std::nullopt;
  }
  for (const auto known : {organisation, person, std::string_view{"urn:altinn:person:idporten-email:"},
                           std::string_view{"urn:altinn:person:legacy-selfidentified:"}})
    if (recipient.starts_with(known)) return std::string{recipient};
  problem = "The recipient is in no form that is understood.";
  return std::nullopt;
}

void add_dates(json::object& out, const Record& record, Ticks now) {
  constexpr Ticks minute = 60 * dialogporten::ticks_per_second;
  const auto* published = record.first(status::published);
  out["createdAt"] = spelled(published ? std::min(record.created, published->at) : record.created);
  if (published) out["updatedAt"] = spelled(std::min(published->at, now));
  if (record.requested_publish_time >= now + minute)
    out["visibleFrom"] = spelled(record.requested_publish_time);
  if (record.due && *record.due >= now) out["dueAt"] = spelled(*record.due);
}

/// Values of the properties, in the order of the stored map: key length, then key.
json::array search_tags(const Record& record) {
  std::vector<std::pair<std::string, std::string>> properties(record.properties.begin(),
                                                              record.properties.end());
  std::sort(properties.begin(), properties.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.size(), a.first) < std::pair(b.first.size(), b.first);
  });
  std::vector<std::string> tags;
  for (const auto& [key, value] : properties) {
    const auto text = dialogporten::trimmed(value);
    if (dialogporten::utf16_length(text) < 3) continue;
    auto tag = cut16(text, 63);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  json::array out;
  for (const auto& tag : tags)
    out.push_back(json::object{{"value", tag}});
  return out;
}

std::string_view folder_of(const Record& record) {
  if (record.in_bin()) return "Bin";
  return record.ever(status::archived) ? "Archive" : "Default";
}

/// Adds the activities of what happened already; false, and the problem, where one that must be there cannot.
bool add_activities(Desk& desk, const Record& record, NewDialog& made, json::object& out) {
  struct Entry {
    Ticks at;
    json::object activity;
  };
  std::vector<Entry> entries;
  const auto add_party = [&](const StatusEvent* event, std::string_view type, const Uuid& id) {
    if (event == nullptr) return true;
    auto built = party_activity(desk.around, type, id, *event);
    if (built.activity) entries.push_back({event->at, std::move(*built.activity)});
    made.problem = built.problem;
    return made.problem.empty();
  };
  if (!add_party(record.first(status::read), "CorrespondenceOpened", made.opened_activity)) return false;
  if (record.confirmation_needed &&
      !add_party(record.first(status::confirmed), "CorrespondenceConfirmed", made.confirmed_activity))
    return false;
  for (const auto& each : record.notifications)
    entries.push_back({each.sent, notification_activity(desk.new_id(), each)});
  for (const auto& each : record.forwards)
    if (auto built = forward_activity(desk.around, record, each); built.activity)
      entries.push_back({each.at, std::move(*built.activity)});
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  json::array list;
  for (auto& entry : entries)
    list.push_back(std::move(entry.activity));
  out["activities"] = std::move(list);
  return true;
}

} // namespace

std::string address_of(const Surroundings& around, const Uuid& correspondence) {
  return around.base + "/correspondence/api/v1/correspondence/" + to_string(correspondence);
}

NewDialog new_dialog(Desk& desk, const Record& record) {
  const auto now = desk.around.now();
  NewDialog made;
  made.id = dialog_id(record.id, record.created, now);
  made.opened_activity = desk.new_id();
  made.confirmed_activity = desk.new_id();
  const auto party = party_of(desk.around, record.recipient, made.problem);
  if (!party) return made;
  const bool confirmed = record.ever(status::confirmed);
  json::object out;
  out["id"] = to_string(made.id);
  out["serviceResource"] = "urn:altinn:resource:" + record.resource;
  out["party"] = *party;
  out["externalReference"] = record.senders_reference;
  add_dates(out, record, now);
  for (const auto& each : record.references)
    if (each.type == reference::process) out["process"] = each.value;
  out["status"] = record.confirmation_needed && !confirmed ? "RequiresAttention" : "NotApplicable";
  out["systemLabel"] = folder_of(record);
  const auto address = address_of(desk.around, record.id);
  out["content"] = content_of(record, address);
  out["searchTags"] = search_tags(record);
  std::vector<Attachment> attachments;
  for (const auto& id : record.attachments)
    attachments.push_back(desk.store.attachments.at(id));
  out["attachments"] = attachments_of(record, attachments, address, now, desk.ids);
  out["guiActions"] = gui_actions_of(record, address, record.confirmation_needed && !confirmed);
  out["apiActions"] = api_actions_of(record, attachments, address);
  if (!add_activities(desk, record, made, out)) return made;
  out["serviceOwnerContext"] = {
      {"serviceOwnerLabels",
       json::array{json::object{{"value", "urn:altinn:correspondence-id:" + to_string(record.id)}}}}};
  made.body = json::serialize(out);
  return made;
}

} // namespace altinn_sim::correspondence
