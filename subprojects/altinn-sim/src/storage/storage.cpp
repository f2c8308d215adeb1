#include "storage.hpp"

#include "answers.hpp"
#include "record_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <span>

namespace altinn_sim::storage {

namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) out.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return out;
}

/// "party/guid", or the guid alone, as the path has it.
std::string joined(std::span<const std::string_view> path) {
  std::string out(path[1]);
  if (path.size() > 2) out.append("/").append(path[2]);
  return out;
}

std::string not_found(std::string_view guid) {
  return "Unable to find instance " + std::string(guid);
}

/// The strings in body.values; empty optional where the member is missing, an empty text for null.
std::optional<DataValues> values_in(std::string_view body) {
  boost::system::error_code error;
  const auto json = boost::json::parse({body.data(), body.size()}, error);
  if (error || !json.is_object()) return {};
  const auto* values = json.get_object().if_contains("values");
  if (values == nullptr || !values->is_object()) return {};
  DataValues out;
  for (const auto& [key, value] : values->get_object()) {
    if (value.is_string()) out.emplace_back(key, value.get_string());
  }
  return out;
}

Ticks time_parameter(const Request& request, std::string_view name, bool& bad) {
  const auto* value = request.parameter(name);
  if (value == nullptr || value->empty()) return no_time;
  const auto time = parse_time(*value);
  bad = bad || !time;
  return time.value_or(no_time);
}

bool two_letters(std::string_view language) {
  return language.size() == 2 && std::all_of(language.begin(), language.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
         });
}

/// What Storage does to an instance at the owner's wish; the record is there.
Change owners_change(ChangeKind kind, Guid instance, Ticks now) {
  Change out;
  out.kind = kind;
  out.instance = instance;
  out.now = now;
  out.by_owner = true;
  return out;
}

} // namespace

// -- routes -----------------------------------------------------------------------------

Response Storage::handle(const Request& request) const {
  world_.imports().catch_up(request.now);
  const auto path = parts_of(request.path);
  if (path.empty()) return empty_answer(404);
  if (path[0] == "instances") return instances(request, path);
  if (path[0] == "applications" && request.method == Method::get) return applications(request, path);
  if (path[0] == "sbl" && path.size() >= 4 && path[1] == "instances") return switchboard(request, path);
  return empty_answer(404);
}

Response Storage::instances(const Request& request, const Path& path) const {
  const bool get = request.method == Method::get;
  if (path.size() == 1) return get ? list(request) : empty_answer(405);
  if (path.size() <= 3 && get) return instance(path);
  if (path.size() == 4 && path[3] == "events" && get) return events(request, path[2]);
  if (path.size() == 4 && path[3] == "datavalues" && request.method == Method::put) {
    return set_data_values(request, path[2]);
  }
  return empty_answer(path.size() == 4 ? 405 : 404);
}

Response Storage::applications(const Request&, const Path& path) const {
  switch (path.size()) {
  case 1: return application_list({});
  case 2: return application_list(path[1]);
  case 3: return application(path[1], path[2]);
  default: break;
  }
  if (path.size() == 5 && path[3] == "texts") return texts(path[1], path[2], path[4]);
  return empty_answer(404);
}

Response Storage::switchboard(const Request& request, const Path& path) const {
  if (path.size() == 4 && request.method == Method::del) return remove(request, path[3]);
  if (path.size() == 5 && path[4] == "undelete" && request.method == Method::put)
    return bring_back(request, path[3]);
  return empty_answer(404);
}

// -- one instance ---------------------------------------------------------------------------

Response Storage::instance(const Path& path) const {
  const auto guid = parse_guid(path.back());
  if (!guid) return empty_answer(404);
  Record record;
  if (!world_.find(*guid, record)) {
    world_.imports().note_absence(*guid);
    return text_answer(404, not_found(path.back()));
  }
  if (record.unreadable)
    return text_answer(404, not_found(joined(path)) + ": " + std::string(unreadable_row));
  std::string body;
  append_instance(body, record, {world_.options().hostname, true, true});
  return json_answer(std::move(body));
}

Response Storage::events(const Request& request, std::string_view guid_text) const {
  bool bad = false;
  const auto from = time_parameter(request, "from", bad);
  const auto to = time_parameter(request, "to", bad);
  if (bad) return text_answer(400, "from and to must be date-times");
  std::vector<std::string> types;
  for (const auto& [name, value] : request.parameters) {
    if (name == "eventTypes") types.push_back(value);
  }
  const auto guid = parse_guid(guid_text);
  Record record;
  if (!guid || !world_.find(*guid, record)) return json_answer(R"({"instanceEvents":[]})");
  world_.late_events().hold_back(record, request.now);
  std::string body;
  append_events(body, record, {types, from, to, request.now, turn_++});
  return json_answer(std::move(body));
}

Response Storage::set_data_values(const Request& request, std::string_view guid_text) const {
  const auto values = values_in(request.body);
  if (!values) return text_answer(400, "Missing parameter value: values is misformed or empty");
  const auto guid = parse_guid(guid_text);
  Record record;
  if (!guid || !world_.find(*guid, record) || record.unreadable) return problem_details(500);
  // An empty value ought to remove its key, but never does: the merge in the database keeps keys.
  DataValues kept;
  std::copy_if(values->begin(), values->end(), std::back_inserter(kept),
               [](const auto& one) { return !one.second.empty(); });
  if (!changes_.write_data_values(*guid, kept) || !world_.find(*guid, record)) return problem_details(500);
  std::string body;
  append_instance(body, record, {world_.options().hostname, true, true});
  return json_answer(std::move(body));
}

Response Storage::remove(const Request& request, std::string_view guid_text) const {
  const auto guid = parse_guid(guid_text);
  Record record;
  if (!guid || !world_.find(*guid, record))
    return plain_answer(404, "Didn't find the object that should be deleted.");
  if (record.application == nullptr) return plain_answer(404, "Unable to find application " + record.app_id);
  const auto free_from = record.archived_at + record.application->keep_days * whole_day;
  if (record.archived && request.now < free_from) {
    return plain_answer(403, "The instance cannot be deleted before " + day_text(day_of(free_from)));
  }
  const auto* hard = request.parameter("hard");
  const bool for_good = record.hard_deleted || (hard != nullptr && (*hard == "true" || *hard == "True"));
  changes_.apply(owners_change(for_good ? ChangeKind::erase : ChangeKind::remove, *guid, request.now));
  return json_answer("true");
}

Response Storage::bring_back(const Request& request, std::string_view guid_text) const {
  const auto guid = parse_guid(guid_text);
  Record record;
  if (!guid || !world_.find(*guid, record)) return plain_answer(404, not_found(guid_text));
  if (record.hard_deleted)
    return plain_answer(404, "Instance was permanently deleted and cannot be restored.");
  if (!record.soft_deleted) return json_answer("true");
  changes_.apply(owners_change(ChangeKind::bring_back, *guid, request.now));
  return json_answer("true");
}

// -- applications and texts -------------------------------------------------------------------

Response Storage::application_list(std::string_view org) const {
  if (org.find_first_of("- ") != std::string_view::npos)
    return text_answer(400, "Application owner id is not valid.");
  std::string body;
  {
    JsonMembers json(body);
    JsonElements list(json.value("applications"));
    for (const auto* application : world_.applications()) {
      if (org.empty() || application->org == org) append_application(list.next(), *application);
    }
  }
  return json_answer(std::move(body));
}

Response Storage::application(std::string_view org, std::string_view app) const {
  const auto* found = world_.application(std::string(org) + "/" + std::string(app));
  if (found == nullptr)
    return text_answer(404, "Didn't find application with id " + std::string(org) + "/" + std::string(app));
  std::string body;
  append_application(body, *found);
  return json_answer(std::move(body));
}

Response Storage::texts(std::string_view org, std::string_view app, std::string_view language) const {
  if (!two_letters(language)) return text_answer(400, "The language code must be two letters.");
  const auto* found = world_.application(std::string(org) + "/" + std::string(app));
  const auto* texts = found == nullptr ? nullptr : found->texts_in(language);
  if (texts == nullptr) return problem_details(404);
  std::string body;
  append_texts(body, *found, *texts);
  return json_answer(std::move(body));
}

} // namespace altinn_sim::storage
