#include "correspondence/api/desk.hpp"
#include "correspondence/dialog/activities.hpp"
#include "correspondence/dialog/jobs_of_events.hpp"

// What is sent in Altinn 3 itself (correspondence.md 6.1)
namespace altinn_sim::correspondence {

namespace {

/// Makes the dialog, and publishes unless nobody has said so yet.
Job first_job(Desk& desk, const Uuid& id, bool is_published) {
  auto job = publish_job(desk, id, false, Behind::nothing);
  if (is_published) return job;
  return {job.kind, [act = job.act](Moment at) {
            auto outcome = act(at);
            outcome.then.clear();
            return outcome;
          }};
}

void publish_without_dialog(Desk& desk, Record& record) {
  record.statuses.push_back({status::published, desk.around.now(), {}});
  desk.publish_event("correspondencepublished", record);
}

void publish(Desk& desk, Record& record, Moment at) {
  if (record.dialog())
    desk.jobs.add(schedule_job(desk, record.id), at);
  else
    publish_without_dialog(desk, record);
}

} // namespace

Uuid send_correspondence(Desk& desk, const NewCorrespondence& wanted) {
  const std::lock_guard lock(desk.mutex);
  auto record = wanted.record;
  record.id = desk.new_id();
  record.created = record.requested_publish_time = desk.around.now();
  record.is_migrating = wanted.with_dialog; // until its dialog is made
  record.statuses.push_back({status::initialized, record.created, {}});
  for (auto file : wanted.attachments) {
    file.id = desk.new_id();
    record.attachments.push_back(file.id);
    desk.store.attachments.emplace(file.id, file);
  }
  auto& stored = desk.store.records.emplace(record.id, std::move(record)).first->second;
  desk.publish_event("correspondenceinitialized", stored);
  if (wanted.with_dialog)
    desk.jobs.add(first_job(desk, stored.id, wanted.is_published), desk.around.steady());
  else if (wanted.is_published)
    publish_without_dialog(desk, stored);
  return stored.id;
}

bool happen(Desk& desk, const Uuid& id, const StatusEvent& event) {
  const std::lock_guard lock(desk.mutex);
  auto* record = desk.store.find(id);
  if (record == nullptr || record->altinn2_id != 0) return false;
  const auto now = desk.around.steady();
  switch (event.status) {
  case status::published: publish(desk, *record, now); break;
  case status::failed: fail_publishing(desk, *record, now); break;
  case status::archived: { // a label in Dialogporten, which Correspondence knows nothing of (3.8)
    const auto party = desk.around.party(event.party);
    if (const auto dialog = record->dialog(); dialog && party)
      desk.jobs.add(label_job(desk, *dialog, party->urn, system_label::archive, system_label::none), now);
    break;
  }
  default: store_event(desk, *record, event);
  }
  return true;
}

} // namespace altinn_sim::correspondence
