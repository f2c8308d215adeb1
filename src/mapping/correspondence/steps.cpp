#include "calls.hpp"
#include "events.hpp"
#include "forms.hpp"

#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <algorithm>
#include <utility>

/// How a record's later events go out, and what a record was before some of them.
namespace dialogferry::mapping::correspondence {

namespace {

using codec::CorrespondenceStatus;

SyncStep step(std::string_view name, std::string body) {
  return {sync_call(name, std::move(body)), std::nullopt, {}, {}};
}

bool changes_label(CorrespondenceStatus status) {
  return status == CorrespondenceStatus::archived ||
         status == CorrespondenceStatus::soft_deleted_by_recipient ||
         status == CorrespondenceStatus::restored_by_recipient;
}

/// Whether M4 takes it (1.6).
bool is_synced(CorrespondenceStatus status) {
  return changes_label(status) || codec::is_hard_delete(status) || status == CorrespondenceStatus::read ||
         status == CorrespondenceStatus::confirmed;
}

DialogLabel label_after(CorrespondenceStatus status, bool was_archived) {
  if (status == CorrespondenceStatus::soft_deleted_by_recipient) return DialogLabel::bin;
  const bool is_archived = status == CorrespondenceStatus::archived || was_archived;
  return is_archived ? DialogLabel::archive : DialogLabel::none;
}

void add_statuses(std::vector<SyncStep>& steps, const Uuid& id, const std::vector<codec::StatusEvent>& events,
                  bool was_archived) {
  std::vector<codec::StatusEvent> together;
  const auto send_together = [&] {
    if (!together.empty()) steps.push_back(step("syncStatusEvent", codec::write_status_sync(id, together)));
    together.clear();
  };
  for (const auto& event : events) {
    if (!changes_label(event.status)) {
      together.push_back(event);
      continue;
    }
    send_together();
    auto& alone = steps.emplace_back(step("syncStatusEvent", codec::write_status_sync(id, {&event, 1})));
    alone.label = label_after(event.status, was_archived);
    alone.at = event.changed.at;
    alone.known_at = event.known_at();
    was_archived = was_archived || event.status == CorrespondenceStatus::archived;
  }
  send_together();
}

template <class Event, class Keep>
std::span<const Event> kept(codec::Arena& arena, std::span<const Event> events, Keep keep) {
  std::vector<Event> left;
  std::copy_if(events.begin(), events.end(), std::back_inserter(left), keep);
  return arena.store(std::span<const Event>(left));
}

} // namespace

std::string_view name_of(DialogLabel label) {
  switch (label) {
  case DialogLabel::none: return "Default";
  case DialogLabel::bin: return "Bin";
  case DialogLabel::archive: break;
  }
  return "Archive";
}

Result<std::vector<SyncStep>> sync_steps(const codec::Correspondence& record,
                                         const codec::Correspondence& previous,
                                         const Uuid& correspondence_id) {
  const auto fresh = new_events(record, previous);
  if (auto problem = find_unfit(fresh)) return tl::unexpected(std::move(*problem));
  std::vector<SyncStep> steps;
  const bool was_archived = count(distinct_events(previous).statuses, CorrespondenceStatus::archived) > 0;
  add_statuses(steps, correspondence_id, fresh.statuses, was_archived);
  if (!fresh.notifications.empty())
    steps.push_back(step("syncNotificationEvent",
                         codec::write_notification_sync(correspondence_id, fresh.notifications)));
  if (!fresh.forwards.empty())
    steps.push_back(
        step("syncForwardingEvent", codec::write_forwarding_sync(correspondence_id, fresh.forwards)));
  return steps;
}

codec::Correspondence known_before(codec::Correspondence record, Instant until) {
  const auto is_known = [&](const auto& event) { return event.known_at() < until; };
  record.statuses = kept(record.arena, record.statuses, is_known);
  record.notifications = kept(record.arena, record.notifications, is_known);
  record.forwards = kept(record.arena, record.forwards, is_known);
  return record;
}

codec::Correspondence first_sent(codec::Correspondence record, std::optional<Instant> carried_before) {
  const auto was_known = [&](const auto& event) {
    return carried_before && event.known_at() < *carried_before;
  };
  const auto goes_along = [&](const auto& event) { return !carried_before || was_known(event); };
  record.statuses = kept(record.arena, record.statuses, [&](const codec::StatusEvent& event) {
    if (changes_label(event.status) || codec::is_hard_delete(event.status)) return was_known(event);
    return !is_synced(event.status) || goes_along(event);
  });
  record.notifications = kept(record.arena, record.notifications, goes_along);
  record.forwards = kept(record.arena, record.forwards, goes_along);
  return record;
}

bool is_published(const codec::Correspondence& record) {
  return std::any_of(record.statuses.begin(), record.statuses.end(),
                     [](const auto& event) { return event.status == CorrespondenceStatus::published; });
}

bool is_deleted_for_good(const codec::Correspondence& record) {
  return has_hard_delete(record.statuses);
}

} // namespace dialogferry::mapping::correspondence
