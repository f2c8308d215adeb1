#include "support.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

namespace {

const std::string live_path = "/dialogs/" + std::string{live_id};

} // namespace

TEST_CASE("delete hides, restore brings back, purge removes and frees every id", "[2.4]") {
  Client client;
  client.post("/dialogs", live());
  const auto updated = client.dialog(live_id).at("updatedAt");
  client.now = ticks("2026-09-02T10:00:00Z");
  const auto removed = client.send(Method::del, live_path);
  CHECK(removed.status == 204);
  auto dialog = client.dialog(live_id);
  CHECK(dialog.at("deletedAt").as_string() == "2026-09-02T10:00:00.0000000Z");
  CHECK(dialog.at("updatedAt") == updated);
  CHECK(dialog.at("revision").as_string() == header(removed, "Etag"));
  CHECK(client.send(Method::del, live_path).status == 410);

  const auto restored = client.send(Method::post, live_path + "/actions/restore");
  CHECK(restored.status == 204);
  CHECK_FALSE(client.dialog(live_id).contains("deletedAt"));
  const auto again = client.send(Method::post, live_path + "/actions/restore");
  CHECK(header(again, "Etag") == header(restored, "Etag"));

  const auto purged = client.send(Method::post, live_path + "/actions/purge");
  CHECK(purged.status == 204);
  CHECK(header(purged, "Etag").empty());
  CHECK(client.send(Method::post, live_path + "/actions/purge").status == 404);
  CHECK(client.post("/dialogs", live()).status == 201);
}

TEST_CASE("a frozen dialog is closed to all but admins", "[2.4]") {
  Client client;
  client.post("/dialogs", live());
  CHECK(client.send(Method::post, live_path + "/actions/freeze").status == 204);
  client.caller = service_owner();
  CHECK(client.send(Method::post, live_path + "/actions/freeze").status == 403);
  CHECK(client.send(Method::del, live_path).status == 403);
  CHECK(client.send(Method::post, live_path + "/actions/purge").status == 204);
}

TEST_CASE("dialogs of other owners are not found", "[2]") {
  Client client;
  client.post("/dialogs", live());
  client.caller = service_owner("nav");
  CHECK(client.get(live_path).status == 404);
  CHECK(client.send(Method::del, live_path).status == 404);
}

TEST_CASE("the time of a FormSaved activity can be moved by admins", "[2.7]") {
  Client client;
  auto body = live();
  body["activities"] = json::parse(R"([{"id":"01a018d1-d580-7d01-9f96-d0624e9f5793","type":"FormSaved",
    "createdAt":"2026-08-19T07:00:00Z","performedBy":{"actorType":"ServiceOwner"}},
    {"id":"01a018d1-d580-7d01-9f96-d0624e9f5794","type":"DialogCreated",
    "createdAt":"2026-08-19T07:00:00Z","performedBy":{"actorType":"ServiceOwner"}}])");
  body["createdAt"] = body["updatedAt"] = "2026-08-19T07:00:00Z";
  REQUIRE(client.post("/dialogs", body).status == 201);
  const auto move = [&](const std::string& id, const std::string& time) {
    return client.send(Method::post, live_path + "/activities/" + id + "/actions/updateFormSavedActivityTime",
                       '"' + time + '"');
  };
  const std::string saved = "01a018d1-d580-7d01-9f96-d0624e9f5793";
  const auto response = move(saved, "2026-08-20T07:00:00Z");
  CHECK(response.status == 204);
  const auto dialog = client.dialog(live_id);
  CHECK(header(response, "Etag") == dialog.at("revision").as_string());
  CHECK(dialog.at("updatedAt").as_string() == "2026-08-20T07:00:00.0000000Z");
  CHECK(dialog.at("activities").at(1).at("id").as_string() == saved);
  CHECK(errors(move("01a018d1-d580-7d01-9f96-d0624e9f5794", "2026-08-20T07:00:00Z")).contains("Type"));
  CHECK(errors(move("01a018d1-d580-7d01-9f96-d0624e9f5795", "2026-08-20T07:00:00Z"))
            .contains("DialogActivity"));
  CHECK(move(saved, "2026-09-20T07:00:00Z").status == 500);
  CHECK(move(saved, "yesterday").status == 400);
  CHECK(move("17", "2026-08-20T07:00:00Z").status == 404);
  client.caller.admin = false;
  CHECK(move(saved, "2026-08-20T07:00:00Z").status == 403);
}

TEST_CASE("labels have a revision of their own and belong to the owner", "[2.8]") {
  Client client{service_owner()};
  client.post("/dialogs", live());
  const auto before = client.dialog(live_id);
  const auto path = live_path + "/context/labels";
  const auto listed = client.get(path);
  CHECK(listed.body == R"([{"value":"sync:live"}])");
  CHECK(header(listed, "Etag") == before.at("serviceOwnerContext").at("revision").as_string());
  const auto added = client.post(path, {{"value", " Wave-1 "}});
  CHECK(added.status == 204);
  CHECK(client.get(path).body == R"([{"value":"sync:live"},{"value":"wave-1"}])");
  CHECK(client.dialog(live_id).at("revision") == before.at("revision"));
  CHECK(client.post(path, {{"value", "wave-1"}}).status == 400);
  CHECK(client.send(Method::del, path + "/WAVE-1").status == 204);
  CHECK(errors(client.send(Method::del, path + "/wave-1")).contains("Label"));
  CHECK(client.post(path, {{"value", "urn:altinn:integration:storage:1/2"}}).status == 204);
  CHECK(client.send(Method::del, path + "/urn:altinn:integration:storage:1/2").status == 204);
  CHECK(client.send(Method::post, path, R"({"value":"x-y-z"})", header(listed, "Etag")).status == 412);
  client.caller = Caller{};
  CHECK(client.get(path).status == 404);
}

TEST_CASE("system labels exclude each other and leave the dialog's revision alone", "[2.8][4.6]") {
  Client client;
  client.post("/dialogs", live());
  const auto path = live_path + "/endusercontext/systemlabels";
  const auto set = [&](const std::string& members) {
    return client.send(Method::put, path,
                       '{' + members +
                           R"("performedBy":{"actorType":"PartyRepresentative","actorName":"Kari"}})");
  };
  const auto labels = [&] {
    return json::serialize(client.dialog(live_id).at("endUserContext").at("systemLabels"));
  };
  const auto revision = client.dialog(live_id).at("revision");
  CHECK(labels() == R"(["Default","Sent"])");
  CHECK(set(R"("addLabels":["Archive","MarkedAsUnopened"],)").status == 204);
  CHECK(labels() == R"(["Archive","MarkedAsUnopened","Sent"])");
  CHECK(set(R"("addLabels":["Bin"],"removeLabels":["MarkedAsUnopened"],)").status == 204);
  CHECK(labels() == R"(["Bin","Sent"])");
  CHECK(set(R"("removeLabels":["Bin"],)").status == 204);
  CHECK(labels() == R"(["Default","Sent"])");
  CHECK(set(R"("addLabels":["Sent"],)").status == 400);
  CHECK(client.dialog(live_id).at("revision") == revision);
  client.caller = service_owner();
  CHECK(set(R"("addLabels":["Bin"],)").status == 400);
  const auto by_user = [&](const std::string& user) {
    return client.send(Method::put, path + "?enduserId=" + user, R"({"addLabels":["Bin"]})").status;
  };
  CHECK(by_user("urn:altinn:person:identifier-no:02886430349") == 400);
  CHECK(by_user("urn:altinn:person:identifier-no:02886430348") == 204);
}

TEST_CASE("an instance reference leads to its dialog by label", "[2.9]") {
  Client client;
  client.post("/dialogs?isSilentUpdate=true", archived());
  const auto look = [&](const std::string& reference) {
    return client.get("/dialoglookup?instanceRef=" + reference);
  };
  const std::string source = "50091240/7d1f6c0e-4f0b-4d0e-9a57-2f4f3a1c9b10";
  const auto found = json::parse(look("URN:altinn:instance-id:" + source).body).as_object();
  CHECK(found.at("dialogId").as_string() == archived_id);
  CHECK(found.at("serviceOwner").at("code").as_string() == "ttd");
  CHECK(look("urn:altinn:dialog-id:" + std::string{archived_id}).status == 200);
  CHECK(look("urn:altinn:instance-id:1/7d1f6c0e-4f0b-4d0e-9a57-2f4f3a1c9b10").status == 404);
  CHECK(errors(look("urn:altinn:instance-id:x")).contains("InstanceRef"));
  auto twin = live();
  twin["serviceOwnerContext"] = archived()["serviceOwnerContext"];
  client.post("/dialogs", twin);
  CHECK(look("urn:altinn:instance-id:" + source).status == 500);
  client.send(Method::post, live_path + "/actions/purge");
  CHECK(look("urn:altinn:instance-id:" + source).status == 200);
  client.caller = service_owner("nav");
  CHECK(look("urn:altinn:instance-id:" + source).status == 403);
}

TEST_CASE("the limits of a search are published", "[2]") {
  Client client;
  Request request;
  request.path = "/api/v1/metadata/limits";
  Caller nobody;
  nobody.service_provider = false;
  const auto response = client.service.handle(request, nobody);
  CHECK(response.status == 200);
  CHECK(json::parse(response.body).at("serviceOwnerSearch").at("maxPartyFilterValues").as_int64() == 20);
}
