#include "correspondence/api/desk.hpp"
#include "correspondence/wire/bodies.hpp"
#include "dialogporten/model/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

// M2 (correspondence.md 1.3, 1.4, 1.7)
namespace altinn_sim::correspondence {

namespace {

/// One call on its way: what it was asked, and the record it is about once that is stored or found.
struct Call {
  Request request; ///< for answers; its body is not kept
  Migration asked;
  Uuid id;
  bool is_new = false;
};

bool is_language(std::string_view text) {
  return dialogporten::same_name(text, "nb") || dialogporten::same_name(text, "nn") ||
         dialogporten::same_name(text, "en");
}

bool by_time(const StatusEvent& a, const StatusEvent& b) {
  return a.at < b.at;
}

/// False where a unique index or a foreign key of the database refuses the record.
bool insert(Desk& desk, Call& call) {
  auto& record = call.asked.record;
  for (const auto& id : record.attachments)
    if (!desk.store.attachments.contains(id)) return false;
  for (const auto& each : call.asked.events)
    if (!status::is_delete(each.status)) record.statuses.push_back(each);
  for (const auto& each : call.asked.notifications) {
    if (collides(record.notifications, each)) return false;
    record.notifications.push_back(each);
  }
  for (auto& each : call.asked.forwards) {
    if (collides(record.forwards, each)) return false;
    each.activity = desk.new_id();
    record.forwards.push_back(each);
  }
  const auto wanted =
      desk.around.correspondence_id ? desk.around.correspondence_id(record.altinn2_id) : std::nullopt;
  record.id = call.id = wanted ? *wanted : desk.new_id();
  desk.store.by_altinn2.emplace(record.altinn2_id, record.id);
  desk.store.records.emplace(record.id, record);
  return true;
}

/// The record is stored, or found where it was before.
bool begin(Desk& desk, Call& call, Response& answer) {
  const std::lock_guard lock(desk.mutex);
  const auto known = desk.store.by_altinn2.find(call.asked.record.altinn2_id);
  if (known != desk.store.by_altinn2.end()) {
    call.id = known->second;
    return true;
  }
  call.is_new = insert(desk, call);
  if (!call.is_new) answer = unhandled(call.request);
  return call.is_new;
}

json::value attachment_statuses(const Call& call) {
  if (!call.is_new) return nullptr;
  json::array list;
  for (const auto& id : call.asked.record.attachments)
    list.push_back({{"attachmentId", to_string(id)}, {"status", "Initialized"}});
  return list;
}

bool end(Desk& desk, Call& call, Response& answer) {
  const std::lock_guard lock(desk.mutex);
  const bool publishes = call.is_new && call.asked.make_available;
  if (publishes) desk.jobs.add(publish_job(desk, call.id, false, call.request.behind), desk.around.steady());
  json::object body{{"altinn2CorrespondenceId", call.asked.record.altinn2_id},
                    {"correspondenceId", to_string(call.id)},
                    {"attachmentStatuses", attachment_statuses(call)},
                    {"dialogId", publishes ? json::value("") : json::value(nullptr)}};
  answer.body = json::serialize(body);
  return true;
}

/// A delete event of a new record: a transaction of its own. A hard delete leaves no status (2.2).
Steps::Step delete_step(Desk& desk, const std::shared_ptr<Call>& call, const StatusEvent& event) {
  return [&desk, call, event](Response&) {
    const std::lock_guard lock(desk.mutex);
    auto& record = desk.store.records.at(call->id);
    if (!knows(record, event)) record.deletes.push_back(event);
    return true;
  };
}

/// The events that a known record does not have yet, each a transaction of its own.
template <class Event>
void add_new_events(Desk& desk, const std::shared_ptr<Call>& call, const Record& record,
                    const std::vector<Event>& events, std::vector<Steps::Step>& steps) {
  for (const auto& event : events) {
    if (knows(record, event)) continue;
    steps.emplace_back([&desk, call, event](Response&) {
      const std::lock_guard lock(desk.mutex);
      store_event(desk, desk.store.records.at(call->id), event);
      return true;
    });
  }
}

std::vector<Steps::Step> steps_of(Desk& desk, const std::shared_ptr<Call>& call) {
  const std::lock_guard lock(desk.mutex);
  auto events = call->asked.events;
  std::stable_sort(events.begin(), events.end(), by_time);
  std::vector<Steps::Step> steps;
  steps.emplace_back([&desk, call](Response& answer) { return begin(desk, *call, answer); });
  const auto known = desk.store.by_altinn2.find(call->asked.record.altinn2_id);
  if (known == desk.store.by_altinn2.end()) {
    for (const auto& each : events)
      if (status::is_delete(each.status)) steps.push_back(delete_step(desk, call, each));
  } else {
    const auto& record = desk.store.records.at(known->second);
    add_new_events(desk, call, record, events, steps);
    add_new_events(desk, call, record, call->asked.notifications, steps);
    add_new_events(desk, call, record, call->asked.forwards, steps);
  }
  steps.emplace_back([&desk, call](Response& answer) { return end(desk, *call, answer); });
  return steps;
}

} // namespace

Response migrate(Desk& desk, const Request& request) {
  auto call = std::make_shared<Call>();
  call->request = request;
  call->request.body = {};
  call->request.path = "/migration/correspondence";
  const auto verdict = read_migration(request.body, call->asked);
  if (!verdict.good()) return validation_problem(request, verdict);
  if (!call->asked.has_content) return problem(request, 400, 1019, "The content is missing.");
  if (verdict.breaks) return unhandled(request);
  if (!is_language(call->asked.record.language))
    return problem(request, 400, 1023, "The language is not supported.");
  call->asked.events = without_doublets(call->asked.events);
  call->asked.notifications = without_doublets(call->asked.notifications);
  call->asked.forwards = without_doublets(call->asked.forwards);
  Response response;
  response.work = std::make_shared<Steps>(steps_of(desk, call), desk.event_time());
  return response;
}

} // namespace altinn_sim::correspondence
