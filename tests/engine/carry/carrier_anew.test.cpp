#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/carrier.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
const std::string record = "50001234/" + guid;
const std::string dialog = "0197823f-91b7-7fff-83bc-131e7988a1bb"; // M-43 example 1
const std::string revision = "11111111-0000-4000-8000-000000000001";
const std::string no_events = R"({"instanceEvents":[]})";

std::string event_at(const std::string& created) {
  return R"({"instanceEvents":[{"id":"4ef9d179-2d4b-403f-9fcc-6f7cd619f12e","eventType":"Created",)"
         R"("created":")" +
         created + R"(","user":{"orgId":"ttd"}}]})";
}

std::string instance_json(const std::string& status = "{}", const std::string& more = {},
                          const std::string& last_changed = "2025-06-18T10:00:00Z") {
  return R"({"id":")" + record +
         R"(","instanceOwner":{"partyId":"50001234"},"appId":"ttd/form","org":"ttd",)" + R"("status":)" +
         status + R"(,"data":[],)" + more + R"("created":"2025-06-18T08:54:53.623376Z","lastChanged":")" +
         last_changed + R"("})";
}

std::string dialog_json(const std::string& label = record, const std::string& more = {}) {
  return R"({"id":")" + dialog + R"(","revision":")" + revision + R"(",)" + more +
         R"("serviceOwnerContext":{"serviceOwnerLabels":[{"value":"urn:altinn:integration:storage:)" + label +
         R"("}]}})";
}

/// A carrier whose sources answer by path; each question is remembered.
struct AnewWorld : World {
  AnewWorld() {
    CarrierSetup setup;
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.metadata = stand_in_of<metadata_actor>(metadata);
    setup.registry = stand_in_of<register_actor>(registry);
    setup.people = std::make_shared<const PeopleBook>(lookup_age);
    setup.mapper = mapper;
    setup.now = instants();
    setup.clock = clock();
    setup.places.window = 1;
    carrier = spawn<Carrier>(std::move(setup));
    storage->at_once = [this](const Call& call) { return answer_of(call, storage_answers); };
    dialogporten->at_once = [this](const Call& call) { return answer_of(call, dialogporten_answers); };
    metadata->at_once = [this](const FindApplication&) { return std::optional(application); };
    registry->at_once = [](const FindParties&) {
      return std::optional(
          FoundParties{{{50001234, "urn:altinn:organization:identifier-no:310912409"}}, {}, std::nullopt});
    };
    application = {prepared("{}"), {}};
    storage_answers["/events"] = response(200, no_events);
    storage_answers["instances/" + record] = response(200, instance_json());
    dialogporten_answers["dialogs/" + dialog] = response(404);
  }

  std::shared_ptr<const mapping::PreparedApplication> prepared(const std::string& settings) const {
    codec::Parser parser;
    auto made = mapper->prepare(
        parser,
        codec::Document(R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},"dataTypes":[],)"
                        R"("messageBoxConfig":{"syncAdapterSettings":)" +
                        settings + "}}"),
        {});
    REQUIRE(made);
    return *made;
  }

  MappedAnew map(bool absence_confirmed = false, bool is_migration = false,
                 Priority priority = Priority::live) {
    return ask<MappedAnew>(carrier, MapAnew{record, is_migration, absence_confirmed, priority})->value();
  }

  void is_gone() {
    storage_answers["instances/" + record] = response(404, "\"Unable to find instance " + guid + "\"");
    dialogporten_answers["dialoglookup"] =
        response(200, R"({"dialogId":")" + dialog +
                          R"(","serviceResource":{"id":"urn:altinn:resource:app_ttd_form"}})");
    dialogporten_answers["dialogs/" + dialog] = response(200, dialog_json());
    storage_answers["instanceOwner.partyId="] = response(200, R"({"count":0,"next":null,"instances":[]})");
  }

  std::size_t asked(const std::shared_ptr<Desk<Call, Answered>>& desk, const std::string& part) const {
    return static_cast<std::size_t>(
        std::count_if(desk->asked.begin(), desk->asked.end(), [&](const Call& call) {
          return call.request->target.find(part) != std::string::npos;
        }));
  }

  std::shared_ptr<const mapping::Mapper> mapper = std::make_shared<const mapping::Mapper>();
  std::map<std::string, http::Answer> storage_answers; ///< by a part of the target; the longest that fits
  std::map<std::string, http::Answer> dialogporten_answers;
  FoundApplication application;
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<FindApplication, FoundApplication>> metadata =
      std::make_shared<Desk<FindApplication, FoundApplication>>();
  std::shared_ptr<Desk<FindParties, FoundParties>> registry =
      std::make_shared<Desk<FindParties, FoundParties>>();
  carrier_actor carrier;

  std::optional<Answered> reply(const Call& call) const { return answer_of(call, storage_answers); }

private:
  static std::optional<Answered> answer_of(const Call& call,
                                           const std::map<std::string, http::Answer>& from) {
    const auto& target = call.request->target;
    const std::pair<const std::string, http::Answer>* best = nullptr;
    for (const auto& entry : from) {
      const bool ends = entry.first == "/events" ||
                        target.size() == target.find(entry.first) + entry.first.size() ||
                        entry.first.find('=') != std::string::npos || entry.first == "dialoglookup";
      if (target.find(entry.first) != std::string::npos && ends) best = &entry;
    }
    INFO(target);
    REQUIRE(best != nullptr);
    return answered(call.operation, best->second);
  }
};

} // namespace

TEST_CASE("A record that is read anew and has no dialog is to be created, loud where it is live",
          "[engine][anew][M-8]") {
  const auto is_migration = GENERATE(true, false);
  AnewWorld world;
  const auto mapped = world.map(false, is_migration);
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls == std::vector{mapping::Call::create});
  CHECK(mapped.decision->silent == is_migration);
  CHECK(mapped.last_changed == *parse_instant("2025-06-18T10:00:00Z"));
  CHECK(mapped.organisation == "ttd");
  for (const auto& desk : {world.storage, world.dialogporten})
    for (const auto& call : desk->asked)
      CHECK(call.priority == Priority::live);
}

TEST_CASE("A record that is read anew is mapped against the dialog that is there", "[engine][anew]") {
  AnewWorld world;
  world.dialogporten_answers["dialogs/" + dialog] = response(200, dialog_json());
  const auto mapped = world.map();
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls == std::vector{mapping::Call::update});
  CHECK(mapped.decision->revision == parse_uuid(revision));
}

TEST_CASE(
    "History changes a dialog by what its record is after the dialog was read, as others may write it, too",
    "[engine][anew][engines]") {
  AnewWorld world;
  const std::string deleted = R"({"isSoftDeleted":true,"softDeleted":"2025-06-18T10:00:00Z"})";
  const auto changed = GENERATE(std::string("2025-06-18T10:00:00Z"), std::string("2025-06-18T10:00:01Z"));
  int dialogs = 0;
  world.dialogporten->at_once = [&](const Call& call) {
    ++dialogs;
    world.storage_answers["instances/" + record] = response(200, instance_json(deleted, {}, changed));
    return std::optional(answered(call.operation, response(200, dialog_json())));
  };
  const auto of = [&](const char* part) { return world.asked(world.storage, part); };
  SECTION("in history") {
    const auto mapped = world.map(false, true, Priority::history);
    REQUIRE(mapped.decision);
    CHECK(mapped.decision->calls == std::vector{mapping::Call::remove});
    const bool is_another_version = changed.ends_with("01Z");
    CHECK(dialogs == (is_another_version ? 2 : 1));
    CHECK(of("instances/") - of("/events") == (is_another_version ? 3 : 2));
  }
  SECTION("live, which has a record's changes to itself, at once") {
    const auto mapped = world.map();
    REQUIRE(mapped.decision);
    CHECK(mapped.decision->calls == std::vector{mapping::Call::update});
    CHECK(of("instances/") - of("/events") == 1);
  }
}

TEST_CASE("A soft-deleted record whose dialog was deleted and that came back is restored",
          "[engine][anew][D-1]") {
  AnewWorld world;
  world.dialogporten_answers["dialogs/" + dialog] =
      response(200, dialog_json(record, R"("deletedAt":"2025-06-18T09:00:00Z",)"));
  CHECK(world.map().decision->calls.front() == mapping::Call::restore);
}

TEST_CASE("A dialog that another record claims fails the record and is left alone", "[engine][anew][M-4]") {
  AnewWorld world;
  world.dialogporten_answers["dialogs/" + dialog] = response(200, dialog_json("1/other"));
  const auto mapped = world.map();
  CHECK_FALSE(mapped.decision);
  CHECK(mapped.problem.member == "dialog.id");
}

TEST_CASE("Labels are compared ignoring case, as Dialogporten stores them in lower case", "[engine][anew]") {
  AnewWorld world;
  auto upper = record;
  upper[10] = 'D';
  world.dialogporten_answers["dialogs/" + dialog] = response(200, dialog_json(upper));
  CHECK(world.map().decision);
}

TEST_CASE("A record read anew does not wait for room in the window", "[engine][anew]") {
  AnewWorld world;
  world.storage->at_once = nullptr;
  const auto first = world.ask<MappedAnew>(world.carrier, MapAnew{record, false, false, Priority::live});
  const auto second = world.ask<MappedAnew>(world.carrier, MapAnew{record, false, false, Priority::live});
  CHECK(world.storage->asked.size() == 2);
}

TEST_CASE("Events are read after their record, so that none it knows of is missing", "[engine][anew]") {
  AnewWorld world;
  world.map();
  REQUIRE(world.storage->asked.size() == 2);
  CHECK(world.storage->asked[0].request->target.ends_with("instances/" + record));
  CHECK(world.storage->asked[1].request->target.find("/events") != std::string::npos);
}

TEST_CASE("A record that changed before its events were read is read once more", "[engine][anew]") {
  AnewWorld world;
  const std::string later = "2025-06-18T10:00:01Z";
  world.storage->at_once = [&](const Call& call) {
    auto answer = world.reply(call);
    world.storage_answers["/events"] = response(200, event_at(later));
    if (call.request->target.find("/events") != std::string::npos)
      world.storage_answers["instances/" + record] = response(200, instance_json("{}", {}, later));
    return answer;
  };
  world.storage_answers["/events"] = response(200, event_at(later));
  const auto mapped = world.map();
  REQUIRE(mapped.decision);
  CHECK(mapped.last_changed == *parse_instant(later));
  CHECK(world.asked(world.storage, "instances/" + record) == 4);
  CHECK(world.asked(world.storage, "/events") == 2);
}

TEST_CASE("A record whose events are newer than itself for good is read twice and no more",
          "[engine][anew]") {
  AnewWorld world;
  world.storage_answers["/events"] = response(200, event_at("2025-06-18T10:00:01Z"));
  REQUIRE(world.map().decision);
  CHECK(world.asked(world.storage, "/events") == 1);
  CHECK(world.asked(world.storage, "instances/" + record) == 3);
}

TEST_CASE("A record that changes at every reading is mapped as it was last seen", "[engine][anew]") {
  AnewWorld world;
  int second = 0;
  world.storage->at_once = [&](const Call& call) {
    const auto now = "2025-06-18T10:00:" + std::to_string(10 + second++) + "Z";
    if (call.request->target.find("/events") != std::string::npos)
      return std::optional(answered(call.operation, response(200, event_at(now))));
    return std::optional(answered(call.operation, response(200, instance_json("{}", {}, now))));
  };
  REQUIRE(world.map().decision);
  CHECK(world.asked(world.storage, "/events") == 4);
}

TEST_CASE("What cannot be had fails the reading with status and attempts", "[engine][anew]") {
  const auto which = GENERATE(0, 1, 2);
  AnewWorld world;
  const auto broken = response(500, R"({"title":"Broken"})");
  if (which == 0) world.storage_answers["/events"] = broken;
  if (which == 1) world.storage_answers["instances/" + record] = broken;
  if (which == 2) world.dialogporten_answers["dialogs/" + dialog] = broken;
  const auto mapped = world.map();
  CHECK_FALSE(mapped.decision);
  CHECK(mapped.http_status == 500);
  CHECK(mapped.problem.message == "status 500, Broken");
}

TEST_CASE("An archived form that is not wholly imported is deferred and looked at again",
          "[engine][anew][storage 3.2]") {
  AnewWorld world;
  world.storage_answers["instances/" + record] =
      response(200, instance_json(R"({"isArchived":true})", R"("dataValues":{"A2ArchRef":"123"},)"));
  const auto mapped = world.map();
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls.empty());
  CHECK(mapped.decision->outcome == Outcome::deferred);
  REQUIRE(mapped.again);
  CHECK(mapped.again->why == SecondLook::Why::import);
  CHECK(mapped.again->due > world.instant());
}

// -- records that are gone ------------------------------------------------------------------

TEST_CASE("A record that is gone and never had a dialog needs nothing", "[engine][anew]") {
  AnewWorld world;
  world.is_gone();
  world.dialogporten_answers["dialoglookup"] = response(404);
  const auto mapped = world.map();
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls.empty());
  CHECK(mapped.decision->outcome == Outcome::excluded);
  CHECK_FALSE(mapped.again);
}

TEST_CASE("A purge never follows from one 404: the list is asked, and the record looked at again",
          "[engine][anew][storage 2.10]") {
  AnewWorld world;
  world.is_gone();
  const auto mapped = world.map();
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls.empty());
  CHECK(mapped.decision->outcome == Outcome::deferred);
  REQUIRE(mapped.again);
  CHECK(mapped.again->why == SecondLook::Why::absence);
  CHECK(mapped.again->due == world.instant() + 60s);
  CHECK(world.asked(world.storage, "instanceOwner.partyId=50001234") == 1);
}

TEST_CASE("A record that is still gone after the first confirmation is purged",
          "[engine][anew][storage 2.10]") {
  AnewWorld world;
  world.is_gone();
  const auto mapped = world.map(true);
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls == std::vector{mapping::Call::purge});
  CHECK(mapped.decision->dialog_id == *parse_uuid(dialog));
  CHECK(mapped.decision->revision == parse_uuid(revision));
}

TEST_CASE("A record that the list has is there, whatever the 404 said", "[engine][anew][storage 2.10]") {
  AnewWorld world;
  world.is_gone();
  world.storage_answers["instanceOwner.partyId="] =
      response(200, R"({"count":1,"next":null,"instances":[)" + instance_json() + "]}");
  const auto mapped = world.map();
  REQUIRE(mapped.decision);
  CHECK(mapped.decision->calls == std::vector{mapping::Call::update});
  CHECK_FALSE(mapped.again);
}

TEST_CASE("An application that switched deletion off keeps its dialogs when their forms are gone",
          "[engine][anew][M-103]") {
  AnewWorld world;
  world.is_gone();
  world.application = {world.prepared(R"({"disableDelete":true})"), {}};
  CHECK(world.map(true).decision->calls.empty());
}

TEST_CASE("A 404 that hides an internal error is no absence", "[engine][anew][storage 2.10]") {
  AnewWorld world;
  world.is_gone();
  world.storage_answers["instances/" + record] =
      response(404, "\"Unable to find instance " + guid + ": the database is down\"");
  const auto mapped = world.map(true);
  CHECK_FALSE(mapped.decision);
  CHECK(world.asked(world.dialogporten, "") == 0);
}

// -- a second look ------------------------------------------------------------------------------

TEST_CASE("A record whose events are as they were costs one request, and nothing is to be done",
          "[engine][anew][OS-1]") {
  AnewWorld world;
  const auto first = world.map();
  CHECK(first.seen.events != 0);
  CHECK(first.seen.row != 0);
  const auto asked = world.storage->asked.size();
  const auto asked_there = world.dialogporten->asked.size();
  const auto again =
      world.ask<MappedAnew>(world.carrier, MapAnew{record, false, false, Priority::live, first.seen.events})
          ->value();
  REQUIRE(again.decision);
  CHECK(again.decision->calls.empty());
  CHECK(again.nothing_new);
  CHECK(world.storage->asked.size() == asked + 1);
  CHECK(world.storage->asked.back().request->target.find("/events") != std::string::npos);
  CHECK(world.dialogporten->asked.size() == asked_there);
}

TEST_CASE("A record to which an event has come since is read whole", "[engine][anew][OS-1]") {
  AnewWorld world;
  const auto first = world.map();
  world.storage_answers["/events"] = response(200, event_at("2025-06-18T09:00:00Z"));
  const auto again =
      world.ask<MappedAnew>(world.carrier, MapAnew{record, false, false, Priority::live, first.seen.events})
          ->value();
  REQUIRE(again.decision);
  CHECK(again.decision->calls == std::vector{mapping::Call::create});
  CHECK_FALSE(again.nothing_new);
  CHECK(again.seen.events != first.seen.events);
}

TEST_CASE("A record is known by the id that the source gives, whatever party it was asked for with",
          "[engine][anew][OE-6]") {
  AnewWorld world;
  world.dialogporten_answers["dialogs/" + dialog] = response(200, dialog_json());
  for (const std::string party : {"0050001234", "50099999", "9999999999999999999999999999999999999999"}) {
    const auto named = party + "/" + guid;
    world.storage_answers["instances/" + named] = response(200, instance_json());
    const auto mapped =
        world.ask<MappedAnew>(world.carrier, MapAnew{named, false, false, Priority::live})->value();
    INFO(mapped.problem.message);
    REQUIRE(mapped.decision);
    CHECK(mapped.decision->calls == std::vector{mapping::Call::update});
    CHECK(mapped.record_id == record);
  }
}
