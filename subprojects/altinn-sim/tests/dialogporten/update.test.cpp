#include "support.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

namespace {

/// The PUT that leaves a dialog as it is: its answer, with nothing appended.
json::object unchanged(const json::object& dialog) {
  auto body = dialog;
  body["transmissions"] = json::array{};
  body["activities"] = json::array{};
  return body;
}

std::string path_of(std::string_view id) {
  return "/dialogs/" + std::string{id};
}

constexpr std::string_view later = "2026-09-02T10:00:00Z";

json::value activity(std::string_view id) {
  return {{"id", id}, {"type", "FormSaved"}, {"performedBy", {{"actorType", "ServiceOwner"}}}};
}

} // namespace

TEST_CASE("a PUT that changes nothing keeps revision and times", "[4.2]") {
  Client client;
  client.post("/dialogs", live());
  const auto first = unchanged(client.dialog(live_id));
  client.put(path_of(live_id), first); // the first one recomputes hasUnopenedContent at most
  const auto before = client.dialog(live_id);
  client.now = ticks(later);
  const auto response = client.put(path_of(live_id), unchanged(before));
  CHECK(response.status == 204);
  CHECK(header(response, "Etag") == before.at("revision").as_string());
  CHECK(client.dialog(live_id) == before);
}

TEST_CASE("a loud change moves the times and takes the dialog out of the archive", "[4.4][4.5]") {
  Client client;
  client.post("/dialogs?isSilentUpdate=true", archived());
  auto body = unchanged(client.dialog(archived_id));
  body["progress"] = 99;
  const auto response = client.put(path_of(archived_id), body);
  REQUIRE(response.status == 204);
  auto dialog = client.dialog(archived_id);
  CHECK(dialog.at("updatedAt").as_string() == "2026-09-01T10:00:00.0000000Z");
  CHECK(dialog.at("contentUpdatedAt").as_string() == "2023-03-20T11:02:10.0000000Z");
  CHECK(dialog.at("isContentSeen").as_bool());
  CHECK(dialog.at("systemLabel").as_string() == "Default");
  body["status"] = "InProgress";
  client.put(path_of(archived_id), body);
  dialog = client.dialog(archived_id);
  CHECK(dialog.at("contentUpdatedAt").as_string() == "2026-09-01T10:00:00.0000000Z");
  CHECK_FALSE(dialog.at("isContentSeen").as_bool());
}

TEST_CASE("a silent change keeps times and archive, and gives a new revision", "[4.4][4.5]") {
  Client client;
  client.post("/dialogs?isSilentUpdate=true", archived());
  const auto before = client.dialog(archived_id);
  auto body = unchanged(before);
  body["content"].as_object()["title"].as_object()["value"].as_array()[0].as_object()["value"] = "Changed";
  REQUIRE(client.put(path_of(archived_id) + "?isSilentUpdate=true", body).status == 204);
  const auto after = client.dialog(archived_id);
  CHECK(after.at("revision") != before.at("revision"));
  CHECK(after.at("updatedAt") == before.at("updatedAt"));
  CHECK(after.at("contentUpdatedAt") == before.at("contentUpdatedAt"));
  CHECK(after.at("systemLabel").as_string() == "Archive");
  CHECK(after.at("content").at("title").at("value").at(0).at("value").as_string() == "Changed");
}

TEST_CASE("children are merged by id, and ids that are gone are free again", "[4.3]") {
  Client client;
  client.post("/dialogs?isSilentUpdate=true", archived());
  auto body = unchanged(client.dialog(archived_id));
  auto& actions = body["guiActions"].as_array();
  const json::value removed = actions[0];
  actions.erase(actions.begin());
  actions[0].as_object()["action"] = "write";
  body["searchTags"] = json::parse(R"([{"value":"WASTE"},{"value":"new"}])");
  REQUIRE(client.put(path_of(archived_id), body).status == 204);
  const auto dialog = client.dialog(archived_id);
  CHECK(dialog.at("guiActions").as_array().size() == 1);
  CHECK(dialog.at("guiActions").at(0).at("action").as_string() == "write");
  CHECK(json::serialize(dialog.at("searchTags")) == R"([{"value":"waste"},{"value":"new"}])");
  CHECK(dialog.at("transmissions").as_array().size() == 1);
  auto other = live();
  other["guiActions"] = json::array{removed};
  CHECK(client.post("/dialogs", other).status == 201);
}

TEST_CASE("activities and transmissions are appended, never repeated", "[4.3]") {
  Client client;
  client.post("/dialogs?isSilentUpdate=true", archived());
  auto body = unchanged(client.dialog(archived_id));
  body["activities"] = json::array{activity("0186feaf-0b50-71cf-814d-253207c4afa7")};
  CHECK(client.put(path_of(archived_id), body).status == 204);
  CHECK(client.dialog(archived_id).at("activities").as_array().size() == 3);
  const auto again = client.put(path_of(archived_id), body);
  CHECK(again.status == 422);
  CHECK(first_error(again, "DialogActivity") == "Entity 'DialogActivity' with the following key(s) already "
                                                "exists: (0186feaf-0b50-71cf-814d-253207c4afa7).");

  client.post("/dialogs", live());
  auto other = unchanged(client.dialog(live_id));
  other["activities"] = body["activities"];
  CHECK(first_error(client.put(path_of(live_id), other), "DialogActivity") ==
        "Key ('Id')=(0186feaf-0b50-71cf-814d-253207c4afa7) already exists.");
  other["activities"] = json::array{};
  other["transmissions"] = json::array{live()["transmissions"].as_array()[0]};
  CHECK(first_error(client.put(path_of(live_id), other), "DialogTransmission") != "");
  other["transmissions"].as_array()[0].as_object()["id"] = "01a018d1-d580-7c01-9f96-d0624e9f5794";
  CHECK(client.put(path_of(live_id), other).status == 409);
  other["transmissions"].as_array()[0].as_object()["idempotentKey"] = "t-3";
  CHECK(client.put(path_of(live_id), other).status == 204);
}

TEST_CASE("references to transmissions that are not there are refused", "[3.3]") {
  Client client;
  client.post("/dialogs", live());
  auto body = unchanged(client.dialog(live_id));
  auto opened = activity("0186feaf-0b50-71cf-814d-253207c4afa8");
  opened.as_object()["type"] = "TransmissionOpened";
  opened.as_object()["transmissionId"] = "01a01df8-3180-7bd3-aaa1-65cde4c8781b";
  body["activities"] = json::array{opened};
  CHECK(errors(client.put(path_of(live_id), body)).contains("Activities"));
  CHECK(client.dialog(live_id).at("hasUnopenedContent").as_bool());
  body["activities"].as_array()[0].as_object()["transmissionId"] = "01a01df8-3180-7bd3-aaa1-65cde4c8781a";
  CHECK(client.put(path_of(live_id), body).status == 204);
  const auto dialog = client.dialog(live_id);
  CHECK_FALSE(dialog.at("hasUnopenedContent").as_bool());
  CHECK(dialog.at("transmissions").at(1).at("isOpened").as_bool());
}

TEST_CASE("dates that change to the past are refused unless silent or admin, expired attachments always",
          "[3.3]") {
  Client client{service_owner()};
  client.post("/dialogs", live());
  auto body = unchanged(client.dialog(live_id));
  body["dueAt"] = "2023-04-01T00:00:00Z";
  CHECK(first_error(client.put(path_of(live_id), body), "DueAt") ==
        "Must be in future or current value. (Or null)");
  body.erase("dueAt");
  body.erase("expiresAt");
  CHECK(first_error(client.put(path_of(live_id), body), "ExpiresAt") ==
        "Must be in future or current value.");
  CHECK(client.put(path_of(live_id) + "?isSilentUpdate=true", body).status == 204);
  client.caller.admin = true;
  body["attachments"] = json::parse(R"([{"expiresAt":"2023-04-01T00:00:00Z",
    "urls":[{"url":"https://example.no/a","consumerType":"Gui"}]}])");
  CHECK(
      errors(client.put(path_of(live_id) + "?isSilentUpdate=true", body)).contains("Attachments.ExpiresAt"));
}

TEST_CASE("If-Match names the revision that is changed", "[4.2]") {
  Client client;
  client.post("/dialogs", live());
  const auto dialog = client.dialog(live_id);
  auto body = unchanged(dialog);
  body["progress"] = 41;
  const std::string revision{dialog.at("revision").as_string()};
  const auto first = client.put(path_of(live_id), body, revision);
  CHECK(first.status == 204);
  CHECK(header(first, "Etag") != revision);
  const auto second = client.put(path_of(live_id), body, revision);
  CHECK(second.status == 412);
  CHECK_FALSE(json::parse(second.body).as_object().contains("errors"));
}

TEST_CASE("an unknown dialog is not found even with an invalid body", "[1.2]") {
  Client client;
  CHECK(client.put(path_of(live_id), json::object{}).status == 404);
  client.post("/dialogs", live());
  const auto invalid = client.put(path_of(live_id), json::object{});
  CHECK(invalid.status == 400);
  CHECK(errors(invalid).contains("dto.status"));
  CHECK(errors(client.put(path_of(live_id), {{"status", nullptr}})).contains("status"));
  client.send(Method::del, path_of(live_id));
  CHECK(client.put(path_of(live_id), unchanged(live())).status == 410);
}

TEST_CASE("a dialog not yet visible carries the time when it will be", "[4.4]") {
  Client client;
  auto body = live();
  body["visibleFrom"] = "2027-01-01T00:00:00Z";
  client.post("/dialogs", body);
  const auto dialog = client.dialog(live_id);
  for (const auto* name : {"createdAt", "updatedAt", "contentUpdatedAt"})
    CHECK(dialog.at(name).as_string() == "2027-01-01T00:00:00.0000000Z");
  CHECK(dialog.at("transmissions").at(0).at("createdAt").as_string() == "2027-01-01T00:00:00.0000000Z");
}
