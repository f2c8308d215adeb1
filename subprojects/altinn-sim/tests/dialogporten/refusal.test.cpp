#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

namespace {

json::object live_without_key() {
  auto body = live();
  body.erase("idempotentKey");
  return body;
}

} // namespace

TEST_CASE("a body that breaks rules names every field and stores nothing", "[7.4][1.1]") {
  Client client{service_owner()};
  auto body = live_without_key();
  body["party"] = "urn:altinn:organization:identifier-no:310955605";
  auto& actions = body["guiActions"].as_array();
  auto second = actions[0];
  second.as_object()["id"] = "01a018d1-d580-7734-b227-541bfe5750fe";
  actions[0].as_object()["url"] = "http://case.example.no/4711";
  actions.push_back(second);
  body["activities"].as_array()[0].as_object()["type"] = "DialogCreated";
  const auto response = client.post("/dialogs", body);
  CHECK(response.status == 400);
  CHECK(response.content_type == "application/problem+json; charset=utf-8");
  const auto problem = json::parse(response.body).as_object();
  CHECK(problem.at("title").as_string() == "One or more validation errors occurred.");
  CHECK(problem.at("type").as_string() == "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1");
  CHECK(problem.at("instance").as_string() == "/api/v1/serviceowner/dialogs");
  CHECK(problem.at("status").as_int64() == 400);
  CHECK(errors(response).size() == 4);
  CHECK(
      first_error(response, "dto.party").starts_with("'Party' must be on format 'urn:altinn:organization:"));
  CHECK(first_error(response, "dto.guiActions") == "Only one primary GUI action is allowed.");
  CHECK(first_error(response, "dto.guiActions[0].url") == "'Url' is not a well-formatted HTTPS URL.");
  CHECK(first_error(response, "dto.activities[0].description") ==
        "Description is only allowed when the type is 'Information'.");
  CHECK(client.service.size() == 0);
}

TEST_CASE("a date without offset does not bind", "[7.4][1.1]") {
  Client client;
  auto body = live_without_key();
  body["dueAt"] = "2031-05-01T12:00:00";
  const auto response = client.post("/dialogs", body);
  CHECK(response.status == 400);
  CHECK(errors(response).size() == 1);
  CHECK(first_error(response, "dueAt") == "The JSON value could not be converted to System.DateTimeOffset. "
                                          "Expected explicit offset postfix. For example "
                                          "'+00:00', '-05:00', 'Z'. Got '2031-05-01T12:00:00'.");
}

TEST_CASE("text that is not JSON, null and nulls in lists are told apart", "[1][1.1]") {
  Client client;
  CHECK(first_error(client.send(Method::post, "/dialogs", "{"), "SerializerErrors") != "");
  CHECK(client.send(Method::post, "/dialogs", "null").status == 500);
  auto body = live();
  body["attachments"] = nullptr;
  const auto response = client.post("/dialogs", body);
  CHECK(response.status == 400);
  CHECK(errors(response).contains("attachments"));
}

TEST_CASE("a resource of another owner is forbidden without admin", "[7.4][5]") {
  Client client{service_owner()};
  auto body = live_without_key();
  body["serviceResource"] = "urn:altinn:resource:app_nav_other";
  const auto response = client.post("/dialogs", body);
  CHECK(response.status == 403);
  CHECK(first_error(response, "Forbidden") ==
        "Not allowed to reference the following unowned resources: [urn:altinn:resource:app_nav_other].");
  client.caller.admin = true;
  CHECK(client.post("/dialogs", body).status == 201);
}

TEST_CASE("past dates are refused unless silent or admin", "[7.4][3.1]") {
  Client client{service_owner()};
  auto body = live_without_key();
  body["dueAt"] = "2023-04-01T00:00:00Z";
  const auto response = client.post("/dialogs", body);
  CHECK(response.status == 422);
  CHECK(first_error(response, "DueAt") == "Must be in the future");
  CHECK(client.post("/dialogs?isSilentUpdate=true", body).status == 201);
}

TEST_CASE("the same id again is refused, soft-deleted too", "[7.4][4.1]") {
  Client client;
  auto body = live_without_key();
  REQUIRE(client.post("/dialogs", body).status == 201);
  const auto again = [&] {
    const auto response = client.post("/dialogs", body);
    CHECK(response.status == 422);
    CHECK(first_error(response, "Dialog") ==
          "Key ('Id')=(01a018d1-d580-7451-a617-49c611ba0fa0) already exists.");
  };
  again();
  REQUIRE(client.send(Method::del, "/dialogs/" + std::string{live_id}).status == 204);
  again();
}

TEST_CASE("the same idempotent key is a conflict while its dialog lives, then a unique violation",
          "[7.4][4.1]") {
  Client client;
  REQUIRE(client.post("/dialogs", live()).status == 201);
  const auto conflict = client.post("/dialogs", live());
  CHECK(conflict.status == 409);
  CHECK(first_error(conflict, "IdempotentKey") ==
        "'case-2026-4711' already exists with DialogId '01a018d1-d580-7451-a617-49c611ba0fa0'");
  client.send(Method::del, "/dialogs/" + std::string{live_id});
  auto other = live();
  other["id"] = "01a018d1-d580-7451-a617-49c611ba0fa1";
  const auto violation = client.post("/dialogs", other);
  CHECK(violation.status == 422);
  CHECK(first_error(violation, "Dialog") ==
        "Key ('Org', 'IdempotentKey')=(ttd, case-2026-4711) already exists.");
}

TEST_CASE("ids below a dialog are unique in the whole system, and a refused create leaves none behind",
          "[4.1]") {
  Client client;
  REQUIRE(client.post("/dialogs", archived()).status == 201);
  auto other = archived();
  other["id"] = "0186df2d-c460-7b53-a39f-152c8fc6ef31";
  const auto refused = client.post("/dialogs", other);
  CHECK(refused.status == 422);
  CHECK(first_error(refused, "DialogTransmission") ==
        "Key ('Id')=(0186feaf-0b50-7234-a935-94e7b9c6fc9a) already exists.");
  other["transmissions"] = json::array{};
  other["attachments"] = json::parse(R"([{"id":"0186feaf-0b50-7232-83a6-ab17e025031c",
    "urls":[{"url":"https://example.no/a","consumerType":"Gui"}]}])");
  CHECK(first_error(client.post("/dialogs", other), "DialogGuiAction") != "");
  other["guiActions"] = json::array{};
  CHECK(first_error(client.post("/dialogs", other), "DialogApiAction") != "");
  other["apiActions"] = json::array{};
  CHECK(first_error(client.post("/dialogs", other), "DialogActivity") != "");
  other["activities"] = json::array{};
  CHECK(client.post("/dialogs", other).status == 201);
}

TEST_CASE("transmission keys twice in one body are a conflict", "[4.1]") {
  Client client;
  auto body = live();
  body["transmissions"].as_array()[1].as_object()["idempotentKey"] = "t-1";
  const auto response = client.post("/dialogs", body);
  CHECK(response.status == 409);
  CHECK(first_error(response, "IdempotentKey") ==
        "Duplicate IdempotentKey detected in dialog transmissions. Conflicting keys: 't-1'.");
}

TEST_CASE("a correspondence needs its scopes, and actors are looked up in Register", "[7.2][5]") {
  Caller caller;
  CHECK(errors(Client{caller}.post("/dialogs?isSilentUpdate=true", correspondence()))
            .contains("dto.content.mediaType"));
  caller.legacy_html = true;
  const auto forbidden = Client{caller}.post("/dialogs?isSilentUpdate=true", correspondence());
  CHECK(forbidden.status == 403);
  CHECK(first_error(forbidden, "Forbidden")
            .starts_with("Use of CorrespondenceConfirmed or CorrespondenceOpened"));
  caller.correspondence = true;
  Surroundings surroundings;
  surroundings.actor_name = [](std::string_view) { return std::nullopt; };
  const auto unknown = Client{caller, surroundings}.post("/dialogs?isSilentUpdate=true", correspondence());
  CHECK(unknown.status == 422);
  CHECK(first_error(unknown, "ActorId") ==
        "Unable to look up name for actor id: urn:altinn:person:identifier-no:02886430348");
  surroundings.actor_name = [](std::string_view) { return "Ola Nordmann"; };
  Client client{caller, surroundings};
  CHECK(client.post("/dialogs?isSilentUpdate=true", correspondence()).status == 201);
  const auto dialog = client.dialog("017cdf57-1a40-7788-903e-e15318fcd2af");
  CHECK(dialog.at("activities").at(0).at("performedBy").at("actorName").as_string() == "Ola Nordmann");
  CHECK(dialog.at("serviceResourceType").as_string() == "correspondenceservice");
  client.caller.correspondence = false;
  CHECK(client.send(Method::del, "/dialogs/017cdf57-1a40-7788-903e-e15318fcd2af").status == 403);
}

TEST_CASE("chains of transmissions are limited in depth and width", "[3.6]") {
  Client client;
  const auto chain = [](int count, bool deep) {
    auto body = live();
    auto& list = body["transmissions"].as_array();
    const json::value pattern = list[0];
    list.clear();
    for (int i = 0; i < count; ++i) {
      auto item = pattern.as_object();
      const auto id = [](int n) { return "01a018d1-d580-7c01-9f96-" + std::to_string(100'000'000'000 + n); };
      item["id"] = id(i);
      item.erase("idempotentKey");
      if (i > 0) item["relatedTransmissionId"] = id(deep ? i - 1 : 0);
      list.push_back(item);
    }
    return body;
  };
  CHECK(errors(client.post("/dialogs", chain(102, true))).contains("Transmissions"));
  CHECK(errors(client.post("/dialogs", chain(102, false))).contains("Transmissions"));
  CHECK(client.post("/dialogs", chain(100, true)).status == 201);
}

TEST_CASE("headers are checked before bodies", "[1][1.2]") {
  Client client;
  Request request;
  request.method = Method::post;
  request.path = "/api/v1/serviceowner/dialogs";
  request.content_type = "text/plain";
  CHECK(client.service.handle(request).status == 415);
  CHECK(
      errors(client.send(Method::del, "/dialogs/" + std::string{live_id}, {}, "\"x\"")).contains("If-Match"));
  const auto bad_id = client.get("/dialogs/17");
  CHECK(bad_id.status == 400);
  CHECK(first_error(bad_id, "dialogId") == "Value [17] is not valid for a [Guid] property!");
  const auto missing = client.get("/dialogs/" + std::string{live_id});
  CHECK(missing.status == 404);
  CHECK(first_error(missing, "DialogEntity") == "Entity 'DialogEntity' with the following key(s) was not "
                                                "found: (01a018d1-d580-7451-a617-49c611ba0fa0).");
}

TEST_CASE("checks alone store nothing and name the fields", "[validate]") {
  Request request;
  request.method = Method::post;
  request.parameters = {{"verb", "create"}};
  request.now = ticks("2026-09-01T10:00:00Z");
  const auto body = json::serialize(archived());
  request.body = body;
  CHECK(validate_only(request).body == R"({"accepted":true})");
  auto bad = archived();
  bad["progress"] = 101;
  const auto bad_body = json::serialize(bad);
  request.body = bad_body;
  const auto refused = json::parse(validate_only(request).body).as_object();
  CHECK_FALSE(refused.at("accepted").as_bool());
  CHECK(json::serialize(refused.at("fields")) == R"(["dto.progress"])");
  request.body = "{\"status\":\"Unknown\"}";
  CHECK(json::parse(validate_only(request).body).at("unreadable").as_bool());
}
