#pragma once

#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

/// What the tests of Correspondence share: the service with a Dialogporten behind it, on a clock of its own.
namespace altinn_sim::correspondence::testing {

namespace json = boost::json;

inline json::value file(const std::string& path) {
  std::ifstream stream(path);
  return json::parse(std::string{std::istreambuf_iterator<char>(stream), {}});
}

/// What the real server was seen to do: tests/observed/correspondence/NAME.json.
inline json::object observed(const std::string& name) {
  return file(std::string(SIM_TESTS_DIR) + "/observed/correspondence/" + name + ".json").as_object();
}

/// A composed body: tests/fixtures/correspondence/NAME.json.
inline json::object fixture(const std::string& name) {
  return file(std::string(SIM_TESTS_DIR) + "/fixtures/correspondence/" + name + ".json").as_object();
}

/// A write of the service at Dialogporten.
struct Write {
  std::string method;
  std::string path; ///< below "/dialogs", with its query
  json::value body;
  int status = 0;
};

inline constexpr std::string_view reader = "b7c1d0aa-5e7f-4c39-8d21-334455667788";
inline constexpr std::string_view reader_urn = "urn:altinn:person:identifier-no:15889040057";

/// Jobs are done in order, each at once.
inline Behaviour in_order() {
  Behaviour behaviour;
  behaviour.jobs.workers = 1;
  behaviour.jobs.time = {};
  return behaviour;
}

class World {
public:
  explicit World(const Behaviour& behaviour = in_order(), std::chrono::microseconds write_time = {})
      : dialogporten({}, 1, {write_time})
      , service(surroundings(), 7, behaviour) {
    caller.correspondence = true;
    parties[std::string{reader}] = {std::string{reader_urn}, "KARI NORDMANN", ""};
  }

  /// The answer at once, with the work that is left of it.
  Response begin(const std::string& path, const json::value& body) {
    bodies.push_back(json::serialize(body));
    Request request = this->request("/migration/" + path, "application/json");
    request.body = bodies.back();
    request.behind = behind;
    return service.handle(request);
  }

  Response post(const std::string& path, const json::value& body) {
    auto response = begin(path, body);
    finish(response, [this](std::chrono::microseconds time) { rest(time); });
    return response;
  }

  json::object answer(const std::string& path, const json::value& body) {
    const auto response = post(path, body);
    return response.status == 200 ? json::parse(response.body).as_object()
                                  : json::object{{"status", response.status}};
  }

  /// M1 with a query and so many bytes; `md5` where the bytes are not kept.
  Response upload(const json::object& query, std::uint64_t size, std::string_view md5 = {}) {
    Request request = this->request("/migration/attachment", content_type);
    for (const auto& [name, value] : query)
      request.parameters.emplace_back(name, value.is_string() ? json::value_to<std::string>(value)
                                                              : json::serialize(value));
    bodies.emplace_back(md5.empty() ? size : 0, 'x');
    request.body = bodies.back();
    request.body_size = size;
    request.body_md5 = md5;
    request.has_length = has_length;
    return service.handle(request);
  }

  /// M3 for one id: its entry in the answer.
  json::object publish(std::string_view id) {
    const auto response = post("makemigratedcorrespondenceavailable", {{"correspondenceId", id}});
    return json::parse(response.body).at("statuses").at(0).as_object();
  }

  /// M2: the id.
  std::string migrate(const json::object& body) {
    const auto text = answer("correspondence", body);
    const auto* id = text.if_contains("correspondenceId");
    return id ? json::value_to<std::string>(*id) : "status " + json::serialize(text);
  }

  void rest(std::chrono::microseconds time) {
    steady += time.count();
    now += time.count() * 10;
    service.run_jobs(steady);
  }

  /// Lets time go by until no job is left.
  void let_jobs_end() {
    for (auto next = service.run_jobs(steady); next; next = service.run_jobs(steady))
      rest(std::chrono::microseconds(*next - steady));
  }

  json::object dialog(std::string_view id) {
    const auto uuid = dialogporten::parse_uuid(id);
    const auto text = uuid ? dialogporten.dialog(*uuid) : std::nullopt;
    return text ? json::parse(*text).as_object() : json::object{};
  }

  /// "Default", "Bin" or "Archive" of a dialog that is there.
  std::string label(std::string_view id) { return json::value_to<std::string>(dialog(id).at("systemLabel")); }

  Response at_dialogporten(Method method, const std::string& path, std::string_view body = {}) {
    const auto whole = "/api/v1/serviceowner/dialogs" + path;
    Request request = this->request(whole, "application/json");
    request.method = method;
    request.body = body;
    return dialogporten.handle(request, caller);
  }

  Record record(std::string_view id) { return *service.find(*dialogporten::parse_uuid(id)); }

  dialogporten::Service dialogporten;
  dialogporten::Caller caller;
  std::map<std::string, std::optional<Party>> parties;
  std::map<std::int64_t, Party> users;
  std::set<std::string> unknown_urns;
  std::map<std::int64_t, Uuid> correspondence_ids;
  std::map<std::string, Uuid> attachment_ids;
  std::vector<Write> writes;
  Ticks now = dialogporten::parse_time("2026-02-05T12:00:00Z")->ticks;
  Moment steady = 0;
  Behind behind = Behind::nothing;
  std::string content_type = "application/octet-stream";
  bool has_length = true;
  Service service;

private:
  Request request(std::string_view path, std::string_view type) {
    Request request;
    request.method = Method::post;
    request.path = paths.emplace_back(path);
    request.content_type = type;
    request.now = now;
    request.begins_us = request.ends_us = steady;
    return request;
  }

  Response door(const Request& request) {
    auto answer = dialogporten.handle(request, caller);
    if (request.method == Method::get) return answer;
    constexpr std::string_view names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    constexpr std::string_view base = "/api/v1/serviceowner/dialogs";
    auto path = std::string{request.path.substr(base.size())};
    if (!request.query.empty()) path += '?' + std::string{request.query};
    writes.push_back({std::string{names[static_cast<std::size_t>(request.method)]}, path,
                      request.body.empty() ? json::value(nullptr)
                                           : json::parse({request.body.data(), request.body.size()}),
                      answer.status});
    return answer;
  }

  Surroundings surroundings() {
    Surroundings around;
    around.dialogporten = [this](const Request& request) { return door(request); };
    around.party = [this](const Uuid& id) {
      const auto found = parties.find(to_string(id));
      return found == parties.end() ? std::nullopt : found->second;
    };
    around.user = [this](std::int64_t id) {
      const auto found = users.find(id);
      return found == users.end() ? std::nullopt : std::optional(found->second);
    };
    around.knows_urn = [this](std::string_view urn) { return !unknown_urns.contains(std::string{urn}); };
    around.now = [this] { return now; };
    around.steady = [this] { return steady; };
    around.correspondence_id = [this](std::int64_t id) {
      const auto found = correspondence_ids.find(id);
      return found == correspondence_ids.end() ? std::nullopt : std::optional(found->second);
    };
    around.attachment_id = [this](std::string_view id) {
      const auto found = attachment_ids.find(std::string{id});
      return found == attachment_ids.end() ? std::nullopt : std::optional(found->second);
    };
    return around;
  }

  std::deque<std::string> bodies; ///< what requests point into
  std::deque<std::string> paths;
};

/// A plain record as M2 takes it, published in Altinn 2, its events changed as asked.
inline json::object message(std::int64_t altinn2_id) {
  auto body = observed("m2-blank-texts").at("input").as_object();
  body["altinn2CorrespondenceId"] = altinn2_id;
  body.at("correspondenceData").at("correspondence").at("content").as_object()["messageBody"] =
      "<p>Se vedlagt vedtak.</p>";
  return body;
}

inline json::object event(std::string_view status, std::string_view at, std::string_view party = reader) {
  return {{"status", status}, {"statusText", ""}, {"statusChanged", at}, {"eventUserPartyUuid", party}};
}

inline json::object sync(std::string_view id, std::string_view member, json::array events) {
  return {{"correspondenceId", id}, {member, std::move(events)}};
}

inline json::object& content_of(json::object& message) {
  return message.at("correspondenceData").at("correspondence").at("content").as_object();
}

inline json::object& data_of(json::object& message) {
  return message.at("correspondenceData").at("correspondence").as_object();
}

} // namespace altinn_sim::correspondence::testing
