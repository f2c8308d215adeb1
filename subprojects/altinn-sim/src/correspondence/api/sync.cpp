#include "correspondence/api/desk.hpp"
#include "correspondence/wire/bodies.hpp"

#include <algorithm>

// M4 to M6 (correspondence.md 1.6)
namespace altinn_sim::correspondence {

namespace {

bool is_synced(int value) {
  return value == status::read || value == status::confirmed || value == status::archived ||
         status::is_delete(value);
}

/// The events that the record does not have yet, one a step. All are compared with what was stored before the
/// call; what has its exact time in common with one of the call's is not stored twice (observed.md OC-16).
template <class Event>
Response stored_in_steps(Desk& desk, const Request& request, const Uuid& id, std::vector<Event> events) {
  std::vector<Steps::Step> steps;
  {
    const std::lock_guard lock(desk.mutex);
    const auto* record = desk.store.find(id);
    if (record == nullptr) return problem(request, 404, 1001, "The requested correspondence was not found.");
    std::erase_if(events, [&](const Event& event) { return knows(*record, event); });
  }
  for (const auto& event : events)
    steps.emplace_back([&desk, id, event](Response&) {
      const std::lock_guard lock(desk.mutex);
      store_event(desk, desk.store.records.at(id), event);
      return true;
    });
  steps.emplace_back([id](Response& answer) {
    answer = ok(id);
    return true;
  });
  Response response;
  response.work = std::make_shared<Steps>(std::move(steps), desk.event_time());
  return response;
}

template <class Event>
Response sync(Desk& desk, const Request& request, std::string_view member, std::vector<Event> Sync::*events) {
  Sync asked;
  const auto verdict = read_sync(request.body, member, asked);
  if (!verdict.good()) return validation_problem(request, verdict);
  if (verdict.breaks) return unhandled(request);
  auto list = without_doublets(asked.*events);
  if constexpr (std::is_same_v<Event, StatusEvent>) {
    std::erase_if(list, [](const StatusEvent& event) { return !is_synced(event.status); });
    std::stable_sort(list.begin(), list.end(),
                     [](const StatusEvent& a, const StatusEvent& b) { return a.at < b.at; });
  }
  return stored_in_steps(desk, request, asked.correspondence, std::move(list));
}

} // namespace

Response sync_statuses(Desk& desk, const Request& request) {
  return sync(desk, request, "syncedStatusEvents", &Sync::events);
}

Response sync_forwards(Desk& desk, const Request& request) {
  return sync(desk, request, "syncedForwardingEvents", &Sync::forwards);
}

Response sync_notifications(Desk& desk, const Request& request) {
  return sync(desk, request, "syncedNotificationEvents", &Sync::notifications);
}

} // namespace altinn_sim::correspondence
