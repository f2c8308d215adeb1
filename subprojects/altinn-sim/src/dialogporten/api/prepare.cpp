#include "dialogporten/api/prepare.hpp"

#include <algorithm>
#include <unordered_set>

namespace altinn_sim::dialogporten {

namespace {

void give_id(std::optional<Uuid>& id, const Call& call) {
  if (!id) id = call.ids.version_7(call.request.now);
}

void order(Localizations& texts) {
  std::stable_sort(texts.begin(), texts.end(),
                   [](const auto& left, const auto& right) { return left.language < right.language; });
}

template <class C>
void prepare_content(std::optional<C>& content) {
  if (!content) return;
  for (auto& value : content->values) {
    if (!value) continue;
    value->media_type = media_type::stored(value->media_type);
    order(value->value);
  }
}

template <class Attachments>
void prepare_attachments(Attachments& attachments, const Call& call) {
  for (auto& attachment : attachments) {
    give_id(attachment.id, call);
    order(attachment.display_name);
    for (auto& url : attachment.urls)
      give_id(url.id, call);
    if (attachment.expires_at) attachment.expires_at = stored(*attachment.expires_at);
  }
}

void prepare(Transmission& transmission, const Call& call) {
  give_id(transmission.id, call);
  transmission.created_at = transmission.created_at.supplied() ? stored(transmission.created_at) : call.now();
  prepare_content(transmission.content);
  prepare_attachments(transmission.attachments, call);
  for (auto& action : transmission.navigational_actions)
    order(action.title);
}

void prepare(Activity& activity, const Call& call) {
  give_id(activity.id, call);
  const bool given = activity.created_at && activity.created_at->supplied();
  activity.created_at = given ? stored(*activity.created_at) : call.now();
  order(activity.description);
}

void prepare_actions(Dialog& dialog, const Call& call) {
  for (auto& action : dialog.gui_actions) {
    give_id(action.id, call);
    order(action.title);
    if (action.prompt) order(*action.prompt);
  }
  for (auto& action : dialog.api_actions) {
    give_id(action.id, call);
    for (auto& endpoint : action.endpoints)
      give_id(endpoint.id, call);
  }
}

template <class Items>
void order_by_time(Items& items) {
  std::stable_sort(items.begin(), items.end(), [](const auto& left, const auto& right) {
    return std::pair{left.created_at, left.id} < std::pair{right.created_at, right.id};
  });
}

std::unordered_set<Uuid, UuidHash> opened_transmissions(const Dialog& dialog) {
  std::unordered_set<Uuid, UuidHash> opened;
  for (const auto& activity : dialog.activities)
    if (activity.type == ActivityType::transmission_opened && activity.transmission_id)
      opened.insert(*activity.transmission_id);
  return opened;
}

std::size_t count_gui(const std::vector<Attachment>& attachments) {
  return static_cast<std::size_t>(
      std::count_if(attachments.begin(), attachments.end(), [](const Attachment& it) {
        return std::any_of(it.urls.begin(), it.urls.end(),
                           [](const AttachmentUrl& url) { return url.consumer_type == ConsumerType::gui; });
      }));
}

void round_time(std::optional<Time>& time) {
  if (time) time = stored(*time);
}

} // namespace

void prepare(Dialog& dialog, const Call& call) {
  dialog.status = stored(dialog.status.value_or(Status::not_applicable));
  for (auto* time : {&dialog.due_at, &dialog.expires_at, &dialog.visible_from})
    round_time(*time);
  prepare_content(dialog.content);
  prepare_attachments(dialog.attachments, call);
  for (auto& transmission : dialog.transmissions)
    prepare(transmission, call);
  prepare_actions(dialog, call);
  for (auto& activity : dialog.activities)
    prepare(activity, call);
}

void write_down(Record& record, Dialog& dialog) {
  order_by_time(dialog.transmissions);
  order_by_time(dialog.activities);
  const auto opened = opened_transmissions(dialog);
  record.from_party = record.from_service_owner = record.transmission_attachments = 0;
  for (auto& transmission : dialog.transmissions) {
    transmission.is_opened = opened.contains(*transmission.id);
    ++(is_from_party(transmission.type) ? record.from_party : record.from_service_owner);
    record.transmission_attachments =
        static_cast<std::uint16_t>(record.transmission_attachments + transmission.attachments.size());
  }
  if (record.from_party > 0) record.system_labels |= sent_bit;
  record.activities = static_cast<std::uint16_t>(dialog.activities.size());
  record.attachments = static_cast<std::uint16_t>(dialog.attachments.size());
  record.gui_attachments = static_cast<std::uint16_t>(count_gui(dialog.attachments));
  record.status = *dialog.status;
  record.api_only = dialog.is_api_only;
  record.text = std::make_shared<const std::string>(stored_text(dialog));
}

bool has_unopened_content(const Dialog& dialog, bool is_correspondence, bool linked) {
  const auto opened = linked ? opened_transmissions(dialog) : std::unordered_set<Uuid, UuidHash>{};
  for (const auto& transmission : dialog.transmissions)
    if (!is_from_party(transmission.type) && !opened.contains(*transmission.id)) return true;
  return is_correspondence &&
         std::none_of(dialog.activities.begin(), dialog.activities.end(),
                      [](const Activity& it) { return it.type == ActivityType::correspondence_opened; });
}

} // namespace altinn_sim::dialogporten
