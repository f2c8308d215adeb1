#pragma once

#include "dialogporten/service.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

/// What the tests of the service share: requests in one line, and the bodies of dialogporten.md 7.
namespace altinn_sim::dialogporten::testing {

namespace json = boost::json;

inline Ticks ticks(std::string_view text) {
  return parse_time(text)->ticks;
}

/// A service with a clock, called like a client calls it.
class Client {
public:
  explicit Client(Caller caller = {}, Surroundings surroundings = {}, Behaviour behaviour = {})
      : service{std::move(surroundings), 1, behaviour}
      , caller{std::move(caller)} {}

  Response send(Method method, std::string path, std::string_view body = {}, std::string_view if_match = {}) {
    Request request;
    request.method = method;
    const auto mark = path.find('?');
    std::string query = mark == std::string::npos ? std::string{} : path.substr(mark + 1);
    path = "/api/v1/serviceowner" + path.substr(0, mark);
    request.path = path;
    request.query = query;
    for (std::size_t at = 0; at < query.size();) {
      const auto end = std::min(query.find('&', at), query.size());
      const auto equals = query.find('=', at);
      request.parameters.emplace_back(query.substr(at, equals - at),
                                      query.substr(equals + 1, end - equals - 1));
      at = end + 1;
    }
    request.content_type = "application/json";
    request.body = body;
    request.if_match = if_match;
    request.now = now;
    request.begins_us = request.ends_us = begins_us;
    request.register_down = register_down;
    return service.handle(request, caller);
  }

  Response post(const std::string& path, const json::value& body) {
    return send(Method::post, path, json::serialize(body));
  }

  Response put(const std::string& path, const json::value& body, std::string_view if_match = {}) {
    return send(Method::put, path, json::serialize(body), if_match);
  }

  Response get(const std::string& path) { return send(Method::get, path); }

  json::object dialog(std::string_view id) {
    const auto response = get("/dialogs/" + std::string{id});
    return response.status == 200 ? json::parse(response.body).as_object() : json::object{};
  }

  Service service;
  Caller caller;
  Ticks now = ticks("2026-09-01T10:00:00Z");
  std::int64_t begins_us = 0; ///< of the next requests
  bool register_down = false;
};

/// Text of a file of what the real server was seen to do: tests/observed/dialogporten/NAME.json.
inline json::object observed(const std::string& name) {
  std::ifstream file(std::string(OBSERVED_DIR) + "/dialogporten/" + name + ".json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).as_object();
}

inline std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

inline json::object errors(const Response& response) {
  return json::parse(response.body).as_object().at("errors").as_object();
}

inline std::string first_error(const Response& response, std::string_view key) {
  const auto all = errors(response);
  const auto* messages = all.if_contains(json::string_view{key.data(), key.size()});
  return messages ? std::string{messages->at(0).as_string()} : "no such key in " + json::serialize(all);
}

/// A service owner's token without admin.
inline Caller service_owner(std::string org = "ttd") {
  Caller caller;
  caller.admin = false;
  caller.org = std::move(org);
  return caller;
}

inline constexpr std::string_view archived_id = "0186df2d-c460-7b53-a39f-152c8fc6ef30";
inline constexpr std::string_view live_id = "01a018d1-d580-7451-a617-49c611ba0fa0";

/// dialogporten.md 7.1
inline json::object archived() {
  return json::parse(R"({"id":"0186df2d-c460-7b53-a39f-152c8fc6ef30",
 "serviceResource":"urn:altinn:resource:app_ttd_waste-report",
 "party":"urn:altinn:organization:identifier-no:310912409",
 "externalReference":"50091240/7d1f6c0e-4f0b-4d0e-9a57-2f4f3a1c9b10",
 "progress":100,"extendedStatus":"archived",
 "createdAt":"2023-03-14T08:12:44Z","updatedAt":"2023-03-20T11:02:10Z",
 "dueAt":"2023-04-01T00:00:00Z","status":"Completed","systemLabel":"Archive",
 "serviceOwnerContext":{"serviceOwnerLabels":[
   {"value":"urn:altinn:integration:storage:50091240/7d1f6c0e-4f0b-4d0e-9a57-2f4f3a1c9b10"},
   {"value":"migration:wave-07"}]},
 "content":{
   "title":{"value":[{"value":"Avfallsrapport 2022","languageCode":"nb"},{"value":"Waste report 2022","languageCode":"en"}]},
   "summary":{"value":[{"value":"Innsendingen er mottatt.","languageCode":"nb"}]},
   "extendedStatus":{"value":[{"value":"Arkivert","languageCode":"nb"}]}},
 "searchTags":[{"value":"waste"},{"value":"2022"}],
 "transmissions":[{"id":"0186feaf-0b50-7234-a935-94e7b9c6fc9a","createdAt":"2023-03-20T11:02:10Z",
   "type":"Submission","externalReference":"submission-1",
   "sender":{"actorType":"PartyRepresentative","actorName":"Kari Eksempel"},
   "content":{"title":{"value":[{"value":"Innsendt skjema","languageCode":"nb"}]}},
   "attachments":[{"id":"0186feaf-0b50-7232-83a6-ab17e025031b","name":"receipt",
     "displayName":[{"value":"Kvittering.pdf","languageCode":"nb"}],
     "urls":[{"url":"https://ttd.apps.altinn.no/ttd/waste-report/instances/50091240/7d1f6c0e-4f0b-4d0e-9a57-2f4f3a1c9b10/data/1",
              "mediaType":"application/pdf","consumerType":"Gui"}]}]}],
 "guiActions":[{"id":"0186df2d-c460-79c7-af85-229c5d3a626b","action":"read","priority":"Primary",
     "url":"https://ttd.apps.altinn.no/ttd/waste-report/instance/50091240",
     "title":[{"value":"Se innsendt skjema","languageCode":"nb"}]},
   {"id":"0186df2d-c460-7345-b1da-cafb9afbfd78","action":"delete","priority":"Secondary","isDeleteDialogAction":true,
     "httpMethod":"DELETE","authorizationAttribute":"urn:altinn:task:Task_1",
     "url":"https://ttd.apps.altinn.no/ttd/waste-report/instance/50091240/delete",
     "title":[{"value":"Slett","languageCode":"nb"}],"prompt":[{"value":"Slette skjemaet?","languageCode":"nb"}]}],
 "apiActions":[{"id":"0186df2d-c460-76ee-a247-6a612c42dbe9","action":"read","name":"instance",
   "endpoints":[{"url":"https://ttd.apps.altinn.no/ttd/waste-report/api","httpMethod":"GET","version":"v1"}]}],
 "activities":[{"id":"0186df2d-c460-7d47-b0ed-133ef4361aeb","type":"DialogCreated","createdAt":"2023-03-14T08:12:44Z",
     "performedBy":{"actorType":"PartyRepresentative","actorName":"Kari Eksempel"}},
   {"id":"0186feaf-0b50-71cf-814d-253207c4afa6","type":"FormSubmitted","createdAt":"2023-03-20T11:02:10Z",
     "performedBy":{"actorType":"PartyRepresentative","actorName":"Kari Eksempel"}}]})")
      .as_object();
}

/// dialogporten.md 7.2
inline json::object correspondence() {
  return json::parse(R"({"id":"017cdf57-1a40-7788-903e-e15318fcd2af","idempotentKey":"corr-2021-000118",
 "serviceResource":"urn:altinn:resource:ttd-letters-2021",
 "party":"urn:altinn:person:identifier-no:02886430348",
 "createdAt":"2021-11-02T06:30:00Z","updatedAt":"2021-11-03T17:45:09Z","status":"NotApplicable",
 "serviceOwnerContext":{"serviceOwnerLabels":[{"value":"urn:altinn:correspondence-id:3c1d5b52-7d0e-4e4b-9a43-0d7c7a55f001"}]},
 "content":{
   "title":{"value":[{"value":"Vedtak om tilskudd","languageCode":"nb"}],"mediaType":"text/plain"},
   "senderName":{"value":[{"value":"Testdepartementet","languageCode":"nb"}]},
   "additionalInfo":{"value":[{"value":"<p>Se <a href=\"https://example.no/vedtak\">vedtaket</a>.</p>","languageCode":"nb"}],"mediaType":"text/html"},
   "mainContentReference":{"value":[{"value":"https://letters.example.no/118","languageCode":"nb"}],
     "mediaType":"application/vnd.dialogporten.frontchannelembed-url;type=text/html"}},
 "activities":[{"id":"017ce6e7-9488-73d1-8914-7ac221f0abf0","type":"CorrespondenceOpened","createdAt":"2021-11-03T17:45:09Z",
   "performedBy":{"actorType":"PartyRepresentative","actorId":"urn:altinn:person:identifier-no:02886430348"}}]})")
      .as_object();
}

/// dialogporten.md 7.3
inline json::object live() {
  return json::parse(R"({"id":"01a018d1-d580-7451-a617-49c611ba0fa0","idempotentKey":"case-2026-4711",
 "serviceResource":"urn:altinn:resource:ttd-case-handling",
 "party":"urn:altinn:organization:identifier-no:310955604",
 "status":"RequiresAttention","progress":40,"process":"urn:example:process:4711",
 "dueAt":"2031-05-01T12:00:00+02:00","expiresAt":"2032-01-01T00:00:00Z",
 "serviceOwnerContext":{"serviceOwnerLabels":[{"value":"sync:live"}]},
 "content":{"title":{"value":[{"value":"Mangler i søknad","languageCode":"nb"}]},
   "additionalInfo":{"value":[{"value":"Se **frist**.","languageCode":"nb"}],"mediaType":"text/markdown"}},
 "transmissions":[
   {"id":"01a018d1-d580-7c01-9f96-d0624e9f5793","idempotentKey":"t-1","type":"Submission","createdAt":"2026-08-19T07:00:00Z",
    "sender":{"actorType":"PartyRepresentative","actorName":"Ola Eksempel"},
    "content":{"title":{"value":[{"value":"Søknad","languageCode":"nb"}]}}},
   {"id":"01a01df8-3180-7bd3-aaa1-65cde4c8781a","idempotentKey":"t-2","type":"Rejection","createdAt":"2026-08-20T07:00:00Z",
    "relatedTransmissionId":"01a018d1-d580-7c01-9f96-d0624e9f5793","sender":{"actorType":"ServiceOwner"},
    "content":{"title":{"value":[{"value":"Mangler","languageCode":"nb"}]}}}],
 "guiActions":[{"id":"01a018d1-d580-7734-b227-541bfe5750fd","action":"write","priority":"Primary",
   "url":"https://case.example.no/4711","title":[{"value":"Rett opp","languageCode":"nb"}]}],
 "activities":[{"type":"Information","performedBy":{"actorType":"ServiceOwner"},
   "description":[{"value":"Saken er opprettet.","languageCode":"nb"}]}]})")
      .as_object();
}

} // namespace altinn_sim::dialogporten::testing
