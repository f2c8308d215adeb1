#include "dialogporten/api/prepare.hpp"

#include "dialogporten/model/stored_uri.hpp"
#include "dialogporten/model/text.hpp"

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

template <class Items>
void order_by_id(Items& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const auto& left, const auto& right) { return left.id < right.id; });
}

/// Gives a text another spelling; the document keeps it.
void respell(std::string_view& text, std::string spelled, Document& document) {
  if (text.data() && text != spelled) text = document.keep(std::move(spelled));
}

void store_address(Text& address, Document& document) {
  if (address) respell(*address, stored_uri(*address), document);
}

void store_actor(std::optional<Actor>& actor, Document& document) {
  if (actor && actor->id) respell(*actor->id, lower(*actor->id), document);
}

template <class Attachments>
void prepare_attachments(Attachments& attachments, Document& document, const Call& call) {
  for (auto& attachment : attachments) {
    give_id(attachment.id, call);
    order(attachment.display_name);
    for (auto& url : attachment.urls) {
      give_id(url.id, call);
      store_address(url.url, document);
    }
    if (attachment.expires_at) attachment.expires_at = stored(*attachment.expires_at);
  }
  order_by_id(attachments);
}

void prepare(Transmission& transmission, Document& document, const Call& call) {
  give_id(transmission.id, call);
  transmission.created_at = transmission.created_at.supplied() ? stored(transmission.created_at) : call.now();
  prepare_content(transmission.content);
  prepare_attachments(transmission.attachments, document, call);
  store_actor(transmission.sender, document);
  store_address(transmission.extended_type, document);
  for (auto& action : transmission.navigational_actions) {
    order(action.title);
    store_address(action.url, document);
  }
}

void prepare(Activity& activity, Document& document, const Call& call) {
  give_id(activity.id, call);
  const bool given = activity.created_at && activity.created_at->supplied();
  activity.created_at = given ? stored(*activity.created_at) : call.now();
  order(activity.description);
  store_actor(activity.performed_by, document);
  store_address(activity.extended_type, document);
}

void prepare(GuiAction& action, Document& document, const Call& call) {
  give_id(action.id, call);
  store_address(action.url, document);
  order(action.title);
  if (action.prompt) order(*action.prompt);
  if (action.prompt && action.prompt->empty()) action.prompt.reset();
}

void prepare(ApiAction& action, Document& document, const Call& call) {
  give_id(action.id, call);
  for (auto& endpoint : action.endpoints) {
    give_id(endpoint.id, call);
    for (auto* address :
         {&endpoint.url, &endpoint.documentation_url, &endpoint.request_schema, &endpoint.response_schema})
      store_address(*address, document);
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

void prepare(Document& document, const Call& call) {
  Dialog& dialog = document.dialog;
  dialog.status = stored(dialog.status.value_or(Status::not_applicable));
  for (auto* time : {&dialog.due_at, &dialog.expires_at, &dialog.visible_from})
    round_time(*time);
  prepare_content(dialog.content);
  for (auto& tag : dialog.search_tags)
    respell(tag.value, lower(trimmed(tag.value)), document);
  prepare_attachments(dialog.attachments, document, call);
  for (auto& transmission : dialog.transmissions)
    prepare(transmission, document, call);
  for (auto& action : dialog.gui_actions)
    prepare(action, document, call);
  for (auto& action : dialog.api_actions)
    prepare(action, document, call);
  order_by_id(dialog.gui_actions);
  order_by_id(dialog.api_actions);
  for (auto& activity : dialog.activities)
    prepare(activity, document, call);
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
