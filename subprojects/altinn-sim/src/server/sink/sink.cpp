#include "sink.hpp"

#include "digits.hpp"
#include "page.hpp"
#include "people.hpp"
#include "target.hpp"
#include "texts.hpp"

#include <algorithm>
#include <cstring>

namespace altinn_sim::sink {

namespace {

constexpr std::string_view instances_base = "/storage/api/v1/instances";
constexpr std::string_view dialogs_base = "/dialogporten/api/v1/serviceowner/dialogs";
constexpr std::string_view json_type = "Content-Type: application/json; charset=utf-8\r\n";
constexpr std::size_t id_size = 36;
/// What stands for a dialog whose id was not found at the start of the body.
constexpr std::string_view some_id = "0196f3c1-7d20-7abc-9def-0123456789ab";

std::string ok(std::string_view body) {
  return with_head("200 OK", json_type, body, body.size());
}

/// A complete answer around a template; its gaps make the length differ from the source's.
Piece ok_piece(std::string_view body) {
  return Piece(with_head("200 OK", json_type, body, Piece(body).size()));
}

int append_plain(std::string& out, int status, std::string_view line, std::string_view body = {}) {
  out += with_head(line, body.empty() ? std::string_view() : json_type, body, body.size());
  return status;
}

int append_no_content(std::string& out) {
  out += "HTTP/1.1 204 No Content\r\nEtag: 5f0d7c1e-0000-4000-8000-000000000001\r\n\r\n";
  return 204;
}

int append_not_found(std::string& out) {
  return append_plain(out, 404, "404 Not Found", R"({"title":"Resource not found.","status":404})");
}

std::string_view without_query(std::string_view target) {
  return target.substr(0, target.find('?'));
}

bool starts_with(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// The guid in "/{partyId}/{guid}…" or "/{guid}…", below the instances' base.
std::string_view guid_in(std::string_view path) {
  const auto slash = path.find('/', 1);
  const bool with_party = slash <= id_size; // npos is not
  return path.substr(std::min(path.size(), with_party ? slash + 1 : 1)).substr(0, id_size);
}

std::size_t endpoint_of(Method method, std::string_view path) {
  return route_of(method, path).endpoint;
}

std::string joined_applications(const std::vector<std::string>& all) {
  std::string json = R"({"applications":[)";
  for (const auto& each : all) {
    if (json.back() == '}') json += ',';
    json += each;
  }
  return json += "]}";
}

} // namespace

Sink::Sink(History::Extent extent, const Messages* messages)
    : history_(extent)
    , messages_(messages)
    , events_(ok_piece(events_json()))
    , no_events_(ok_piece(R"({"instanceEvents":[]})"))
    , created_(with_head("201 Created",
                         std::string(json_type) + "Etag: 5f0d7c1e-0000-4000-8000-000000000001\r\n",
                         R"("@id@")", id_size + 2))
    , party_(party_json())
    , user_(user_json())
    , events_endpoint_(endpoint_of(Method::get, "/storage/api/v1/instances/1/2/events"))
    , create_endpoint_(endpoint_of(Method::post, dialogs_base))
    , list_endpoint_(endpoint_of(Method::get, instances_base)) {
  std::vector<std::string> applications;
  for (std::uint64_t index = 0; index < extent.organisations; ++index) {
    auto code = organisation_code(index);
    auto application = application_json(code);
    auto instance = instance_json(code);
    owners_.push_back({code, Piece(instance), ok_piece(instance), Piece(dialog_json(code)), ok(application),
                       ok(joined_applications({application}))});
    applications.push_back(std::move(application));
  }
  all_applications_ = ok(joined_applications(applications));
}

const Sink::Owner* Sink::owner(std::string_view code) const {
  auto found =
      std::find_if(owners_.begin(), owners_.end(), [&](const Owner& each) { return each.code == code; });
  return found == owners_.end() ? nullptr : &*found;
}

void Sink::fill_people(History::Number number, Fields& fields) const {
  auto party = history_.bits(number, 3) % parties;
  write_decimal(fields.party.data(), first_party + party, 8);
  write_organisation_number(party, fields.number.data());
  write_decimal(fields.user.data(), first_user + history_.bits(number, 4) % users, 8);
}

/// A dialog has the times of its instance to the microsecond, and its id out of both (M-40).
Fields Sink::dialog_fields_of(History::Number number) const {
  constexpr std::int64_t ticks_per_us = 10;
  constexpr std::int64_t ticks_per_ms = 10'000;
  constexpr std::ptrdiff_t random_part = 15; ///< of an id: behind its time and version
  auto fields = fields_of(number);
  const auto created = history_.created_ticks(number);
  write_time(fields.made.data(), created / ticks_per_us * ticks_per_us, 7);
  write_time(fields.updated.data(), history_.changed_us(number) * ticks_per_us, 7);
  const auto ms = static_cast<std::uint64_t>(created / ticks_per_ms);
  auto* id = fields.dialog.data();
  write_hex(id, ms >> 16U, 8);
  id[8] = '-';
  write_hex(id + 9, ms, 4);
  id[13] = '-';
  id[14] = '7';
  std::copy(fields.id.begin() + random_part, fields.id.end(), id + random_part);
  return fields;
}

Fields Sink::fields_of(History::Number number) const {
  Fields fields;
  history_.write_id(number, fields.id.data());
  write_time(fields.created.data(), history_.created_ticks(number), 7);
  write_time(fields.changed.data(), history_.changed_us(number) * 10, 6);
  fill_people(number, fields);
  return fields;
}

int Sink::answer(const Incoming& request, std::string& out, std::size_t& endpoint) const {
  auto path = without_query(request.target);
  if (request.method == "GET" && starts_with(path, instances_base)) {
    auto below = path.substr(instances_base.size());
    if (ends_with(below, "/events")) {
      endpoint = events_endpoint_;
      return events(below, out);
    }
  } else if (request.method == "POST" && path == dialogs_base) {
    endpoint = create_endpoint_;
    return create(request.body, out);
  } else if (messages_ != nullptr) {
    if (const int status = messages_->answer(request, path, out, endpoint)) return status;
  }
  return other(request, out, endpoint);
}

int Sink::events(std::string_view path, std::string& out) const {
  auto number = history_.number_of(guid_in(path));
  if (number) {
    events_.append_to(out, fields_of(*number));
  } else {
    no_events_.append_to(out, {});
  }
  return 200;
}

int Sink::create(std::string_view body, std::string& out) const {
  constexpr std::string_view mark = R"("id":")";
  constexpr std::size_t looked_through = 256;
  auto found = body.substr(0, looked_through).find(mark);
  bool whole = found != std::string_view::npos && body.size() >= found + mark.size() + id_size;
  auto id = whole ? body.substr(found + mark.size(), id_size) : some_id;
  Fields fields;
  std::copy(id.begin(), id.end(), fields.id.begin());
  created_.append_to(out, fields);
  return 201;
}

int Sink::other(const Incoming& incoming, std::string& out, std::size_t& endpoint) const {
  auto target = split_target(incoming.target);
  auto method = method_named(incoming.method);
  auto route = route_of(method, target.path);
  endpoint = route.endpoint;
  if (route.api == Api::control) return 0;
  if (endpoint == list_endpoint_) {
    Request request;
    request.query = target.query;
    request.parameters = std::move(target.parameters);
    return list(request, out);
  }
  if (route.api == Api::register_ && method == Method::post) return lookup(incoming.body, out);
  if (route.api == Api::dialogporten) {
    Request request;
    request.parameters = std::move(target.parameters);
    return dialogs(method, route.path, request, out);
  }
  if (route.api == Api::storage && starts_with(route.path, "/applications"))
    return applications(route.path, out);
  if (route.api == Api::storage && starts_with(route.path, "/instances/")) {
    return instance(route.path.substr(std::string_view("/instances").size()), out);
  }
  return append_not_found(out);
}

int Sink::list(const Request& request, std::string& out) const {
  const auto* org = request.parameter("org");
  const auto* owner = org == nullptr ? nullptr : this->owner(*org);
  if (owner == nullptr) {
    return append_plain(out, 200, "200 OK", R"({"count":0,"self":null,"next":null,"instances":[]})");
  }
  auto organisation = static_cast<std::uint64_t>(owner - owners_.data());
  auto page = page_of(history_, organisation, request);
  if (!page) return append_plain(out, 500, "500 Internal Server Error", R"("The query cannot be read.")");
  std::string envelope = R"({"count":)" + std::to_string(page->count) + R"(,"self":null,"next":)";
  if (page->full) {
    auto last = page->rank(page->count - 1);
    envelope += '"' +
                next_page(request, "https://platform.tt02.altinn.no", "/storage/api/v1/instances?",
                          history_.changed_us({organisation, last}) * 10, last) +
                '"';
  } else {
    envelope += "null";
  }
  envelope += R"(,"instances":[)";
  auto commas = page->count == 0 ? 0 : page->count - 1;
  auto size = envelope.size() + page->count * owner->instance.size() + commas + 2;
  out.reserve(out.size() + size + 256);
  out += with_head("200 OK", json_type, envelope, size);
  for (std::uint64_t row = 0; row < page->count; ++row) {
    if (row > 0) out += ',';
    owner->instance.append_to(out, fields_of({organisation, page->rank(row)}));
  }
  out += "]}";
  return 200;
}

/// The dialogs of the first organisation, whose token everybody is taken to have: those of its instances, all
/// of them carried.
int Sink::search(const Request& request, std::string& out) const {
  const auto page = search_of(history_, 0, request);
  if (!page)
    return append_plain(out, 400, "400 Bad Request",
                        R"({"title":"One or more validation errors occurred.","status":400})");
  const auto& dialog = owners_.front().dialog;
  std::string tail = R"(],"hasNextPage":)";
  tail += page->more ? "true" : "false";
  if (page->count > 0) {
    const auto last = dialog_fields_of({0, page->rank(page->count - 1)});
    tail.append(R"(,"continuationToken":"updatedat_)").append(last.updated.data(), last.updated.size());
    tail.append(",id_").append(last.dialog.data(), last.dialog.size()).append("\"");
  }
  tail += R"(,"orderBy":"updatedat_desc,id_desc"})";
  constexpr std::string_view begin = R"({"items":[)";
  const auto commas = page->count == 0 ? 0 : page->count - 1;
  const auto size = begin.size() + page->count * dialog.size() + commas + tail.size();
  out.reserve(out.size() + size + 256);
  out += with_head("200 OK", json_type, begin, size);
  for (std::uint64_t row = 0; row < page->count; ++row) {
    if (row > 0) out += ',';
    dialog.append_to(out, dialog_fields_of({0, page->rank(row)}));
  }
  out += tail;
  return 200;
}

int Sink::instance(std::string_view path, std::string& out) const {
  auto number = history_.number_of(guid_in(path));
  if (!number) return append_not_found(out);
  owners_[number->organisation].instance_answer.append_to(out, fields_of(*number));
  return 200;
}

int Sink::applications(std::string_view path, std::string& out) const {
  std::array<std::string_view, 5> segments; // "applications", org, app, "texts", language
  for (auto& segment : segments) {
    if (path.empty()) break;
    auto end = std::min(path.find('/', 1), path.size());
    segment = path.substr(1, end - 1);
    path.remove_prefix(end);
  }
  const auto& [base, org, app, texts, language] = segments;
  if (org.empty()) return out += all_applications_, 200;
  const auto* found = owner(org);
  if (app.empty()) {
    if (found == nullptr) return append_plain(out, 200, "200 OK", R"({"applications":[]})");
    return out += found->applications_answer, 200;
  }
  if (found == nullptr || app != app_name) return append_not_found(out);
  if (texts.empty()) return out += found->application_answer, 200;
  if (language != "nb" && language != "nn" && language != "en") return append_not_found(out);
  return out += ok(texts_json(org, language)), 200;
}

int Sink::lookup(std::string_view body, std::string& out) const {
  constexpr std::string_view party_urn = "urn:altinn:party:id:";
  constexpr std::string_view user_urn = "urn:altinn:user:id:";
  constexpr std::string_view party_uuid = "urn:altinn:party:uuid:5b8f2a10-0000-4000-8000-0000";
  constexpr std::string_view user_uuid = "urn:altinn:party:uuid:6c9a3b21-0000-4000-8000-0000";
  struct Name {
    std::string_view begin;
    bool is_party;
  };
  constexpr std::array names{Name{party_urn, true}, Name{user_urn, false}, Name{party_uuid, true},
                             Name{user_uuid, false}};
  std::string json = R"({"data":[)";
  for (auto at = body.find("urn:"); at != std::string_view::npos; at = body.find("urn:", at + 4)) {
    auto urn = body.substr(at);
    const auto* name =
        std::find_if(names.begin(), names.end(), [&](const Name& it) { return starts_with(urn, it.begin); });
    if (name == names.end()) continue;
    const bool party = name->is_party;
    auto digits = urn.substr(name->begin.size(), 8);
    if (digits.size() < 8 || digits.find_first_not_of("0123456789") != std::string_view::npos) continue;
    Fields fields;
    auto id = std::stoull(std::string(digits));
    std::copy(digits.begin(), digits.end(), party ? fields.party.begin() : fields.user.begin());
    write_organisation_number(id % parties, fields.number.data());
    write_person_number(id % users, fields.person.data());
    if (json.back() == '}') json += ',';
    (party ? party_ : user_).append_to(json, fields);
  }
  return append_plain(out, 200, "200 OK", json += "]}");
}

int Sink::dialogs(Method method, std::string_view path, const Request& request, std::string& out) const {
  if (method == Method::get && path == "/api/v1/serviceowner/dialogs") return search(request, out);
  return method == Method::get ? append_not_found(out) : append_no_content(out);
}

} // namespace altinn_sim::sink
