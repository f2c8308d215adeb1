#include "carrier_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

// -- what becomes of it -----------------------------------------------------------------------

TEST_CASE("A record's dialog bears its label, and what the upload makes of it is passed on",
          "[engine][carrier][M-57]") {
  const auto outcome = GENERATE(Outcome::created, Outcome::unchanged, Outcome::deleted);
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, no_events));
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.uploads->asked[0].decision->body.find("urn:altinn:integration:storage:50001234/" + guid) !=
        std::string::npos);
  CHECK(world.uploads->asked[0].record_id == "50001234/" + guid);
  CHECK(world.uploads->asked[0].lane == *parse_uuid(guid));
  CHECK(world.uploads->asked[0].listed == 5s);
  CHECK(world.uploads->asked[0].carrier == world.carrier);
  CHECK(world.uploads->asked[0].decision->silent);
  Uploaded uploaded;
  uploaded.outcome = outcome;
  world.answer(world.uploads, 0, uploaded);
  CHECK(world.only().batch == 3);
  CHECK(world.only().index == 0);
  CHECK(world.only().result.outcome == outcome);
  CHECK_FALSE(world.only().result.failure);
}

TEST_CASE("An upload that fails becomes a failure with everything it said", "[engine][carrier]") {
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, no_events));
  Uploaded uploaded;
  uploaded.problem = {"Party", "is not known", {}};
  uploaded.http_status = 422;
  uploaded.body = "the start of the answer";
  uploaded.attempts = 7;
  world.answer(world.uploads, 0, uploaded);
  const auto& failure = world.failure();
  CHECK(failure.record_id == "50001234/" + guid);
  CHECK(failure.organisation == "ttd");
  CHECK(failure.last_changed == *parse_instant("2025-06-18T10:00:00Z"));
  CHECK(failure.problem == uploaded.problem);
  CHECK(failure.http_status == 422);
  CHECK(failure.attempts == 7);
  CHECK(failure.body_excerpt == "the start of the answer");
}

TEST_CASE("A record that is not to be carried has its outcome without an upload", "[engine][carrier][M-5]") {
  CarrierWorld world;
  world.carry({instance_json(50001234, guid, R"({"isHardDeleted":true})")});
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, no_events));
  CHECK(world.only().result.outcome == Outcome::excluded);
  CHECK(world.uploads->asked.empty());
}

TEST_CASE("Records are uploaded side by side, and each outcome reaches its own", "[engine][carrier]") {
  CarrierWorld world;
  world.carry(
      {instance_json(50001234, guid), instance_json(50001234, "0dbc1da6-f744-4fff-83bc-131e7988a1bc")});
  world.reply_application(0);
  world.reply_application(1);
  world.reply_party();
  world.reply_events(0, response(200, no_events));
  world.reply_events(1, response(200, no_events));
  REQUIRE(world.uploads->asked.size() == 2);
  CHECK(world.uploads->asked[0].decision->dialog_id != world.uploads->asked[1].decision->dialog_id);
  world.answer(world.uploads, 1, Uploaded{Outcome::created, {}, 0, {}, 1, {}, {}, {}});
  CHECK(world.only().index == 1);
}

TEST_CASE("Only so many records begin as the window lets, and more as soon as it is widened",
          "[engine][carrier]") {
  CarrierWorld world;
  world.tell(world.carrier, SetWindow{1});
  world.carry({instance_json(50001234, guid), instance_json(50001234, "0dbc1da6-f744-4fff-83bc-131e7988a1bc"),
               instance_json(50001234, "0dbc1da6-f744-4fff-83bc-131e7988a1bd")});
  CHECK(world.storage->asked.size() == 1);
  world.tell(world.carrier, SetWindow{2});
  CHECK(world.storage->asked.size() == 2);
  world.reply_events(0, response(503), 8);
  world.reply_application();
  world.reply_party();
  REQUIRE(world.done->size() == 1); // which makes room for the third
  CHECK(world.storage->asked.size() == 3);
}

TEST_CASE("A record whose request waits out a pause leaves its place to another", "[engine][carrier]") {
  CarrierWorld world;
  world.tell(world.carrier, SetWindow{1});
  const auto hand = [&](char last) {
    world.carry({instance_json(50001234, "0dbc1da6-f744-4fff-83bc-131e7988a1b" + std::string(1, last))});
  };
  hand('a');
  hand('b');
  CHECK(world.storage->asked.size() == 1);
  *world.resting = 1;
  hand('c');
  CHECK(world.storage->asked.size() == 2);
}

TEST_CASE("Records of a paused row are not begun, others are, until it goes on or the engine ends",
          "[engine][carrier][steering]") {
  const bool ends = GENERATE(true, false);
  CarrierWorld world;
  const auto row = std::make_shared<RowControls>();
  world.tell(world.carrier, SetWindow{1});
  const auto hand = [&](char last, std::shared_ptr<const RowControls> controls) {
    world.carry({instance_json(50001234, "0dbc1da6-f744-4fff-83bc-131e7988a1b" + std::string(1, last))},
                Priority::history, true, std::move(controls));
  };
  hand('a', row);
  hand('b', row);
  hand('c', nullptr);
  row->paused = true;
  world.tell(world.carrier, SetWindow{4});
  REQUIRE(world.storage->asked.size() == 2);
  CHECK(world.storage->asked[1].request->target.find("131e7988a1bc") != std::string::npos);
  ends ? row->stopping = true : row->paused = false;
  world.tell(world.carrier, Steer{});
  CHECK(world.storage->asked.size() == 3);
}

TEST_CASE("Of the records that wait those go first that an operator has put first", "[engine][carrier]") {
  CarrierWorld world;
  world.tell(world.carrier, SetWindow{1});
  for (const auto& [last, priority] : {std::pair('a', Priority::history), std::pair('b', Priority::last),
                                       std::pair('c', Priority::history), std::pair('d', Priority::first)})
    world.carry({instance_json(50001234, "0dbc1da6-f744-4fff-83bc-131e7988a1b" + std::string(1, last))},
                priority);
  world.tell(world.carrier, SetWindow{4});
  std::string begun;
  for (const auto& call : world.storage->asked)
    begun += call.request->target.at(call.request->target.find("131e7988a1b") + 11);
  CHECK(begun == "adcb");
}

// -- failures ---------------------------------------------------------------------------------

TEST_CASE("A row with a problem fails at once, without a request, and the others of its hand go on",
          "[engine][carrier]") {
  CarrierWorld world;
  world.carry({R"({"id":"50001234/)" + guid + R"(","appId":"ttd/form"})", instance_json(50001234, guid)});
  CHECK(world.failure().record_id == "50001234/" + guid);
  CHECK(world.failure().problem.member.starts_with("instance"));
  CHECK(world.only().index == 0);
  CHECK(world.storage->asked.size() == 1);
  CHECK(world.metadata->asked.size() == 1);
  CHECK(world.registry->asked.size() == 1);
}

TEST_CASE("A record whose events could not be had waits, with the answer's status and attempts",
          "[engine][carrier]") {
  CarrierWorld world;
  world.carry_one();
  world.reply_events(0, response(500, R"({"title":"Broken"})"), 8);
  CHECK(world.done->empty());
  world.reply_application();
  world.reply_party();
  CHECK(world.held().problem.message == "status 500, Broken");
  CHECK(world.held().http_status == 500);
  CHECK(world.held().attempts == 8);
  CHECK(world.uploads->asked.empty());
}

TEST_CASE("A record whose events cannot be read fails", "[engine][carrier]") {
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, R"({"instanceEvents":[7]})"));
  CHECK_FALSE(world.failure().problem.message.empty());
}

TEST_CASE("A record whose application could not be had fails with the application's problem",
          "[engine][carrier]") {
  CarrierWorld world;
  world.carry_one();
  world.reply_events(0, response(200, no_events));
  world.reply_party();
  world.answer(world.metadata, 0, FoundApplication{nullptr, {"application", "is gone", {}}});
  CHECK(world.failure().problem.member == "application");
  world.carry_one();
  CHECK(world.metadata->asked.size() == 2);
}

TEST_CASE("Where Register could not be asked, every record of the hand that needs it fails, and the next "
          "asks again",
          "[engine][carrier]") {
  CarrierWorld world;
  world.carry({instance_json(1, guid), instance_json(2, guid)});
  for (std::size_t i = 0; i < 2; ++i) {
    world.reply_events(i, response(200, no_events));
    world.reply_application(i);
  }
  world.answer(world.registry, 0, FoundParties{{}, {}, Problem{"register", "is down", {}}});
  REQUIRE(world.done->size() == 2);
  for (const auto& one : *world.done)
    CHECK(one.result.failure->problem.message == "is down");
  world.carry({instance_json(1, guid)});
  CHECK(world.registry->asked.size() == 2);
}

TEST_CASE("A record whose owner Register does not know, or has no name of, fails",
          "[engine][carrier][M-50]") {
  const auto found = GENERATE(FoundParties{}, FoundParties{{{50001234, ""}}, {}, std::nullopt});
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_events(0, response(200, no_events));
  world.answer(world.registry, 0, found);
  CHECK_FALSE(world.failure().problem.message.empty());
  CHECK(world.uploads->asked.empty());
}

TEST_CASE(
    "One who acted and has no name fails the record; one whom Register does not know does not by itself",
    "[engine][carrier][M-50][M-113]") {
  CarrierWorld nameless;
  nameless.carry_one();
  nameless.reply_application();
  nameless.reply_party();
  nameless.reply_events(0, response(200, created_by(20001234)));
  nameless.answer(nameless.registry, 1, FoundParties{{}, {{20001234, ""}}, std::nullopt});
  const auto of_nameless = nameless.failure().problem;

  CarrierWorld unknown;
  unknown.carry_one();
  unknown.reply_application();
  unknown.reply_party();
  unknown.reply_events(0, response(200, created_by(20001234)));
  unknown.answer(unknown.registry, 1, FoundParties{});
  const bool told_apart = unknown.done->empty() || unknown.failure().problem.message != of_nameless.message;
  CHECK(told_apart);
}

TEST_CASE("A record that cannot be mapped fails with the mapping's problem", "[engine][carrier]") {
  CarrierWorld world;
  auto broken = instance_json(50001234, guid);
  broken.replace(broken.find(R"("data":[])"), 9, R"("data":7)");
  world.carry({broken});
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, no_events));
  CHECK(world.failure().problem.member.find("data") != std::string::npos);
}

TEST_CASE("A record waits where an actor it needs is gone, which ends the engine", "[engine][carrier]") {
  const auto which = GENERATE(0, 1, 2, 3);
  CarrierWorld world;
  const std::vector<caf::actor> actors = {world.storage->actor, world.metadata->actor, world.registry->actor,
                                          world.uploads->actor};
  caf::anon_send_exit(actors[static_cast<std::size_t>(which)], caf::exit_reason::kill);
  world.carry_one();
  if (which != 0) world.reply_events(0, response(200, no_events));
  if (which != 1) world.reply_application();
  if (which != 2) world.reply_party();
  CHECK(world.held().problem.message.find("inside the engine") != std::string::npos);
}
