#include "support.hpp"

#include <catch2/catch.hpp>

// M3
namespace altinn_sim::correspondence::testing {

namespace {

using std::chrono::microseconds;

constexpr auto m3 = "makemigratedcorrespondenceavailable";

json::object list_of(const std::vector<std::string>& ids) {
  json::array list;
  for (const auto& id : ids)
    list.emplace_back(id);
  return {{"correspondenceIds", list}};
}

std::string dialog_of(const json::object& entry) {
  return json::value_to<std::string>(entry.at("dialogId"));
}

/// Does so many steps of what is left, then goes away.
void leave_after(World& world, Response response, int steps) {
  for (int at = 0; at < steps; ++at)
    if (const auto time = response.work->next(response)) world.rest(*time);
}

} // namespace

TEST_CASE(
    "A caller that goes away strands the record in work: those before it are done, those behind untouched",
    "[OC-1]") {
  World world;
  std::vector<std::string> ids;
  for (int at = 1; at <= 5; ++at)
    ids.push_back(world.migrate(message(at)));
  leave_after(world, world.begin(m3, list_of(ids)), 3);
  CHECK(world.dialogporten.size() == 3);
  CHECK(world.record(ids[1]).dialog().has_value());
  CHECK(!world.record(ids[2]).dialog());
  CHECK(world.record(ids[2]).is_migrating);
  for (int time = 0; time < 2; ++time) {
    const auto entry = world.publish(ids[2]);
    CHECK(entry.at("ok").as_bool());
    CHECK(dialog_of(entry) == "");
  }
  CHECK(world.record(ids[3]).is_migrating);
  CHECK(dialog_of(world.publish(ids[3])) != "");
}

TEST_CASE("A stranded record is repaired by a purge of its dialog, then M3", "[OC-1]") {
  World world;
  const auto id = world.migrate(message(1));
  leave_after(world, world.begin(m3, {{"correspondenceId", id}}), 1);
  const auto dialog = json::value_to<std::string>(world.writes.front().body.at("id"));
  CHECK(dialog_of(world.publish(id)) == "");
  CHECK(world.at_dialogporten(Method::post, '/' + dialog + "/actions/purge").status == 204);
  CHECK(dialog_of(world.publish(id)) == dialog);
  CHECK(!world.record(id).is_migrating);
}

TEST_CASE("A 500 after a stored creation strands the record as well", "[OC-1]") {
  World world;
  const auto id = world.migrate(message(1));
  world.behind = Behind::error_after_store;
  CHECK(dialog_of(world.publish(id)) == "");
  world.behind = Behind::nothing;
  CHECK(world.writes.at(0).status == 201);
  CHECK(world.writes.at(1).status == 422);
  CHECK(dialog_of(world.publish(id)) == "");
  CHECK(world.record(id).is_migrating);
}

TEST_CASE("A refusal by Dialogporten is answered as if all were well, and leaves nothing behind", "[3.10]") {
  World world;
  const auto id = world.migrate(message(1));
  world.behind = GENERATE(Behind::refused_400, Behind::refused_422);
  const auto entry = world.publish(id);
  CHECK(entry.at("ok").as_bool());
  CHECK(dialog_of(entry) == "");
  world.behind = Behind::nothing;
  CHECK(dialog_of(world.publish(id)) != "");
}

TEST_CASE("Several callers for one id: one gets the dialog, the others an empty id, until they ask again",
          "[OC-2]") {
  World world;
  const auto id = world.migrate(message(1));
  std::vector<Response> callers;
  for (int at = 0; at < 6; ++at) {
    callers.push_back(world.begin(m3, {{"correspondenceId", id}}));
    CHECK(callers.back().work->next(callers.back()).has_value());
  }
  int with_id = 0;
  for (auto& each : callers) {
    finish(each, [](microseconds) {});
    if (json::parse(each.body).at("statuses").at(0).at("dialogId") != "") ++with_id;
  }
  CHECK(with_id == 1);
  CHECK(dialog_of(world.publish(id)) != "");
}

TEST_CASE("The longer the list, the more each id costs", "[OC-3]") {
  const auto time_for = [](int count) {
    World world;
    std::vector<std::string> ids;
    for (int at = 1; at <= count; ++at)
      ids.push_back(world.migrate(message(at)));
    const auto before = world.steady;
    world.post(m3, list_of(ids));
    return static_cast<double>(world.steady - before) / count;
  };
  const auto alone = time_for(1);
  CHECK(time_for(20) < 1.3 * alone);
  CHECK(time_for(400) > 3.5 * alone);
}

TEST_CASE("A caller of a live M2 that goes away leaves it without some of its events, and without its dialog "
          "for ever",
          "[OC-4]") {
  World world;
  auto body = observed("m2-hang-up").at("input").as_object();
  body["makeAvailable"] = true;
  leave_after(world, world.begin("correspondence", body), 4);
  world.let_jobs_end();
  const auto stored = world.service.find_altinn2(70000001).value();
  CHECK(stored.deletes.size() == 3);
  CHECK(stored.is_migrating);
  const auto again = world.answer("correspondence", body);
  world.let_jobs_end();
  CHECK(again.at("dialogId").is_null());
  CHECK(world.record(to_string(stored.id)).deletes.size() == 8);
  CHECK(world.dialogporten.size() == 0);
  CHECK(dialog_of(world.publish(to_string(stored.id))) != "");
}

TEST_CASE("A window takes the newest first, and its jobs are not hit when the caller goes away", "[1.5]") {
  World world;
  std::vector<std::string> ids;
  for (int at = 1; at <= 3; ++at) {
    auto body = message(at);
    body["created"] = "2023-11-0" + std::to_string(at) + "T00:00:00Z";
    ids.push_back(world.migrate(body));
  }
  CHECK(world.post(m3, {{"batchSize", 2}}).status == 500);
  auto response =
      world.begin(m3, {{"batchSize", 2}, {"createdTo", "2024-01-01T00:00:00Z"}, {"asyncProcessing", true}});
  response.work.reset();
  world.let_jobs_end();
  CHECK(world.record(ids[0]).is_migrating);
  CHECK(!world.record(ids[1]).is_migrating);
  CHECK(!world.record(ids[2]).is_migrating);
}

TEST_CASE("An id nobody knows, and a purged one, are told as exceptions", "[1.5]") {
  World world;
  const auto unknown = world.publish("01934c5a-7b00-7abc-8def-0123456789ab");
  CHECK(!unknown.at("ok").as_bool());
  CHECK(json::value_to<std::string>(unknown.at("error")).find("not found") != std::string::npos);
  const auto id = world.migrate(message(1));
  world.post("correspondence/syncStatusEvent",
             sync(id, "syncedStatusEvents", {event("PurgedByRecipient", "2024-01-01T00:00:00Z")}));
  CHECK(!world.publish(id).at("ok").as_bool());
}

} // namespace altinn_sim::correspondence::testing
