#include "support.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;
using namespace std::chrono_literals;

namespace {

/// Writes take 10 ms here.
constexpr std::int64_t write_us = 10'000;

Client slow_writer() {
  return Client{{}, {}, Behaviour{std::chrono::microseconds(write_us)}};
}

std::string path_of(const json::value& dialog) {
  return "/dialogs/" + std::string(dialog.at("id").as_string());
}

/// A dialog without a key, as it can be sent to create and, but for its id, to update.
json::object plain(std::string_view id) {
  auto body = live();
  body.erase("idempotentKey");
  body.erase("transmissions");
  body["id"] = json::string_view{id.data(), id.size()};
  return body;
}

json::object with_progress(json::object body, int progress) {
  body["progress"] = progress;
  body["activities"] = json::array{};
  return body;
}

} // namespace

TEST_CASE("of two creates at the same moment that carry the same new name one is refused, and taken later",
          "[OD-1]") {
  auto client = slow_writer();
  const auto seen = observed("actor-name-race");
  const auto& bodies = seen.at("bodies").as_array();
  const auto first = client.post("/dialogs?isSilentUpdate=true", bodies[0]);
  CHECK(first.status == 201);
  CHECK(first.ready_us == write_us);
  client.begins_us = write_us / 2;
  const auto second = client.post("/dialogs?isSilentUpdate=true", bodies[1]);
  CHECK(second.status == 422);
  CHECK(errors(second) == seen.at("real").at("errors"));
  CHECK(second.refusal == "name_race");
  CHECK(second.ready_us == write_us);
  CHECK(client.service.size() == 1);
  client.begins_us = second.ready_us;
  const auto again = client.post("/dialogs?isSilentUpdate=true", bodies[1]);
  CHECK(again.status == 201);
  CHECK(again.ready_us == 0); // the name is known: nothing to wait for
}

TEST_CASE("an update that carries a name another write is adding is refused, and changes nothing", "[OD-1]") {
  auto client = slow_writer();
  REQUIRE(client.post("/dialogs", plain(archived_id)).status == 201);
  const auto race = observed("actor-name-race");
  REQUIRE(client.post("/dialogs", race.at("bodies").at(0)).status == 201);
  auto update = plain(archived_id);
  update["activities"] = race.at("bodies").at(1).at("activities");
  client.begins_us = write_us - 1;
  const auto before = client.dialog(archived_id);
  CHECK(first_error(client.put(path_of(update), update), "ActorName") ==
        "Key ('ActorId', 'Name')=(null, EUS #4711) already exists.");
  CHECK(client.dialog(archived_id) == before);
  client.begins_us = write_us;
  CHECK(client.put(path_of(update), update).status == 204);
}

TEST_CASE("a name of a write that was refused is still new", "[OD-1]") {
  auto client = slow_writer();
  auto body = observed("actor-name-race").at("bodies").at(0);
  REQUIRE(client.post("/dialogs", plain(std::string(body.at("id").as_string()))).status == 201);
  CHECK(client.post("/dialogs", body).status == 422); // the id is taken
  body.as_object()["id"] = std::string(archived_id);
  CHECK(client.post("/dialogs", body).status == 201);
}

TEST_CASE("names of actors with an id do not race", "[OD-1]") {
  auto client = slow_writer();
  auto body = observed("actor-name-race").at("bodies").at(0);
  auto& actor = body.at("activities").at(0).at("performedBy").as_object();
  actor.erase("actorName");
  actor["actorId"] = "urn:altinn:person:identifier-no:02886430348";
  CHECK(client.post("/dialogs", body).status == 201);
  body.as_object()["id"] = std::string(archived_id);
  body.at("activities").at(0).as_object()["id"] = "018e2ee9-0a40-7001-8001-000000000009";
  CHECK(client.post("/dialogs", body).status == 201);
}

TEST_CASE("while Register is down every body with an actor id is answered 502, all others as ever",
          "[OD-2]") {
  Client client;
  client.register_down = true;
  auto body = observed("actor-name-race").at("bodies").at(0);
  CHECK(client.post("/dialogs", body).status == 201);
  auto& actor = body.at("activities").at(0).at("performedBy").as_object();
  actor.erase("actorName");
  actor["actorId"] = "urn:altinn:person:legacy-selfidentified:ola";
  body.as_object()["id"] = std::string(archived_id);
  body.at("activities").at(0).as_object()["id"] = "018e2ee9-0a40-7001-8001-000000000009";
  const auto down = client.post("/dialogs", body);
  CHECK(down.status == 502);
  CHECK(down.refusal == "register_down");
  auto wrong = body;
  wrong.as_object()["party"] = "urn:altinn:nobody";
  CHECK(client.post("/dialogs", wrong).status == 400);
  CHECK(client.service.size() == 1);
  client.register_down = false;
  CHECK(client.post("/dialogs", body).status == 201);
}

TEST_CASE("of changes of one dialog at the same moment one succeeds, the others conflict", "[OD-6]") {
  auto client = slow_writer();
  auto body = plain(archived_id);
  REQUIRE(client.post("/dialogs", body).status == 201);
  const auto path = path_of(body);
  struct Change {
    std::string what;
    std::function<Response()> send;
    int later; ///< the answer to the same change when the first is over
  };
  int progress = 0;
  const std::vector<Change> changes{
      {"PUT", [&] { return client.put(path, with_progress(body, ++progress)); }, 204},
      {"DELETE", [&] { return client.send(Method::del, path); }, 410},
      {"restore", [&] { return client.send(Method::post, path + "/actions/restore"); }, 204},
      {"purge", [&] { return client.send(Method::post, path + "/actions/purge"); }, 404},
  };
  for (const auto& change : changes) {
    INFO(change.what);
    client.begins_us += 10 * write_us;
    const auto won = change.send();
    CHECK(won.status == 204);
    CHECK(won.ready_us == client.begins_us + write_us);
    ++client.begins_us;
    const auto lost = change.send();
    CHECK(lost.status == 409);
    CHECK(errors(lost).contains(""));
    CHECK(lost.refusal == "parallel_write");
    client.begins_us = lost.ready_us;
    CHECK(change.send().status == change.later);
  }
}

TEST_CASE("with If-Match a change that met another is a failed precondition", "[OD-6]") {
  auto client = slow_writer();
  auto body = plain(archived_id);
  const auto revision = header(client.post("/dialogs", body), "Etag");
  REQUIRE(client.put(path_of(body), with_progress(body, 1), revision).status == 204);
  CHECK(client.put(path_of(body), with_progress(body, 2), revision).status == 412);
}

TEST_CASE("one idempotent key with different ids in parallel is a unique violation, afterwards a conflict",
          "[OD-7]") {
  auto client = slow_writer();
  auto body = live();
  body.erase("transmissions");
  const auto first = client.post("/dialogs", body);
  CHECK(first.status == 201);
  body["id"] = std::string(archived_id);
  const auto parallel = client.post("/dialogs", body);
  CHECK(parallel.status == 422);
  CHECK(first_error(parallel, "Dialog").starts_with("Key ('Org', 'IdempotentKey')"));
  CHECK(parallel.refusal == "parallel_key");
  client.begins_us = first.ready_us;
  CHECK(client.post("/dialogs", body).status == 409);
}

TEST_CASE("without a time for writes only requests whose work overlaps meet", "[OD-1]") {
  Client client;
  const auto race = observed("actor-name-race");
  for (const auto& body : race.at("bodies").as_array())
    CHECK(client.post("/dialogs", body).status == 201);
}
