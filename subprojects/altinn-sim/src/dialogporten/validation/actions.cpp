#include "dialogporten/validation/rules.hpp"

// dialogporten.md 3.7
namespace altinn_sim::dialogporten {

namespace {

bool is_gui_method(const std::optional<HttpMethod>& method) {
  return method == HttpMethod::get || method == HttpMethod::post || method == HttpMethod::del;
}

void check(Rules& rules, const Endpoint& endpoint, const Place& place) {
  rules.at_most(place.at("version"), endpoint.version, default_max_length);
  rules.https_url(place.at("url"), endpoint.url);
  rules.in_enum(place.at("httpMethod"), endpoint.http_method);
  rules.uri(place.at("documentationUrl"), endpoint.documentation_url);
  rules.uri(place.at("requestSchema"), endpoint.request_schema);
  rules.uri(place.at("responseSchema"), endpoint.response_schema);
  if (endpoint.sunset_at && !endpoint.deprecated)
    rules.refuse(place.at("deprecated"), "'Deprecated' must be true where 'SunsetAt' is set.");
}

} // namespace

void check(Rules& rules, const GuiAction& action, const Place& place) {
  if (rules.creating()) rules.version_7(place.at("id"), action.id);
  rules.not_empty(place.at("action"), action.action);
  rules.at_most(place.at("action"), action.action, default_max_length);
  rules.https_url(place.at("url"), action.url);
  rules.authorization_attribute(place.at("authorizationAttribute"), action.authorization_attribute);
  rules.in_enum(place.at("priority"), action.priority);
  if (!is_gui_method(action.http_method))
    rules.refuse(place.at("httpMethod"), "'HttpMethod' of a GUI action must be one of [GET, POST, DELETE].");
  if (action.title.empty()) rules.refuse_empty(place.at("title"));
  check(rules, action.title, place.at("title"));
  if (action.prompt) check(rules, *action.prompt, place.at("prompt"));
}

void check(Rules& rules, const ApiAction& action, const Place& place) {
  if (rules.creating()) rules.version_7(place.at("id"), action.id);
  rules.not_empty(place.at("action"), action.action);
  rules.at_most(place.at("action"), action.action, default_max_length);
  rules.authorization_attribute(place.at("authorizationAttribute"), action.authorization_attribute);
  rules.at_most(place.at("name"), action.name, default_max_length);
  const Place endpoints = place.at("endpoints");
  if (action.endpoints.empty()) rules.refuse_empty(endpoints);
  if (!rules.creating()) rules.unique_ids(endpoints, action.endpoints);
  for (std::size_t i = 0; i < action.endpoints.size(); ++i)
    check(rules, action.endpoints[i], endpoints.at(i));
}

} // namespace altinn_sim::dialogporten
