#include "messages.hpp"

#include <dialogferry/mapping/correspondence_bundle.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace messages {

json::value bundle() {
  return json::parse(R"({"kind":"correspondence","correspondence":{
    "altinn2CorrespondenceId":81386112,"created":"2021-09-19T08:10:03.25Z","partyId":51515037,
    "correspondenceData":{"recipients":["urn:altinn:organization:identifier-no:310555002"],"correspondence":{
      "resourceId":"krt-migratedcorrespondence-1574-3","sender":"urn:altinn:organization:identifier-no:318258708",
      "sendersReference":"REF-616840","requestedPublishTime":"2021-09-19T08:15:00Z",
      "content":{"language":"nb","messageTitle":"Vedtak","messageSummary":"Les.","messageBody":"<p>Hei</p>"}}},
    "attachments":[],"eventHistory":[],"notificationHistory":[],"forwardingHistory":[]},
    "correspondence_id":"01935059-cb6d-7b27-89d2-017795f6aa0b","attachment_ids":{},
    "parties":{"b7c1d0aa-5e7f-4c39-8d21-334455667788":"urn:altinn:person:identifier-no:14915734775"},
    "names":{"b7c1d0aa-5e7f-4c39-8d21-334455667788":"KARI NORDMANN"},"usernames":{},
    "previous":null,"existing":null,"is_migration":true,"now":"2026-02-05T12:00:00Z"})");
}

json::value carried() {
  auto value = bundle();
  set(value, "/previous", value.at("correspondence"));
  return value;
}

void set_json(json::value& bundle, const std::string& pointer, json::value value) {
  const auto slash = pointer.rfind('/');
  auto& parent = slash == 0 ? bundle : bundle.at_pointer(pointer.substr(0, slash));
  const auto name = pointer.substr(slash + 1);
  if (parent.is_array())
    parent.as_array().at(std::stoul(name)) = std::move(value);
  else
    parent.as_object()[name] = std::move(value);
}

json::object answer_to(const json::value& bundle) {
  const auto answer = dialogferry::mapping::correspondence::map_bundle(json::serialize(bundle),
                                                                       dialogferry::mapping::Settings{});
  REQUIRE(answer);
  auto object = json::parse(answer->json).as_object();
  CHECK(answer->has_problem == object.contains("problem"));
  return object;
}

std::string problem_of(const json::value& bundle) {
  const auto answer = answer_to(bundle);
  const auto* problem = answer.if_contains("problem");
  return problem == nullptr ? "" : std::string(problem->at("member").as_string());
}

json::value observed(const std::string& name) {
  std::ifstream file(std::filesystem::path(SOURCE_ROOT) / "tests" / "observed" / "correspondence" /
                     (name + ".json"));
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

json::object status(const std::string& name, const std::string& at, const std::string& party) {
  return {{"status", name}, {"statusText", ""}, {"statusChanged", at}, {"eventUserPartyUuid", party}};
}

std::string numbered(std::size_t number) {
  const auto digits = std::to_string(number);
  return "018f6c2b-f029-7a75-9666-" + std::string(12 - digits.size(), '0') + digits;
}

} // namespace messages
