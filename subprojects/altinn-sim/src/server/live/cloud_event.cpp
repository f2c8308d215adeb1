#include "live/cloud_event.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace altinn_sim::live {

namespace json = boost::json;

CloudEvent event_of(const storage::Changed& change, storage::Guid id, storage::Ticks now,
                    const std::string& hostname) {
  CloudEvent event;
  event.type = change.event_type;
  event.source =
      "https://" + change.org + ".apps." + hostname + "/" + change.app_id + "/instances/" + change.id();
  event.subject = "/party/" + std::to_string(change.party);
  event.alternative_subject = change.owner_subject;
  event.resource = "app_" + change.app_id;
  std::replace(event.resource.begin(), event.resource.end(), '/', '_');
  event.resource.insert(0, "urn:altinn:resource:");
  json::object body{
      {"specversion", "1.0"},       {"id", storage::guid_text(id)},    {"type", event.type},
      {"source", event.source},     {"time", storage::time_text(now)}, {"subject", event.subject},
      {"resource", event.resource}, {"resourceinstance", change.id()}};
  if (!event.alternative_subject.empty()) body.emplace("alternativesubject", event.alternative_subject);
  event.body = json::serialize(body);
  return event;
}

CloudEvent validation_event(std::int64_t subscription, storage::Guid id, const std::string& hostname) {
  CloudEvent event;
  event.type = "platform.events.validatesubscription";
  event.source =
      "https://platform." + hostname + "/events/api/v1/subscriptions/" + std::to_string(subscription);
  event.body = json::serialize(json::object{{"specversion", "1.0"},
                                            {"id", storage::guid_text(id)},
                                            {"type", event.type},
                                            {"source", event.source}});
  return event;
}

} // namespace altinn_sim::live
