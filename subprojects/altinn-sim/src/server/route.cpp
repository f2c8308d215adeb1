#include "route.hpp"

#include "target.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim {

namespace {

constexpr std::array<std::string_view, 8> api_names = {
    "storage", "events", "register", "dialogporten", "correspondence", "a2_archive", "control", "none"};

/// The base paths; the last two have none of their own: what belongs to nobody is matched by everything.
constexpr std::array<std::string_view, 8> bases = {"/storage/api/v1",
                                                   "/events/api/v1",
                                                   "/register/api/v1",
                                                   "/dialogporten",
                                                   "/correspondence/api/v1",
                                                   "/a2-archive/api/v1",
                                                   "/_sim",
                                                   ""};

struct Endpoint {
  Api api;
  Method method;
  std::string_view pattern; ///< segments in braces match any one segment; empty = every other path of the API
};

constexpr std::array endpoints = {
    Endpoint{Api::storage, Method::get, "/instances"},
    Endpoint{Api::storage, Method::get, "/instances/{guid}"},
    Endpoint{Api::storage, Method::get, "/instances/{partyId}/{guid}"},
    Endpoint{Api::storage, Method::get, "/instances/{partyId}/{guid}/events"},
    Endpoint{Api::storage, Method::put, "/instances/{partyId}/{guid}/datavalues"},
    Endpoint{Api::storage, Method::post, "/instances/{partyId}/{guid}/complete"},
    Endpoint{Api::storage, Method::del, "/sbl/instances/{partyId}/{guid}"},
    Endpoint{Api::storage, Method::put, "/sbl/instances/{partyId}/{guid}/undelete"},
    Endpoint{Api::storage, Method::get, "/applications"},
    Endpoint{Api::storage, Method::get, "/applications/{org}"},
    Endpoint{Api::storage, Method::get, "/applications/{org}/{app}"},
    Endpoint{Api::storage, Method::get, "/applications/{org}/{app}/texts/{language}"},
    Endpoint{Api::storage, Method::other, ""},
    Endpoint{Api::events, Method::get, "/app/party"},
    Endpoint{Api::events, Method::get, "/app/{org}/{app}"},
    Endpoint{Api::events, Method::get, "/events"},
    Endpoint{Api::events, Method::get, "/subscriptions"},
    Endpoint{Api::events, Method::post, "/subscriptions"},
    Endpoint{Api::events, Method::get, "/subscriptions/{id}"},
    Endpoint{Api::events, Method::del, "/subscriptions/{id}"},
    Endpoint{Api::events, Method::other, ""},
    Endpoint{Api::register_, Method::post, "/dialogporten/parties/query"},
    Endpoint{Api::register_, Method::other, ""},
    Endpoint{Api::dialogporten, Method::post, "/api/v1/serviceowner/dialogs"},
    Endpoint{Api::dialogporten, Method::get, "/api/v1/serviceowner/dialogs"},
    Endpoint{Api::dialogporten, Method::get, "/api/v1/serviceowner/dialogs/{dialogId}"},
    Endpoint{Api::dialogporten, Method::put, "/api/v1/serviceowner/dialogs/{dialogId}"},
    Endpoint{Api::dialogporten, Method::patch, "/api/v1/serviceowner/dialogs/{dialogId}"},
    Endpoint{Api::dialogporten, Method::del, "/api/v1/serviceowner/dialogs/{dialogId}"},
    Endpoint{Api::dialogporten, Method::post, "/api/v1/serviceowner/dialogs/{dialogId}/actions/purge"},
    Endpoint{Api::dialogporten, Method::post, "/api/v1/serviceowner/dialogs/{dialogId}/actions/restore"},
    Endpoint{Api::dialogporten, Method::post, "/api/v1/serviceowner/dialogs/{dialogId}/actions/freeze"},
    Endpoint{Api::dialogporten, Method::post, "/api/v1/serviceowner/dialogs/{dialogId}/transmissions"},
    Endpoint{Api::dialogporten, Method::get, "/api/v1/serviceowner/dialogs/{dialogId}/transmissions"},
    Endpoint{Api::dialogporten, Method::post, "/api/v1/serviceowner/dialogs/{dialogId}/activities"},
    Endpoint{Api::dialogporten, Method::get, "/api/v1/serviceowner/dialogs/{dialogId}/activities"},
    Endpoint{Api::dialogporten, Method::post,
             "/api/v1/serviceowner/dialogs/{dialogId}/activities/{activityId}/actions/"
             "updateFormSavedActivityTime"},
    Endpoint{Api::dialogporten, Method::get, "/api/v1/serviceowner/dialogs/{dialogId}/context/labels"},
    Endpoint{Api::dialogporten, Method::put,
             "/api/v1/serviceowner/dialogs/{dialogId}/endusercontext/systemlabels"},
    Endpoint{Api::dialogporten, Method::get, "/api/v1/serviceowner/dialoglookup"},
    Endpoint{Api::dialogporten, Method::get,
             "/api/v1/serviceowner/dialogs/{dialogId}/transmissions/{transmissionId}"},
    Endpoint{Api::dialogporten, Method::other, ""},
    Endpoint{Api::correspondence, Method::post, "/migration/attachment"},
    Endpoint{Api::correspondence, Method::post, "/migration/correspondence"},
    Endpoint{Api::correspondence, Method::post, "/migration/makemigratedcorrespondenceavailable"},
    Endpoint{Api::correspondence, Method::post, "/migration/correspondence/syncStatusEvent"},
    Endpoint{Api::correspondence, Method::post, "/migration/correspondence/syncForwardingEvent"},
    Endpoint{Api::correspondence, Method::post, "/migration/correspondence/syncNotificationEvent"},
    Endpoint{Api::correspondence, Method::other, ""},
    Endpoint{Api::a2_archive, Method::get, "/messages"},
    Endpoint{Api::a2_archive, Method::get, "/messages/{id}"},
    Endpoint{Api::a2_archive, Method::get, "/attachments/{id}"},
    Endpoint{Api::a2_archive, Method::other, ""},
    Endpoint{Api::control, Method::other, ""},
    Endpoint{Api::none, Method::other, ""},
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_below(std::string_view path, std::string_view base) {
  return path.size() >= base.size() && equal_ignoring_case(path.substr(0, base.size()), base) &&
         (path.size() == base.size() || path[base.size()] == '/');
}

/// Takes the first segment, without its slash, off the path.
std::string_view next_segment(std::string_view& path) {
  auto end = std::min(path.find('/', 1), path.size());
  auto segment = path.substr(1, end - 1);
  path.remove_prefix(end);
  return segment;
}

bool matches(std::string_view path, std::string_view pattern) {
  while (!path.empty() && !pattern.empty()) {
    auto segment = next_segment(path);
    auto wanted = next_segment(pattern);
    bool any = !wanted.empty() && wanted.front() == '{';
    if (any ? segment.empty() : !equal_ignoring_case(segment, wanted)) return false;
  }
  return path.empty() && pattern.empty();
}

} // namespace

std::string_view name_of(Api api) {
  return api_names[static_cast<std::size_t>(api)];
}

Api platform_api_named(std::string_view name) {
  for (std::size_t at = 0; at < platform_apis; ++at) {
    if (api_names[at] == name) return static_cast<Api>(at);
  }
  return Api::none;
}

Route route_of(Method method, std::string_view path) {
  Route route;
  auto base = std::find_if(bases.begin(), bases.end(), [&](auto each) { return is_below(path, each); });
  route.api = base == bases.end() ? Api::none : static_cast<Api>(base - bases.begin());
  route.path = base == bases.end() ? path : path.substr(base->size());
  auto trimmed = route.path;
  if (trimmed.size() > 1 && trimmed.back() == '/') trimmed.remove_suffix(1);
  auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& each) {
    if (each.api != route.api) return false;
    return each.pattern.empty() || (each.method == method && matches(trimmed, each.pattern));
  });
  route.endpoint = static_cast<std::size_t>(found - endpoints.begin());
  return route;
}

std::size_t endpoint_count() {
  return endpoints.size();
}

Api api_of(std::size_t endpoint) {
  return endpoints[endpoint].api;
}

std::string endpoint_name(std::size_t endpoint) {
  const auto& which = endpoints[endpoint];
  auto base = bases[static_cast<std::size_t>(which.api)];
  std::string name(which.pattern.empty() ? "other" : name_of(which.method));
  name += ' ';
  name += base.empty() ? "/" : base;
  return name += which.pattern;
}

} // namespace altinn_sim
