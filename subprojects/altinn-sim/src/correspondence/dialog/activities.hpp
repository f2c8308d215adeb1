#pragma once

#include "correspondence/service.hpp"

#include <boost/json/object.hpp>

#include <variant>

namespace altinn_sim::correspondence {

namespace json = boost::json;

/// An activity, or why there can be none.
struct ActivityResult {
  std::optional<json::object> activity;
  std::string problem;
};

/// "CorrespondenceOpened" or "CorrespondenceConfirmed" by the party of an event (correspondence.md 3.7).
ActivityResult party_activity(const Surroundings& around, std::string_view type, const Uuid& id,
                              const StatusEvent& event);
json::object notification_activity(const Uuid& id, const Notification& event);
ActivityResult forward_activity(const Surroundings& around, const Record& record, const Forward& event);
/// "DialogDeleted" by sender or recipient, whoever it was.
json::object deleted_activity(const Uuid& id, const StatusEvent& event);

/// {"actorType":"PartyRepresentative","actorId":urn}
json::object representative(std::string_view urn);

} // namespace altinn_sim::correspondence
