#include "correspondence/api/desk.hpp"
#include "correspondence/dialog/activities.hpp"
#include "correspondence/dialog/jobs_of_events.hpp"

// What a later event stores, and the jobs it brings (correspondence.md 1.6, 3.8)
namespace altinn_sim::correspondence {

namespace {

/// Jobs come where the dialog is known and the record no longer migrates.
std::optional<std::string> shown_dialog(const Record& record) {
  return record.is_migrating ? std::nullopt : record.dialog();
}

void add(Desk& desk, Job job) {
  desk.jobs.add(std::move(job), desk.around.steady());
}

std::optional<std::string> urn_of(const Desk& desk, const Uuid& party) {
  const auto found = desk.around.party(party);
  return found && !found->urn.empty() ? std::optional(found->urn) : std::nullopt;
}

void show_read(Desk& desk, Record& record, const std::string& dialog, const StatusEvent& event) {
  if (!record.opened_activity) record.opened_activity = desk.new_id();
  auto built = party_activity(desk.around, "CorrespondenceOpened", *record.opened_activity, event);
  if (built.activity) add(desk, activity_job(desk, dialog, std::move(*built.activity)));
}

void show_confirmed(Desk& desk, Record& record, const std::string& dialog, const StatusEvent& event) {
  if (!record.confirmed_activity) record.confirmed_activity = desk.new_id();
  auto built = party_activity(desk.around, "CorrespondenceConfirmed", *record.confirmed_activity, event);
  std::size_t confirmed = 0;
  for (const auto& each : record.statuses)
    confirmed += each.status == status::confirmed ? 1 : 0;
  if (confirmed >= 2) built.activity.reset();
  add(desk, confirm_job(desk, dialog, record.id, std::move(built.activity)));
}

void show_label(Desk& desk, const Record& record, const std::string& dialog, const StatusEvent& event) {
  const auto urn = urn_of(desk, event.party);
  if (!urn || record.purge) return;
  const bool to_archive =
      event.status == status::archived || (event.status == status::restored && record.ever(status::archived));
  if (event.status == status::soft_deleted)
    add(desk, label_job(desk, dialog, *urn, system_label::bin, system_label::none));
  else if (to_archive)
    add(desk, label_job(desk, dialog, *urn, system_label::archive, system_label::none));
  else
    add(desk, label_job(desk, dialog, *urn, system_label::none, system_label::bin));
}

/// Only the first purge counts; it is stored while migrating too.
void purge(Desk& desk, Record& record, const StatusEvent& event) {
  if (record.purge) return;
  record.purge = event.status;
  record.statuses.push_back(event);
  record.deletes.push_back(event);
  if (const auto dialog = record.dialog())
    add(desk, delete_job(desk, *dialog, deleted_activity(desk.new_id(), event)));
  if (!record.is_migrating) desk.publish_event("correspondencepurged", record);
}

} // namespace

void store_event(Desk& desk, Record& record, const StatusEvent& event) {
  if (knows(record, event)) return;
  if (status::is_purge(event.status)) return purge(desk, record, event);
  (status::is_delete(event.status) ? record.deletes : record.statuses).push_back(event);
  if (record.is_migrating) return;
  if (event.status == status::read) desk.publish_event("correspondencereceiverread", record);
  if (event.status == status::confirmed) desk.publish_event("correspondencereceiverconfirmed", record);
  const auto dialog = shown_dialog(record);
  if (!dialog) return;
  switch (event.status) {
  case status::read: return show_read(desk, record, *dialog, event);
  case status::confirmed: return show_confirmed(desk, record, *dialog, event);
  case status::archived:
  case status::soft_deleted:
  case status::restored: return show_label(desk, record, *dialog, event);
  default: return;
  }
}

void store_event(Desk& desk, Record& record, const Notification& event) {
  if (collides(record.notifications, event)) return;
  record.notifications.push_back(event);
  if (const auto dialog = shown_dialog(record))
    add(desk, activity_job(desk, *dialog, notification_activity(desk.new_id(), event)));
}

void store_event(Desk& desk, Record& record, const Forward& event) {
  if (collides(record.forwards, event)) return;
  auto& stored = record.forwards.emplace_back(event);
  stored.activity = desk.new_id();
  if (const auto dialog = shown_dialog(record)) add(desk, forward_job(desk, *dialog, record.id, stored));
}

} // namespace altinn_sim::correspondence
