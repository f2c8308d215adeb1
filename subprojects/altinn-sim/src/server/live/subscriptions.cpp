#include "live/subscriptions.hpp"

#include "problem.hpp"
#include "storage/dice.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>

namespace altinn_sim::live {

namespace json = boost::json;

namespace {

constexpr std::string_view base = "/subscriptions";
constexpr std::size_t remembered_at_most = 100'000;

std::string member(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

/// A source filter names an app, and its events come from the instances below it.
bool is_below(std::string_view source, std::string_view filter) {
  return source.starts_with(filter) && (source.size() == filter.size() || source[filter.size()] == '/');
}

Response bad_request(std::string_view detail) {
  return problem_answer(400, "Bad request", detail);
}

} // namespace

bool Subscriptions::Subscription::same_as(const Subscription& other) const {
  return url == other.url && source == other.source && resource == other.resource &&
         subject == other.subject && alternative_subject == other.alternative_subject && type == other.type &&
         include_subunits == other.include_subunits;
}

bool Subscriptions::Subscription::wants(const CloudEvent& event) const {
  const auto fits = [](const std::string& filter, const std::string& value) {
    return filter.empty() || filter == value;
  };
  return fits(resource, event.resource) && fits(subject, event.subject) &&
         fits(alternative_subject, event.alternative_subject) && fits(type, event.type) &&
         (source.empty() || is_below(event.source, source));
}

json::object Subscriptions::Subscription::as_json() const {
  json::object out{{"id", id}, {"endPoint", url}};
  const auto add = [&](std::string_view name, const std::string& text) {
    out[json::string_view(name.data(), name.size())] =
        text.empty() ? json::value(nullptr) : json::value(text);
  };
  add("sourceFilter", source);
  add("resourceFilter", resource);
  add("subjectFilter", subject);
  add("alternativeSubjectFilter", alternative_subject);
  add("typeFilter", type);
  out["includeSubunits"] = include_subunits;
  out["consumer"] = "/org/digdir";
  out["createdBy"] = "/org/digdir";
  out["created"] = created;
  out["validated"] = validated.load();
  return out;
}

Response Subscriptions::handle(const Request& request) {
  const auto rest = request.path.substr(std::min(base.size(), request.path.size()));
  if (!rest.empty() && rest != "/") return one(request);
  if (request.method == Method::post) return create(request);
  if (request.method == Method::get) return list();
  return {405, {}, {}, {}};
}

Response Subscriptions::create(const Request& request) {
  boost::system::error_code error;
  const auto body = json::parse({request.body.data(), request.body.size()}, error);
  if (error || !body.is_object()) return bad_request("The body is no JSON object.");
  const auto& members = body.get_object();
  auto wanted = std::make_shared<Subscription>();
  wanted->url = member(members, "endPoint");
  const auto endpoint = loopback_endpoint(wanted->url);
  if (!endpoint) return bad_request("endPoint: only http on this machine can be reached from here.");
  wanted->endpoint = *endpoint;
  wanted->source = member(members, "sourceFilter");
  wanted->resource = member(members, "resourceFilter");
  if (wanted->source.empty() && wanted->resource.empty())
    return bad_request("A resource filter or a source filter is required.");
  if (!wanted->resource.empty() && !wanted->resource.starts_with("urn:altinn:resource:"))
    return bad_request("resourceFilter: must begin urn:altinn:resource:");
  wanted->subject = member(members, "subjectFilter");
  wanted->alternative_subject = member(members, "alternativeSubjectFilter");
  wanted->type = member(members, "typeFilter");
  const auto* subunits = members.if_contains("includeSubunits");
  wanted->include_subunits = subunits != nullptr && subunits->is_bool() && subunits->get_bool();
  wanted->created = storage::time_text(request.now);
  const auto subscription = kept(std::move(wanted));
  auto answer = json_answer(201, subscription->as_json());
  validate(subscription);
  return answer;
}

/// The one that is there already, where it is the same.
Subscriptions::Shared Subscriptions::kept(Shared wanted) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, subscription] : all_) {
    if (subscription->same_as(*wanted)) return subscription;
  }
  wanted->id = ++last_id_;
  all_[wanted->id] = wanted;
  return wanted;
}

void Subscriptions::validate(const Shared& subscription) {
  Delivery delivery;
  delivery.to = subscription->endpoint;
  const auto key = static_cast<std::uint64_t>(subscription->id);
  const auto id = storage::random_guid(storage::mix(0x5b5, key), storage::mix(0x5b6, key));
  delivery.body = std::make_shared<std::string>(validation_event(subscription->id, id, hostname_).body);
  delivery.validation = true;
  delivery.still_wanted = [subscription] { return subscription->alive.load(); };
  delivery.on_end = [subscription](bool accepted) {
    if (accepted) subscription->validated = true;
  };
  push_.send(std::move(delivery));
}

Response Subscriptions::list() const {
  const std::lock_guard lock(mutex_);
  json::array all;
  for (const auto& [id, subscription] : all_)
    all.push_back(subscription->as_json());
  const auto count = all.size();
  return json_answer(200, json::object{{"count", count}, {"subscriptions", std::move(all)}});
}

Response Subscriptions::one(const Request& request) {
  const auto text = request.path.substr(base.size() + 1);
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return problem_answer(404, "Not found", "There is no such subscription.");
  if (request.method == Method::get) return json_answer(200, found->second->as_json());
  if (request.method != Method::del) return {405, {}, {}, {}};
  found->second->alive = false;
  all_.erase(found);
  return {200, {}, {}, {}};
}

std::vector<Subscriptions::Shared> Subscriptions::who_wants(const CloudEvent& event, storage::Ticks now) {
  const std::lock_guard lock(mutex_);
  const auto hold = static_cast<storage::Ticks>(static_cast<double>(storage::hour) * time_scale_);
  if (remembered_.size() >= remembered_at_most) remembered_.clear();
  auto& kind = remembered_[event.resource + "\n" + event.subject + "\n" + event.type];
  if (now < kind.until && kind.until <= now + hold) return kind.who;
  kind = {now + hold, {}};
  for (const auto& [id, subscription] : all_) {
    if (subscription->validated && subscription->wants(event)) kind.who.push_back(subscription);
  }
  return kind.who;
}

void Subscriptions::for_each_match(const CloudEvent& event, storage::Ticks now,
                                   const std::function<void(const Endpoint&)>& use) {
  for (const auto& subscription : who_wants(event, now))
    use(subscription->endpoint);
}

} // namespace altinn_sim::live
