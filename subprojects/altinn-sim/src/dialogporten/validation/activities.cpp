#include "dialogporten/validation/rules.hpp"

// dialogporten.md 3.5 and 3.8, "Actor"
namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t correspondence_description_max_length = 4095;

/// A service owner has neither name nor id, everybody else exactly one of them.
bool is_named_rightly(const Actor& actor) {
  if (actor.type == ActorType::service_owner) return !actor.name && !actor.id;
  return actor.name.has_value() != actor.id.has_value();
}

void check_description(Rules& rules, const Activity& activity, const Place& place) {
  if (activity.type != ActivityType::information) {
    if (!activity.description.empty())
      rules.refuse(place, "Description is only allowed when the type is 'Information'.");
    return;
  }
  if (activity.description.empty())
    rules.refuse(place, "Description is required when the type is 'Information'.");
  check(rules, activity.description, place,
        rules.caller().correspondence ? correspondence_description_max_length : default_max_length);
}

void check_transmission_id(Rules& rules, const Activity& activity, const Place& place) {
  const bool wanted = activity.type == ActivityType::transmission_opened;
  if (!wanted && activity.transmission_id)
    rules.refuse(place, "Only activities of type 'TransmissionOpened' may name a transmission.");
  if (wanted && (!activity.transmission_id || activity.transmission_id->is_nil()))
    rules.refuse(place, "An activity of type 'TransmissionOpened' must name a transmission.");
}

} // namespace

void check(Rules& rules, const Actor& actor, const Place& place) {
  rules.in_enum(place.at("actorType"), actor.type);
  if (!is_named_rightly(actor))
    rules.refuse(
        place, "If 'ActorType' is 'ServiceOwner', both 'ActorId' and 'ActorName' must be null. For any other "
               "value of 'ActorType', 'ActorId' or 'ActorName' must be set, but not both simultaneously.");
  if (actor.id) rules.party(place.at("actorId"), *actor.id);
}

void check(Rules& rules, const std::optional<Actor>& actor, const Place& place) {
  if (actor)
    check(rules, *actor, place);
  else
    rules.refuse_empty(place);
}

void check(Rules& rules, const Activity& activity, const Place& place) {
  rules.version_7(place.at("id"), activity.id);
  rules.in_past(place.at("createdAt"), activity.created_at);
  rules.uri(place.at("extendedType"), activity.extended_type);
  rules.in_enum(place.at("type"), activity.type);
  check(rules, activity.performed_by, place.at("performedBy"));
  check_description(rules, activity, place.at("description"));
  check_transmission_id(rules, activity, place.at("transmissionId"));
}

} // namespace altinn_sim::dialogporten
