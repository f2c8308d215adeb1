#include "support.hpp"

#include <catch2/catch.hpp>

// M4 to M6
namespace altinn_sim::correspondence::testing {

namespace {

constexpr auto m4 = "correspondence/syncStatusEvent";
constexpr auto m5 = "correspondence/syncForwardingEvent";

/// As on the real server: four workers, 20 ms a job, a write of Dialogporten takes 3 ms.
Behaviour as_real() {
  Behaviour behaviour;
  behaviour.jobs.time = std::chrono::milliseconds(20);
  return behaviour;
}

/// A world with one published record: its id and its dialog's.
struct Published {
  explicit Published(World& world, std::int64_t altinn2_id = 1)
      : id(world.migrate(message(altinn2_id)))
      , dialog(json::value_to<std::string>(world.publish(id).at("dialogId"))) {
    world.writes.clear();
  }
  std::string id, dialog;
};

json::object forward(std::string_view at, std::string_view email) {
  return {{"forwardedOnDate", at}, {"forwardedByPartyUuid", reader}, {"forwardedToEmail", email}};
}

} // namespace

TEST_CASE("Bin, then restore overtake each other: some dialogs end in the bin", "[OC-5]") {
  World world(as_real(), std::chrono::milliseconds(3));
  int in_bin = 0;
  for (int at = 1; at <= 40; ++at) {
    const Published made(world, at);
    world.post(m4, sync(made.id, "syncedStatusEvents",
                        observed("labels-bin-and-restore").at("input").at("syncedStatusEvents").as_array()));
    world.let_jobs_end();
    if (world.label(made.dialog) == "Bin") ++in_bin;
    CHECK(!world.record(made.id).in_bin());
  }
  CHECK(in_bin >= 5);
  CHECK(in_bin <= 35);
}

TEST_CASE("One event at a time, waited for, ends right", "[OC-5]") {
  World world(as_real(), std::chrono::milliseconds(3));
  const Published made(world);
  for (const auto& [status, label] :
       {std::pair("SoftDeletedByRecipient", "Bin"), std::pair("RestoredByRecipient", "Default"),
        std::pair("Archived", "Archive")}) {
    world.post(m4, sync(made.id, "syncedStatusEvents", {event(status, "2026-02-04T09:00:00Z")}));
    world.let_jobs_end();
    CHECK(world.label(made.dialog) == label);
  }
}

TEST_CASE("Jobs of one dialog that overlap get 409 and are done again later", "[OC-6]") {
  World world(as_real(), std::chrono::milliseconds(15));
  const Published made(world);
  json::array forwards;
  for (const auto* at : {"2026-02-04T09:30:00Z", "2026-02-04T09:31:00Z", "2026-02-04T09:32:00Z"})
    forwards.push_back(forward(at, "a@eksempel.no"));
  world.post(m5, sync(made.id, "syncedForwardingEvents", forwards));
  world.let_jobs_end();
  CHECK(world.service.figures().retried_jobs > 0);
  CHECK(std::any_of(world.writes.begin(), world.writes.end(),
                    [](const Write& each) { return each.status == 409; }));
  CHECK(world.dialog(made.dialog).at("activities").as_array().size() == 3);
}

TEST_CASE("An event that lands while M3 runs is stored and never shown, however often it is sent", "[OC-7]") {
  World world;
  const auto id = world.migrate(message(1));
  auto publishing = world.begin("makemigratedcorrespondenceavailable", {{"correspondenceId", id}});
  const auto time = publishing.work->next(publishing).value();
  const auto bin = sync(id, "syncedStatusEvents", {event("SoftDeletedByRecipient", "2026-02-04T09:00:00Z")});
  CHECK(world.post(m4, bin).status == 200);
  world.rest(time);
  finish(publishing, [](std::chrono::microseconds) {});
  world.writes.clear();
  CHECK(world.post(m4, bin).status == 200);
  world.let_jobs_end();
  CHECK(world.writes.empty());
  CHECK(world.record(id).in_bin());
  CHECK(world.label(*world.record(id).dialog()) == "Default");
}

TEST_CASE(
    "Forwards of one party within a second are both stored in one call, not in two; at one instant one is",
    "[OC-16]") {
  World world;
  world.users[5] = world.users[6] = Party{"", "OLA NORDMANN", ""};
  const Published made(world);
  const auto both = observed("forwards-in-one-second").at("input").at("syncedForwardingEvents").as_array();
  world.post(m5, sync(made.id, "syncedForwardingEvents", both));
  world.let_jobs_end();
  CHECK(world.record(made.id).forwards.size() == 2);
  CHECK(world.dialog(made.dialog).at("activities").as_array().size() == 2);

  const Published other(world, 2);
  for (const auto& each : both)
    world.post(m5, sync(other.id, "syncedForwardingEvents", {each}));
  CHECK(world.record(other.id).forwards.size() == 1);

  const Published third(world, 3);
  const json::array same{forward("2026-02-04T09:30:00Z", "a@eksempel.no"),
                         forward("2026-02-04T09:30:00Z", "b@eksempel.no")};
  CHECK(world.post(m5, sync(third.id, "syncedForwardingEvents", same)).status == 200);
  CHECK(world.record(third.id).forwards.size() == 1);
}

TEST_CASE("Events of a record that still migrates are stored and shown by M3", "[1.10]") {
  World world;
  const auto id = world.migrate(message(1));
  world.post(m4, sync(id, "syncedStatusEvents",
                      {event("Read", "2026-02-04T09:00:00Z"), event("Fetched", "2026-02-04T08:00:00Z")}));
  world.let_jobs_end();
  CHECK(world.writes.empty());
  CHECK(world.record(id).statuses.size() == 2);
  const auto dialog = world.dialog(json::value_to<std::string>(world.publish(id).at("dialogId")));
  CHECK(dialog.at("activities").at(0).at("type") == "CorrespondenceOpened");
}

TEST_CASE("A job that never succeeds is given up after its tenth try", "[4.3]") {
  World world(as_real());
  const Published made(world);
  world.post(m5, sync(made.id, "syncedForwardingEvents",
                      {{{"forwardedOnDate", "2026-02-04T09:00:00Z"},
                        {"forwardedByPartyUuid", "c0ffee00-1111-4222-8333-444455556666"},
                        {"forwardedToEmail", "a@eksempel.no"}}}));
  world.let_jobs_end();
  CHECK(world.service.figures().failed_jobs == 1);
  CHECK(world.service.figures().retried_jobs == Jobs::most_tries - 1);
  CHECK(world.service.figures().open_jobs == 0);
}

} // namespace altinn_sim::correspondence::testing
