#include "dialogporten/validation/rules.hpp"

// dialogporten.md 3.6
namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t min_key_length = 3;
constexpr std::size_t max_key_length = 36;

void check(Rules& rules, const NavigationalAction& action, const Place& place) {
  if (action.title.empty()) rules.refuse_empty(place.at("title"));
  check(rules, action.title, place.at("title"));
  rules.https_url(place.at("url"), action.url);
  rules.in_future(place.at("expiresAt"), action.expires_at);
}

} // namespace

void check(Rules& rules, const Transmission& transmission, const Place& place) {
  rules.version_7(place.at("id"), transmission.id);
  rules.in_past(place.at("createdAt"), transmission.created_at);
  rules.uri(place.at("extendedType"), transmission.extended_type);
  rules.at_most(place.at("externalReference"), transmission.external_reference, default_max_length);
  rules.in_enum(place.at("type"), transmission.type);
  if (transmission.related_transmission_id && transmission.related_transmission_id == transmission.id)
    rules.refuse(place.at("relatedTransmissionId"), "A transmission cannot be related to itself.");
  check(rules, transmission.sender, place.at("sender"));
  rules.authorization_attribute(place.at("authorizationAttribute"), transmission.authorization_attribute);
  rules.unique_ids(place.at("attachments"), transmission.attachments);
  check_each(rules, transmission.attachments, place.at("attachments"));
  const Place actions = place.at("navigationalActions");
  for (std::size_t i = 0; i < transmission.navigational_actions.size(); ++i)
    check(rules, transmission.navigational_actions[i], actions.at(i));
  rules.at_least(place.at("idempotentKey"), transmission.idempotent_key, min_key_length);
  rules.at_most(place.at("idempotentKey"), transmission.idempotent_key, max_key_length);
  check(rules, transmission.content, place.at("content"));
}

} // namespace altinn_sim::dialogporten
