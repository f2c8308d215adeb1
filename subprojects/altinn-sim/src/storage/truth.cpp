#include "truth.hpp"

#include "truth_activities.hpp"
#include "truth_files.hpp"
#include "truth_title.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

constexpr std::string_view own_id_key = "dialog.id";

// M-54; forms of Altinn 1 and 2 count as confirmed.
bool confirmed(const Record& record) {
  return record.is_form() || !record.confirmations.empty();
}

bool is_task(const Record& record, std::string_view type) {
  return record.process.has_task && lower_case(record.process.task.type) == type;
}

// M-53
DerivedStatus derived_status(const Record& record, const std::vector<const Event*>& events) {
  if (record.archived)
    return confirmed(record) ? DerivedStatus::archived_confirmed : DerivedStatus::archived_unconfirmed;
  if (is_task(record, "reject")) return DerivedStatus::rejected;
  if (is_task(record, "feedback")) return DerivedStatus::awaiting_feedback;
  if (is_task(record, "confirmation")) return DerivedStatus::awaiting_confirmation;
  if (is_task(record, "signing")) return DerivedStatus::awaiting_signature;
  const bool answered = std::any_of(events.begin(), events.end(), [](const Event* event) {
    return event->process.has_task && lower_case(event->process.task.type) == "feedback";
  });
  if (answered) return DerivedStatus::awaiting_more_input;
  const bool prefilled = !events.empty() && !events.front()->user.org_id.empty();
  return prefilled ? DerivedStatus::awaiting_prefilled_input : DerivedStatus::awaiting_input;
}

// M-53 and the switches of M-55
std::string_view dialog_status(DerivedStatus derived, const SyncSwitches& switches) {
  if (switches.disable_sync_status) return "NotApplicable";
  switch (derived) {
  case DerivedStatus::archived_confirmed:
    return switches.disable_mark_completed_when_confirmed ? "Awaiting" : "Completed";
  case DerivedStatus::archived_unconfirmed:
  case DerivedStatus::awaiting_feedback: return "Awaiting";
  case DerivedStatus::rejected: return "RequiresAttention";
  case DerivedStatus::awaiting_input: return "Draft";
  default: return "InProgress";
  }
}

// M-3 step 9: a boolean in any case, blanks around it allowed.
bool opted_out(const Record& record) {
  const auto* value = record.data_value("dialog.disableAutomaticSync");
  if (value == nullptr) return false;
  const auto from = value->find_first_not_of(" \t");
  if (from == std::string::npos) return false;
  return lower_case(value->substr(from, value->find_last_not_of(" \t") - from + 1)) == "true";
}

/// M-3, M-4 and M-5 where no dialog exists; true where a dialog is to be made.
bool decide(const Record& record, Truth& out) {
  const auto end = [&](Verdict verdict, std::string_view reason) {
    out.verdict = verdict;
    out.reason = reason;
    return false;
  };
  const auto* app = record.application;
  out.stays = record.unreadable || (opted_out(record) && !record.hard_deleted);
  if (record.unreadable) return end(Verdict::unreadable, "a row that Storage cannot read");
  if (app != nullptr && app->switches.disable_sync) return end(Verdict::excluded, "the app has disableSync");
  if (app != nullptr && app->switches.user_supplied_dialog_id) {
    const auto* own = record.data_value(own_id_key);
    if (own == nullptr) return end(Verdict::failed, "the app chooses dialog ids and gave none");
    const auto id = parse_guid(*own);
    if (!id || ((id->high >> 12U) & 0xfU) != 7)
      return end(Verdict::excluded, "the app's dialog id is no UUIDv7");
  }
  if (record.hard_deleted) return end(Verdict::excluded, "hard-deleted");
  // storage.md 3.2
  if (record.is_form() && !record.archived) return end(Verdict::excluded, "a form that was never completed");
  if (record.is_form() && record.events.empty()) return end(Verdict::deferred, "an import that is half done");
  if (opted_out(record)) return end(Verdict::excluded, "dialog.disableAutomaticSync");
  if (app == nullptr) return end(Verdict::failed, "the application is gone");
  if (app->switches.disable_create) return end(Verdict::excluded, "the app has disableCreate");
  return true;
}

std::string resource_of(const std::string& app_id) {
  auto out = "urn:altinn:resource:app_" + app_id;
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

} // namespace

Guid dialog_id_of(const Record& record) {
  if (record.application != nullptr && record.application->switches.user_supplied_dialog_id) {
    const auto* own = record.data_value(own_id_key);
    if (const auto id = own == nullptr ? std::nullopt : parse_guid(*own)) return *id;
  }
  return version_7(record.guid, record.created);
}

Truth truth_of(const World& world, const Record& record) {
  Truth out;
  out.id = dialog_id_of(record);
  if (!decide(record, out)) return out;
  const auto fail = [&](std::string_view reason) {
    out.verdict = Verdict::failed;
    out.reason = reason;
    return out;
  };
  const auto& app = *record.application;
  const auto owner = world.party(record.party);
  if (!owner) return fail("Register does not know the party");
  const auto events = answered_events(record);
  const auto activities = activities_of(world, events);
  if (!activities) return fail("an activity has no actor");
  const auto derived = derived_status(record, events);
  out.title = title_of(record, derived);
  if (out.title.empty()) return fail("no title");
  out.party = lower_case(identity_urn(*owner));
  out.created_at = record.created;
  out.updated_at = record.has_last_changed ? std::max(record.created, record.last_changed) : record.created;
  out.visible_from = record.visible_after;
  out.service_resource = resource_of(record.app_id);
  out.label = "urn:altinn:integration:storage:" + record.id();
  out.status = dialog_status(derived, app.switches);
  out.system_label = record.archived ? "Archive" : "Default";
  out.deleted = record.soft_deleted && !app.switches.disable_delete;
  out.activities = app.switches.disable_add_activities ? 0 : activities->size();
  const auto files = files_of(record, *activities);
  out.transmissions = files.transmissions;
  out.transmission_attachments = files.sent;
  out.attachments = app.switches.disable_sync_attachments ? 0 : files.on_dialog;
  return out;
}

} // namespace altinn_sim::storage
