#include "../text.hpp"
#include "calls.hpp"
#include "forms.hpp"

#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/codec/dialog_json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace dialogferry::mapping::correspondence {

namespace {

using codec::CorrespondenceStatus;

Material material_of(const Input& input, const Settings& settings, const Uuid& message, codec::Arena& arena) {
  const auto& record = *input.record;
  const auto id = to_string(message);
  const auto content = record.base.content.value_or(codec::CorrespondenceContent{});
  return {input,
          record,
          distinct_events(record),
          dialog_id_of(message, record.created ? record.created->at : Instant{}, input.now),
          arena.join({settings.platform_base_url, "/correspondence/api/v1/correspondence/", id}),
          arena.join({"urn:altinn:correspondence-id:", id}),
          codec::accepted_language(content.language.value_or("nb")),
          arena};
}

// -- Altinn 2 -----------------------------------------------------------------

void add(AttachmentQuery& query, std::string_view name, const codec::OptionalText& text) {
  if (text && !is_blank(*text)) query.push_back({name, std::string(*text)});
}

/// The query of M1 for one attachment (1.2, 2.7).
AttachmentQuery attachment_query(const codec::Correspondence& record,
                                 const codec::CorrespondenceAttachment& file) {
  AttachmentQuery query;
  add(query, "resourceId", record.base.resource_id);
  add(query, "sender", record.base.sender);
  add(query, "sendersReference", record.base.senders_reference);
  add(query, "altinn2sendersReference", file.senders_reference);
  query.push_back({"senderPartyUuid", to_string(*file.sender_party)});
  add(query, "altinn2AttachmentId", file.altinn2_id);
  query.push_back({"created", std::string(file.created->text)});
  add(query, "fileName", file.file_name);
  add(query, "displayName", file.display_name);
  add(query, "checksum", file.checksum);
  if (file.is_encrypted) query.push_back({"isEncrypted", "true"});
  return query;
}

/// Adds what the dialog will be, and what of it will be refused.
std::optional<Problem> foresee(Decision& decision, const Material& material) {
  const auto built = build_dialog(material);
  if (!built) return built.error();
  decision.refused = find_refused(material, *built);
  if (decision.dialog_id) decision.dialog = codec::write_create(built->origin, built->kept, built->body);
  return std::nullopt;
}

Result<Decision> create(const Input& input, const Settings& settings) {
  const auto& record = *input.record;
  if (auto problem = find_unfit(record)) return tl::unexpected(std::move(*problem));
  Decision decision;
  decision.action = Action::create;
  decision.reason = "not carried yet";
  decision.silent = input.is_migration;
  for (const auto& file : record.attachments)
    decision.attachments.push_back(attachment_query(record, file));
  const bool is_uploaded = input.attachment_ids.size() == record.attachments.size();
  if (is_uploaded) decision.migrate = codec::write_migrate(record, input.attachment_ids, !input.is_migration);
  if (input.parties == nullptr) return decision;
  if (record.base.reference("DialogportenDialogId")) return decision; // publishing takes that one for its own
  codec::Arena arena;
  const auto material = material_of(input, settings, input.correspondence_id.value_or(Uuid{}), arena);
  if (is_uploaded && input.correspondence_id) decision.dialog_id = material.dialog_id;
  if (auto problem = foresee(decision, material)) return tl::unexpected(std::move(*problem));
  return decision;
}

std::vector<Call> sync_calls(const Uuid& message, const Events& fresh) {
  std::vector<Call> calls;
  const auto call = [&](std::string_view name, std::string body) {
    calls.push_back(sync_call(name, std::move(body)));
  };
  if (!fresh.statuses.empty()) call("syncStatusEvent", codec::write_status_sync(message, fresh.statuses));
  if (!fresh.notifications.empty())
    call("syncNotificationEvent", codec::write_notification_sync(message, fresh.notifications));
  if (!fresh.forwards.empty())
    call("syncForwardingEvent", codec::write_forwarding_sync(message, fresh.forwards));
  return calls;
}

Decision nothing(std::string_view reason) {
  Decision decision;
  decision.reason = reason;
  return decision;
}

Result<Decision> synchronise(const Input& input, const Settings& settings) {
  const auto fresh = new_events(*input.record, *input.previous);
  if (fresh.empty()) return nothing("no new events");
  if (auto problem = find_unfit(fresh)) return tl::unexpected(std::move(*problem));
  if (!input.correspondence_id) return fail("correspondence_id", "is missing");
  codec::Arena arena;
  const auto material = material_of(input, settings, *input.correspondence_id, arena);
  Decision decision;
  const bool is_purged = has_hard_delete(fresh.statuses);
  decision.action = is_purged ? Action::remove : Action::update;
  decision.reason = is_purged ? std::string_view("deleted for good") : "new events";
  decision.dialog_id = material.dialog_id;
  decision.sync = sync_calls(*input.correspondence_id, fresh);
  decision.calls = calls_of_sync(material, fresh);
  return decision;
}

// -- Altinn 3 -----------------------------------------------------------------

/// What a dialog cannot be built without.
std::optional<Problem> find_unfit_altinn3(const codec::Correspondence& record) {
  const auto missing = [](std::string_view member) {
    return Problem{"correspondence." + std::string(member), "is missing", {}};
  };
  if (!record.created) return missing("created");
  if (record.recipients.empty()) return missing("recipient");
  if (!record.base.resource_id) return missing("resourceId");
  if (!record.base.content) return missing("content");
  if (!record.base.content->title) return missing("content.messageTitle");
  constexpr std::size_t summary_max = 255;
  if (units(record.base.content->summary.value_or("")) > summary_max)
    return Problem{
        "correspondence.content.messageSummary", "must not be longer than 255 UTF-16 code units", {}};
  return std::nullopt;
}

bool ends(const codec::StatusEvent& event) {
  return codec::is_hard_delete(event.status) || event.status == CorrespondenceStatus::failed;
}

/// The statuses that are new, by time; of a message not followed before only those that end it.
std::vector<codec::StatusEvent> new_statuses(const Input& input) {
  const auto key = [](const codec::StatusEvent& event) { return std::pair(event.status, event.changed.at); };
  std::set<std::pair<CorrespondenceStatus, Instant>> before;
  if (input.previous != nullptr)
    for (const auto& event : input.previous->statuses)
      before.insert(key(event));
  auto statuses = distinct_events(*input.record).statuses;
  const auto is_old = [&](const codec::StatusEvent& event) {
    return input.previous == nullptr ? !ends(event) : before.count(key(event)) > 0;
  };
  statuses.erase(std::remove_if(statuses.begin(), statuses.end(), is_old), statuses.end());
  std::stable_sort(statuses.begin(), statuses.end(),
                   [](const auto& a, const auto& b) { return a.changed.at < b.changed.at; });
  return statuses;
}

/// A message that its sender put into a dialog of another one (3.11). Its own dialog it names as well: that
/// has the id it must have, or is labelled with the message.
bool is_in_another_dialog(const Input& input) {
  const auto& record = *input.record;
  const auto reference = record.base.reference("DialogportenDialogId");
  if (!reference) return false;
  const auto own =
      dialog_id_of(*record.altinn3_id, record.created ? record.created->at : Instant{}, input.now);
  if (parse_uuid(*reference) == own) return false;
  if (input.existing == nullptr) return true;
  const auto label = "urn:altinn:correspondence-id:" + to_string(*record.altinn3_id);
  const auto& labels = input.existing->service_owner_labels;
  return std::find(labels.begin(), labels.end(), label) == labels.end();
}

Result<Decision> create_altinn3(const Material& material) {
  const auto& statuses = material.events.statuses;
  if (std::any_of(statuses.begin(), statuses.end(), ends)) return nothing("ended, and its dialog is gone");
  const auto built = build_dialog(material);
  if (!built) return tl::unexpected(built.error());
  Decision decision;
  decision.action = Action::create;
  decision.reason = "its dialog is missing";
  decision.dialog_id = material.dialog_id;
  decision.refused = find_refused(material, *built);
  decision.dialog = codec::write_create(built->origin, built->kept, built->body);
  decision.calls = calls_of_altinn3(material, statuses, built->body);
  return decision;
}

Result<Decision> follow_altinn3(const Material& material) {
  const auto& input = material.input;
  if (input.existing->deleted_at) return nothing("its dialog is deleted");
  const auto fresh = new_statuses(input);
  Decision decision;
  decision.dialog_id = input.existing->id;
  if (count(fresh, CorrespondenceStatus::failed) > 0) {
    decision.action = Action::purge;
    decision.reason = "publishing failed";
    decision.calls.push_back(purge_call(input.existing->id));
    return decision;
  }
  decision.calls = calls_of_altinn3(material, fresh, input.existing->body);
  if (decision.calls.empty()) return nothing("its dialog is there");
  const bool is_purged = has_hard_delete(fresh);
  decision.action = is_purged ? Action::remove : Action::update;
  decision.reason = is_purged ? std::string_view("deleted for good") : "read or confirmed";
  return decision;
}

Result<Decision> decide_altinn3(const Input& input, const Settings& settings) {
  const auto& record = *input.record;
  if (is_in_another_dialog(input)) return nothing("a transmission in another dialog");
  if (auto problem = find_unfit_altinn3(record)) return tl::unexpected(std::move(*problem));
  codec::Arena arena;
  auto material = material_of(input, settings, *record.altinn3_id, arena);
  if (input.existing == nullptr) return create_altinn3(material);
  material.dialog_id = input.existing->id;
  return follow_altinn3(material);
}

} // namespace

std::string_view name_of(Action action) {
  switch (action) {
  case Action::create: return "create";
  case Action::exclude: return "exclude";
  case Action::none: return "none";
  case Action::update: return "update";
  case Action::remove: return "delete";
  case Action::purge: break;
  }
  return "purge";
}

Result<Decision> decide(const Input& input, const Settings& settings) {
  if (input.record->is_altinn3()) return decide_altinn3(input, settings);
  if (input.previous != nullptr) return synchronise(input, settings);
  if (!has_hard_delete(input.record->statuses)) return create(input, settings);
  auto decision = nothing("deleted for good before it was carried");
  decision.action = Action::exclude;
  return decision;
}

} // namespace dialogferry::mapping::correspondence
