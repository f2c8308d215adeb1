#include "support.hpp"

#include <catch2/catch.hpp>

// Activities and patches (dialogporten.md 2.3, 3.5)
namespace altinn_sim::dialogporten::testing {

namespace {

/// A correspondence that is there, for a caller who may have such.
struct Stored {
  explicit Stored(std::chrono::microseconds write_time = {})
      : client(caller(), {}, {write_time}) {
    REQUIRE(client.post("/dialogs", correspondence()).status == 201);
  }

  static Caller caller() {
    Caller caller;
    caller.correspondence = caller.legacy_html = true;
    return caller;
  }

  std::string path(std::string_view below = "") const { return "/dialogs/" + id + std::string{below}; }

  Response post_activity(std::string_view activity_id) {
    return client.post(path("/activities?isSilentUpdate=true"),
                       json::object{{"id", activity_id},
                                    {"createdAt", "2026-08-01T00:00:00Z"},
                                    {"type", "Information"},
                                    {"performedBy", {{"actorType", "ServiceOwner"}}},
                                    {"description", json::array{json::object{{"value", "Varslet"},
                                                                             {"languageCode", "nb"}}}}});
  }

  std::string id = "017cdf57-1a40-7788-903e-e15318fcd2af";
  Client client;
};

constexpr auto first_id = "017ce6e7-9488-73d1-8914-7ac221f0abf1";

} // namespace

TEST_CASE("An activity is added to those that are there, once") {
  Stored stored;
  const auto updated = stored.client.dialog(stored.id).at("updatedAt");
  const auto answer = stored.post_activity(first_id);
  CHECK(answer.status == 201);
  CHECK(answer.body == '"' + std::string{first_id} + '"');
  CHECK(!header(answer, "Etag").empty());
  const auto again = stored.post_activity(first_id);
  CHECK(again.status == 422);
  CHECK(again.body.find("already exists") != std::string::npos);
  const auto dialog = stored.client.dialog(stored.id);
  CHECK(dialog.at("activities").as_array().size() == 2);
  CHECK(dialog.at("updatedAt") == updated);
}

TEST_CASE(
    "An activity that breaks rules is 400, one of an unknown dialog 404; an admin's reaches a deleted one") {
  Stored stored;
  CHECK(stored.post_activity("3f2b6c1e-9d47-4a55-8c10-5e7d9a1b2c3d").status == 400);
  CHECK(stored.client.post(stored.path("/activities"), "no activity").status == 400);
  CHECK(
      stored.client.post("/dialogs/017cdf57-1a40-7788-903e-e15318fcd2a0/activities", json::object{}).status ==
      404);
  CHECK(stored.client.send(Method::del, stored.path()).status == 204);
  CHECK(stored.post_activity(first_id).status == 201);
}

TEST_CASE("A patch changes what it names and nothing else") {
  Stored stored;
  const auto before = stored.client.dialog(stored.id);
  const auto answer = stored.client.send(
      Method::patch, stored.path("?isSilentUpdate=true"),
      R"([{"op":"replace","path":"/status","value":"InProgress"},{"op":"remove","path":"/content/senderName"}])");
  CHECK(answer.status == 204);
  const auto after = stored.client.dialog(stored.id);
  CHECK(after.at("status") == "InProgress");
  CHECK(!after.at("content").as_object().contains("senderName"));
  CHECK(after.at("content").at("title") == before.at("content").at("title"));
  CHECK(after.at("activities") == before.at("activities"));
  CHECK(stored.client.send(Method::patch, stored.path(), R"([{"op":"remove","path":"/guiActions/7"}])")
            .status == 400);
}

TEST_CASE("Labels and activities of one dialog at one moment: all but the first get 409", "[OD-6][OC-6]") {
  Stored stored(std::chrono::milliseconds(3));
  stored.client.begins_us = 10'000;
  const auto bin =
      R"({"addLabels":[2],"removeLabels":[],"performedBy":{"actorType":"PartyRepresentative","actorId":"urn:altinn:person:identifier-no:02886430348"}})";
  CHECK(stored.client.send(Method::put, stored.path("/endusercontext/systemlabels"), bin).status == 204);
  CHECK(stored.post_activity(first_id).status == 409);
  stored.client.begins_us = 13'000;
  CHECK(stored.post_activity(first_id).status == 201);
  CHECK(stored.client.dialog(stored.id).at("systemLabel") == "Bin");
}

} // namespace altinn_sim::dialogporten::testing
