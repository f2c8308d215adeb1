#include "support.hpp"

#include <catch2/catch.hpp>

// M2
namespace altinn_sim::correspondence::testing {

namespace {

int status_of(const json::object& body) {
  return World().post("correspondence", body).status;
}

json::array events_of(std::initializer_list<json::object> events) {
  json::array list;
  for (const auto& each : events)
    list.push_back(each);
  return list;
}

} // namespace

TEST_CASE("Composed invalid requests get the answers of the contract", "[7.5]") {
  for (const auto* name : {"invalid-content-missing", "invalid-language", "invalid-sync-empty-list",
                           "invalid-sync-unknown-correspondence"}) {
    INFO(name);
    World world;
    const auto whole = fixture(name);
    const auto& request = whole.at("request").as_object();
    const auto path = json::value_to<std::string>(request.at("path"))
                          .substr(std::string_view{"/correspondence/api/v1/migration/"}.size());
    const auto answer = world.post(path, request.at("body"));
    const auto& expected = whole.at("expected").as_object();
    CHECK(answer.status == expected.at("status").to_number<int>());
    const auto body = json::parse(answer.body).as_object();
    for (const auto* member : {"type", "title", "status", "code", "errorCode"})
      if (const auto* value = expected.at("body").as_object().if_contains(member))
        CHECK(body.at(member) == *value);
    CHECK(body.contains("traceId"));
  }
}

TEST_CASE("A validation error names the member by a path without a leading slash", "[OC-17]") {
  auto body = message(1);
  content_of(body)["messageTitle"] = " ";
  const auto answer = json::parse(World().post("correspondence", body).body);
  CHECK(answer.at("validationErrors").at(0).at("paths").at(0) ==
        "CorrespondenceData/Correspondence/Content/MessageTitle");
  body = message(1);
  body["created"] = "no time";
  CHECK(
      json::parse(World().post("correspondence", body).body).at("validationErrors").at(0).at("paths").at(0) ==
      "$/created");
}

TEST_CASE("Lengths are counted in UTF-16 units", "[OC-10]") {
  const auto input = observed("m2-lengths-are-utf16");
  CHECK(status_of(input.at("input").as_object()) == 400);
  auto body = message(1);
  std::string letters;
  for (int at = 0; at < 255; ++at)
    letters += "å";
  content_of(body)["messageTitle"] = letters;
  CHECK(status_of(body) == 200);
}

TEST_CASE("White space alone, unknown transmission types and nulls of values are 400", "[OC-11]") {
  for (const auto* name : {"m2-blank-texts", "m2-transmission-type"})
    CHECK(status_of(observed(name).at("input").as_object()) == 400);
  for (const auto* member : {"created", "partyId", "IsMigrating", "makeAvailable"}) {
    auto body = message(1);
    body[member] = nullptr;
    CHECK(status_of(body) == 400);
  }
  for (const auto* member : {"sendersReference", "resourceId"}) {
    auto body = message(1);
    data_of(body)[member] = "\xc2\xa0 ";
    CHECK(status_of(body) == 400);
  }
  for (const auto* member : {"isConfirmationNeeded", "isConfidential"}) {
    auto body = message(1);
    data_of(body)[member] = nullptr;
    CHECK(status_of(body) == 400);
  }
  for (const auto* mailbox : {"", "984661185"}) {
    auto body = message(1);
    body["forwardingHistory"] = events_of({{{"forwardedOnDate", "2024-01-01T00:00:00Z"},
                                            {"forwardedByPartyUuid", reader},
                                            {"mailboxSupplier", mailbox}}});
    CHECK(status_of(body) == 400);
  }
}

TEST_CASE("What the real server fails on is 500 at every send", "[OC-12]") {
  for (const auto* name : {"m2-nul-character", "m2-null-inside-lists"})
    CHECK(status_of(observed(name).at("input").as_object()) == 500);
  auto body = message(1);
  body.at("correspondenceData").as_object()["recipients"] = json::array{nullptr};
  CHECK(status_of(body) == 500);
  body = message(1);
  body["eventHistory"] = json::array{nullptr};
  CHECK(status_of(body) == 500);
  body = message(1);
  data_of(body)["replyOptions"] = json::array{nullptr};
  CHECK(status_of(body) == 500);
}

TEST_CASE("An unknown attachment fails the first send only", "[OC-13]") {
  World world;
  auto body = message(1);
  auto unknown = body;
  unknown.at("correspondenceData").as_object()["existingAttachments"] =
      json::array{"0193a1b2-77aa-7c10-9e55-0a1b2c3d4e5f"};
  CHECK(world.post("correspondence", unknown).status == 500);
  const auto id = world.migrate(body);
  CHECK(world.migrate(unknown) == id);
}

TEST_CASE("Numbers, enums and texts are read as leniently as on the real server", "[2.1]") {
  auto body = message(1);
  body["altinn2CorrespondenceId"] = "123";
  auto odd = event("Published, Read", "2023-11-07T00:00:00Z");
  auto absent = event("", "2023-11-08T00:00:00Z");
  absent.erase("status");
  auto number = event("", "2023-11-09T00:00:00Z");
  number["status"] = 99;
  body["eventHistory"] = events_of({odd, absent, number});
  World world;
  const auto record = world.record(world.migrate(body));
  CHECK(record.altinn2_id == 123);
  CHECK(record.statuses.at(0).status == status::confirmed);
  CHECK(record.statuses.at(1).status == 0);
  CHECK(record.statuses.at(2).status == 99);
}

TEST_CASE("A record that is sent again gets its new events and nothing else", "[1.4]") {
  World world;
  auto body = message(1);
  const auto first = world.answer("correspondence", body);
  CHECK(first.at("attachmentStatuses").is_array());
  CHECK(first.at("dialogId").is_null());
  content_of(body)["messageTitle"] = "Another";
  body["makeAvailable"] = true;
  body.at("eventHistory").as_array().push_back(event("Read", "2023-11-07T09:00:00Z"));
  const auto again = world.answer("correspondence", body);
  CHECK(again.at("correspondenceId") == first.at("correspondenceId"));
  CHECK(again.at("attachmentStatuses").is_null());
  CHECK(again.at("dialogId").is_null());
  const auto record = world.record(json::value_to<std::string>(again.at("correspondenceId")));
  CHECK(record.title == "Vedtak om fradrag");
  CHECK(record.statuses.size() == 2);
  world.let_jobs_end();
  CHECK(world.writes.empty());
}

TEST_CASE("A live record is published by a job, with events", "[1.3]") {
  World world;
  world.parties["7a9b8c7d-6e5f-4a3b-9c2d-1e0f9a8b7c6d"] = Party{"", "", "testbruker"};
  const auto answer = world.answer("correspondence", fixture("migrate-live-self-identified"));
  CHECK(answer.at("dialogId") == "");
  world.let_jobs_end();
  REQUIRE(world.writes.size() == 1);
  CHECK(world.writes[0].path == "");
  CHECK(world.writes[0].status == 201);
  CHECK(world.writes[0].body.at("party") == "urn:altinn:person:legacy-selfidentified:testbruker");
  CHECK(!world.record(json::value_to<std::string>(answer.at("correspondenceId"))).is_migrating);
}

TEST_CASE("A live record without a Published event is published by Altinn 3, or fails and loses its dialog",
          "[OC-15]") {
  const bool known = GENERATE(true, false);
  World world;
  auto body = message(1);
  body["makeAvailable"] = true;
  body["eventHistory"] = json::array();
  if (!known) world.unknown_urns.insert("urn:altinn:organization:identifier-no:310111228");
  const auto id = world.migrate(body);
  world.let_jobs_end();
  const auto record = world.record(id);
  CHECK(record.ever(known ? status::published : status::failed));
  CHECK(record.dialog().has_value() == known);
  CHECK(world.dialogporten.size() == (known ? 1U : 0U));
  CHECK(world.service.published_events().contains(known ? "correspondencepublished"
                                                        : "correspondencepublishfailed"));
}

} // namespace altinn_sim::correspondence::testing
