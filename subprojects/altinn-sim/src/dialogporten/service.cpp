#include "dialogporten/service.hpp"

#include "dialogporten/api/answers.hpp"
#include "dialogporten/api/call.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/party.hpp"

#include <algorithm>

namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t max_body = 20'000'000;

/// One endpoint; in the path "{}" stands for one segment and "{*}" for all that is left. Routing ignores
/// case.
struct Route {
  std::string_view path;
  Response (*answer)(Call&);
  Method method;
  bool has_body = false;
  bool needs_search = false;
  bool is_public = false;
};

constexpr Route routes[] = {
    {"/api/v1/serviceowner/dialogs", create_dialog, Method::post, true},
    {"/api/v1/serviceowner/dialogs", search_dialogs, Method::get, false, true},
    {"/api/v1/serviceowner/dialogs/{}", get_dialog, Method::get},
    {"/api/v1/serviceowner/dialogs/{}", update_dialog, Method::put, true},
    {"/api/v1/serviceowner/dialogs/{}", patch_dialog, Method::patch, true},
    {"/api/v1/serviceowner/dialogs/{}", delete_dialog, Method::del},
    {"/api/v1/serviceowner/dialogs/{}/actions/purge", purge_dialog, Method::post},
    {"/api/v1/serviceowner/dialogs/{}/actions/restore", restore_dialog, Method::post},
    {"/api/v1/serviceowner/dialogs/{}/actions/freeze", freeze_dialog, Method::post},
    {"/api/v1/serviceowner/dialogs/{}/activities", create_activity, Method::post, true},
    {"/api/v1/serviceowner/dialogs/{}/activities/{}/actions/updateFormSavedActivityTime",
     update_form_saved_time, Method::post, true},
    {"/api/v1/serviceowner/dialogs/{}/context/labels", get_labels, Method::get},
    {"/api/v1/serviceowner/dialogs/{}/context/labels", add_label, Method::post, true},
    {"/api/v1/serviceowner/dialogs/{}/context/labels/{*}", remove_label, Method::del},
    {"/api/v1/serviceowner/dialogs/{}/endusercontext/systemlabels", set_system_labels, Method::put, true},
    {"/api/v1/serviceowner/dialoglookup", look_up, Method::get},
    {"/api/v1/metadata/limits", limits, Method::get, false, false, true},
};

std::string_view take_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string_view>& arguments) {
  arguments.clear();
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern);
    const auto given = take_segment(path);
    if (wanted == "{*}") {
      arguments.emplace_back(given.data(), given.size() + path.size());
      return true;
    }
    if (wanted == "{}")
      arguments.push_back(given);
    else if (!same_name(wanted, given))
      return false;
  }
  return pattern.empty() && (path.empty() || path == "/");
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view application = "application/";
  const auto type = lower(trimmed(content_type.substr(0, content_type.find(';'))));
  if (!type.starts_with(application)) return false;
  return type == "application/json" || type.ends_with("+json"); // observed.md OD-10
}

Response bare(int status) {
  Response response;
  response.status = status;
  response.content_type.clear();
  return response;
}

Response answer(const Route& route, Call& call) {
  const Request& request = call.request;
  if (request.body.size() > max_body) return problem(request, 413);
  if (route.has_body && !is_json(request.content_type)) return bare(415);
  if (!route.is_public && request.token_expired)
    return unauthorized(R"( error="invalid_token", error_description="The token expired")");
  if (!route.is_public && (!call.caller.service_provider || (route.needs_search && !call.caller.search)))
    return bare(403);
  if (const auto* silent = request.parameter("isSilentUpdate")) {
    call.silent = silent->empty() || same_name(*silent, "true");
    if (!call.silent && !same_name(*silent, "false"))
      return problem(request, 400,
                     {{"isSilentUpdate", "Value [" + *silent + "] is not valid for a [Boolean] property!"}});
  }
  if (const auto* user = request.parameter("endUserId"); user && !is_person(*user))
    return problem(request, 400, {{"endUserId", "'EndUserId' must be a valid person identifier."}});
  if (request.if_match.data() != nullptr) {
    call.if_match = parse_any_uuid(request.if_match);
    if (!call.if_match) return invalid_id(request, "If-Match", request.if_match);
  }
  return route.answer(call);
}

Summary summary_of(const Record& record, std::pair<std::uint32_t, std::uint32_t> counts) {
  Summary summary;
  summary.id = record.id;
  summary.revision = record.revision;
  summary.created_at = record.created_at;
  summary.updated_at = record.updated_at;
  summary.deleted_at = record.deleted_at;
  summary.party = record.party;
  summary.service_resource = *record.service_resource;
  summary.org = *record.org;
  summary.labels = &record.labels;
  auto texts = short_texts_of(*record.text);
  summary.title = std::move(texts.title);
  summary.summary = std::move(texts.summary);
  summary.extended_status = std::move(texts.extended_status);
  summary.status = record.status;
  summary.system_label = folder_of(record);
  summary.created_silently = record.created_silently;
  summary.changed_silently = record.changed_silently;
  summary.activities = record.activities;
  summary.transmissions = std::size_t{record.from_party} + record.from_service_owner;
  summary.attachments = record.attachments;
  summary.transmission_attachments = record.transmission_attachments;
  summary.creates = counts.first;
  summary.updates = counts.second;
  return summary;
}

} // namespace

std::optional<Resource> resource_by_name(std::string_view urn) {
  constexpr std::string_view prefix = "urn:altinn:resource:";
  if (!urn.starts_with(prefix)) return std::nullopt;
  auto name = lower(urn.substr(prefix.size()));
  Resource resource;
  resource.org = "digdir";
  if (name.find("correspondence") != std::string::npos || name.find("letters") != std::string::npos)
    resource.type = "correspondenceservice";
  const bool is_app = name.starts_with("app_");
  if (is_app) name.erase(0, 4);
  const auto end = name.find(is_app ? '_' : '-');
  if (end != std::string::npos && end > 0) resource.org = name.substr(0, end);
  return resource;
}

Service::Service(Surroundings surroundings, std::uint64_t seed, Behaviour behaviour)
    : surroundings_{std::move(surroundings)}
    , behaviour_{behaviour}
    , ids_{seed}
    , store_{std::make_unique<Store>()} {}

Service::~Service() = default;

Response Service::handle(const Request& request, const Caller& caller) {
  const Moment ends = std::max(request.ends_us, request.begins_us + behaviour_.write_time.count());
  Call call{request, caller, surroundings_, ids_, *store_, ends, {}, false, {}};
  bool known_path = false;
  for (const auto& route : routes) {
    if (!matches(route.path, request.path, call.arguments)) continue;
    known_path = true;
    if (route.method == request.method) return answer(route, call);
  }
  return bare(known_path ? 405 : 404);
}

std::optional<std::string> Service::dialog(const Uuid& id) const {
  const auto record = store_->find(id);
  if (!record) return std::nullopt;
  return full_answer(*record);
}

bool Service::visit(const Uuid& id, const std::function<void(const Summary&)>& visit) const {
  const auto record = store_->find(id);
  if (record) visit(summary_of(*record, store_->counts(id)));
  return record != nullptr;
}

void Service::for_each(const std::function<void(const Summary&)>& visit) const {
  for (const auto& record : store_->all())
    visit(summary_of(*record, store_->counts(record->id)));
}

std::size_t Service::size() const {
  return store_->size();
}

Response validate_only(const Request& request, const Caller& caller) {
  const auto* verb = request.parameter("verb");
  const bool creating = verb && same_name(*verb, "create");
  if (!creating && !(verb && same_name(*verb, "update")))
    return problem(request, 400, {{"verb", "'verb' must be 'create' or 'update'."}});
  const auto verdict = validate(creating ? Verb::create : Verb::update, request.body, request.now, caller);
  std::string body;
  Writer writer{body};
  writer("accepted", verdict.accepted());
  if (verdict.unreadable) writer("unreadable", true);
  if (!verdict.accepted()) {
    if (verdict.breaks) writer("breaks", true);
    if (!verdict.unreadable) {
      std::vector<std::string> fields;
      for (const auto& complaint : verdict.complaints)
        fields.push_back(complaint.key);
      std::sort(fields.begin(), fields.end());
      fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
      writer("fields", fields);
    }
    writer.raw("errors", errors_object(verdict.complaints));
  }
  writer.close();
  return ok(std::move(body));
}

} // namespace altinn_sim::dialogporten
