#include "migration/controls.hpp"

#include "json_reader.hpp"
#include "problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <charconv>
#include <stdexcept>

namespace altinn_sim {

namespace json = boost::json;
using correspondence::Record;

namespace {

std::string spelled(std::chrono::microseconds time) {
  return std::to_string(time.count()) + "us";
}

json::array events_of(const std::vector<correspondence::StatusEvent>& events) {
  json::array list;
  for (const auto& each : events)
    list.push_back({{"status", each.status}, {"at", to_string(dialogporten::Time{each.at})}});
  return list;
}

json::object described(const Record& record) {
  const auto dialog = record.dialog();
  return {{"correspondenceId", to_string(record.id)},
          {"altinn2CorrespondenceId", record.altinn2_id},
          {"created", to_string(dialogporten::Time{record.created})},
          {"isMigrating", record.is_migrating},
          {"dialogId", dialog ? json::value(*dialog) : json::value(nullptr)},
          {"inBin", record.in_bin()},
          {"statuses", events_of(record.statuses)},
          {"deletes", events_of(record.deletes)},
          {"notifications", record.notifications.size()},
          {"forwards", record.forwards.size()},
          {"attachments", record.attachments.size()}};
}

json::object figures_of(const correspondence::Service& service) {
  const auto behaviour = service.behaviour();
  const auto figures = service.figures();
  json::object events;
  for (const auto& [name, count] : service.published_events())
    events[name] = count;
  return {{"publish_time", spelled(behaviour.publish_time)},
          {"event_time", spelled(behaviour.event_time)},
          {"job_time", spelled(behaviour.jobs.time)},
          {"retry_time", spelled(behaviour.jobs.retry)},
          {"workers", behaviour.jobs.workers},
          {"jobs",
           {{"open", figures.open_jobs}, {"retried", figures.retried_jobs}, {"failed", figures.failed_jobs}}},
          {"events", std::move(events)}};
}

Response set_behaviour(correspondence::Service& service, const Request& request) {
  try {
    boost::system::error_code error;
    const auto body = json::parse({request.body.data(), request.body.size()}, error);
    if (error) return problem_answer(400, "Bad request", "The body is no JSON: " + error.message());
    JsonReader members(body, "correspondence");
    auto behaviour = service.behaviour();
    const auto read = [&](std::string_view name, std::chrono::microseconds& time) {
      if (members.find(name) == nullptr) return;
      time = members.duration(name, std::chrono::milliseconds{0});
    };
    read("publish_time", behaviour.publish_time);
    read("event_time", behaviour.event_time);
    read("job_time", behaviour.jobs.time);
    read("retry_time", behaviour.jobs.retry);
    behaviour.jobs.workers = static_cast<unsigned>(
        members.number("workers", behaviour.jobs.workers, 1, 64, "a number from 1 to 64"));
    members.finish();
    service.set_behaviour(behaviour);
  } catch (const std::invalid_argument& error) {
    return problem_answer(400, "Bad request", error.what());
  }
  return {204, {}, {}, {}};
}

Response record_of(const correspondence::Service& service, std::string_view name) {
  std::optional<Record> record;
  std::int64_t number = 0;
  if (const auto id = dialogporten::parse_uuid(name))
    record = service.find(*id);
  else if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc{})
    record = service.find_altinn2(number);
  if (!record) return problem_answer(404, "Not found", "No correspondence of this id is stored.");
  return json_answer(200, described(*record));
}

} // namespace

void add_correspondence_controls(Simulator& simulator, correspondence::Service& service) {
  constexpr std::string_view base = "/correspondence/";
  simulator.control("GET /correspondence",
                    [&](const Request&) { return json_answer(200, figures_of(service)); });
  simulator.control("POST /correspondence",
                    [&](const Request& request) { return set_behaviour(service, request); });
  simulator.control("GET /correspondence/", [&, base](const Request& request) {
    return record_of(service, request.path.substr(base.size()));
  });
}

} // namespace altinn_sim
