#include "live/cloud_event.hpp"

#include "live/pushed_json.hpp"

#include <algorithm>

namespace altinn_sim::live {

CloudEvent event_of(const storage::Changed& change, storage::Guid id, storage::Ticks now,
                    const std::string& hostname, std::string_view party) {
  const auto owner = party.empty() ? std::to_string(change.party) : std::string(party);
  const auto instance = owner + "/" + storage::guid_text(change.instance);
  CloudEvent event;
  event.type = change.event_type;
  event.source =
      "https://" + change.org + ".apps." + hostname + "/" + change.app_id + "/instances/" + instance;
  event.subject = "/party/" + owner;
  event.alternative_subject = change.owner_subject;
  event.resource = "app_" + change.app_id;
  std::replace(event.resource.begin(), event.resource.end(), '/', '_');
  event.resource.insert(0, "urn:altinn:resource:");
  event.body = pushed_json({{"specversion", "1.0"},
                            {"id", storage::guid_text(id)},
                            {"time", storage::time_text(now)},
                            {"source", event.source},
                            {"subject", event.subject},
                            {"type", event.type},
                            {"resource", event.resource},
                            {"resourceinstance", instance},
                            {"alternativesubject", event.alternative_subject}});
  return event;
}

CloudEvent validation_event(std::int64_t subscription, storage::Guid id, const std::string& hostname) {
  CloudEvent event;
  event.type = "platform.events.validatesubscription";
  event.source =
      "https://platform." + hostname + "/events/api/v1/subscriptions/" + std::to_string(subscription);
  event.body = pushed_json({{"specversion", "1.0"},
                            {"id", storage::guid_text(id)},
                            {"source", event.source},
                            {"type", event.type}});
  return event;
}

} // namespace altinn_sim::live
