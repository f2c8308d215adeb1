#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/carrier.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
const std::string urn = "urn:altinn:organization:identifier-no:310912409";

std::string instance_json(std::int64_t party, const std::string& id, const std::string& status = "{}") {
  const auto number = std::to_string(party);
  return R"({"id":")" + number + "/" + id + R"(","instanceOwner":{"partyId":")" + number +
         R"("},"appId":"ttd/form","org":"ttd","status":)" + status +
         R"(,"data":[],"created":"2025-06-18T08:54:53.623376Z","lastChanged":"2025-06-18T10:00:00Z"})";
}

std::string created_by(std::int64_t user) {
  return R"({"instanceEvents":[{"id":"4ef9d179-2d4b-403f-9fcc-6f7cd619f12e","eventType":"Created",)"
         R"("created":"2025-06-18T08:54:53.7Z","user":{"userId":)" +
         std::to_string(user) + "}}]}";
}

std::shared_ptr<const mapping::PreparedApplication> prepared(const mapping::Mapper& mapper,
                                                             const std::string& settings = "{}") {
  codec::Parser parser;
  auto made = mapper.prepare(parser,
                             codec::Document(R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},)"
                                             R"("dataTypes":[],"messageBoxConfig":{"syncAdapterSettings":)" +
                                             settings + "}}"),
                             {});
  REQUIRE(made);
  return *made;
}

struct CarrierWorld : World {
  CarrierWorld() {
    CarrierSetup setup;
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.metadata = stand_in_of<metadata_actor>(metadata);
    setup.registry = stand_in_of<register_actor>(registry);
    setup.people = people;
    setup.uploaders = {stand_in_of<uploader_actor>(uploads)};
    setup.mapper = mapper;
    setup.places.resting = resting;
    setup.now = instants();
    setup.clock = clock();
    carrier = spawn<Carrier>(std::move(setup));
    owner = stand_in<record_owner>([done = done](const RecordDone& one) { done->push_back(one); });
  }

  /// A hand of instances, as a page lists them.
  void carry(const std::vector<std::string>& instances, Priority priority = Priority::history,
             bool is_migration = true, std::shared_ptr<const RowControls> controls = {}) {
    std::string body;
    for (const auto& instance : instances)
      body += (body.empty() ? "" : ",") + instance;
    codec::Parser parser;
    auto page =
        codec::split_page(parser, std::make_shared<const codec::Document>(R"({"instances":[)" + body + "]}"));
    REQUIRE(page);
    const auto kept = std::make_shared<const codec::Page>(std::move(*page));
    Carry hand{owner, {}, 5s, is_migration, priority, {}, std::move(controls)};
    for (const auto& row : kept->rows)
      hand.jobs.push_back({kept, row, 3, static_cast<std::uint32_t>(hand.jobs.size())});
    tell(carrier, std::move(hand));
  }
  void carry_one() { carry({instance_json(50001234, guid)}); }

  void reply_events(std::size_t index, http::Answer with, std::uint32_t attempts = 1) {
    answer(storage, index, answered(http::Operation::read, std::move(with), attempts));
  }
  void reply_application(std::size_t index = 0) {
    answer(metadata, index, FoundApplication{prepared(*mapper), {}});
  }
  /// As Register's actor does, which notes what it was told.
  void reply_party(std::size_t index = 0, std::int64_t party = 50001234) {
    people->put({party, false}, urn, clock()());
    answer(registry, index, FoundParties{{{party, urn}}, {}, std::nullopt});
  }
  void reply_user(std::size_t index) {
    const std::string user = "urn:altinn:person:identifier-no:02886430348";
    people->put({20001234, true}, user, clock()());
    answer(registry, index, FoundParties{{}, {{20001234, user}}, std::nullopt});
  }

  const RecordDone& only() const {
    REQUIRE(done->size() == 1);
    return done->front();
  }
  const ledger::Failure& failure() const {
    REQUIRE(only().result.outcome == Outcome::failed);
    REQUIRE(only().result.failure);
    return *only().result.failure;
  }

  /// What a record that time may cure waits for.
  const Held& held() const {
    REQUIRE(only().result.outcome == Outcome::deferred);
    REQUIRE(only().result.again);
    REQUIRE(only().result.again->held);
    return *only().result.again->held;
  }

  std::shared_ptr<const mapping::Mapper> mapper = std::make_shared<const mapping::Mapper>();
  std::shared_ptr<PeopleBook> people = std::make_shared<PeopleBook>(lookup_age);
  std::shared_ptr<RestingCalls> resting = std::make_shared<RestingCalls>(0);
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<FindApplication, FoundApplication>> metadata =
      std::make_shared<Desk<FindApplication, FoundApplication>>();
  std::shared_ptr<Desk<FindParties, FoundParties>> registry =
      std::make_shared<Desk<FindParties, FoundParties>>();
  std::shared_ptr<Desk<Upload, Uploaded>> uploads = std::make_shared<Desk<Upload, Uploaded>>();
  std::shared_ptr<std::vector<RecordDone>> done = std::make_shared<std::vector<RecordDone>>();
  record_owner owner;
  carrier_actor carrier;
};

const std::string no_events = R"({"instanceEvents":[]})";

} // namespace

// -- what a record waits for ----------------------------------------------------------------

TEST_CASE("A record is mapped when its events, its application and its owner are there, in any order",
          "[engine][carrier]") {
  std::vector<int> order = {0, 1, 2};
  do {
    CarrierWorld world;
    world.carry_one();
    for (const auto part : order) {
      CHECK(world.uploads->asked.empty());
      if (part == 0) world.reply_events(0, response(200, no_events));
      if (part == 1) world.reply_application();
      if (part == 2) world.reply_party();
    }
    REQUIRE(world.uploads->asked.size() == 1);
    CHECK(world.done->empty());
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("A record waits for the names of those who acted on it", "[engine][carrier][M-113]") {
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, created_by(20001234)));
  CHECK(world.uploads->asked.empty());
  REQUIRE(world.registry->asked.size() == 2);
  CHECK(world.registry->asked[1].users == std::vector<std::int64_t>{20001234});
  world.reply_user(1);
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.uploads->asked[0].decision->body.find("02886430348") != std::string::npos);
}

TEST_CASE("The owners of a hand of records are asked for together, each once", "[engine][carrier][D-13]") {
  CarrierWorld world;
  world.carry(
      {instance_json(1, guid), instance_json(2, guid), instance_json(1, guid), instance_json(3, guid)});
  REQUIRE(world.registry->asked.size() == 1);
  CHECK(world.registry->asked[0].parties == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("What the records of a hand need is asked of Storage in one list", "[engine][carrier]") {
  CarrierWorld world;
  world.carry({instance_json(1, guid), instance_json(2, guid), instance_json(3, guid)});
  CHECK(world.storage->lists == std::vector<std::size_t>{3});
}

TEST_CASE("What was looked up is used for the records that follow, until it is old", "[engine][carrier]") {
  CarrierWorld world;
  world.advance(120s);
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, created_by(20001234)));
  world.reply_user(1);
  world.advance(lookup_age_of_carriers - 1s);
  world.carry_one();
  world.reply_events(1, response(200, created_by(20001234)));
  CHECK(world.uploads->asked.size() == 2);
  CHECK(world.registry->asked.size() == 2);
  CHECK(world.metadata->asked.size() == 1);
  world.advance(lookup_age_of_carriers + 2s);
  world.carry_one();
  CHECK(world.registry->asked.size() == 2);
  CHECK(world.metadata->asked.size() == 2);
  world.advance(lookup_age);
  world.carry_one();
  CHECK(world.registry->asked.size() == 3);
}

TEST_CASE("A record that begins when its owner was forgotten again asks anew", "[engine][carrier]") {
  CarrierWorld world;
  world.tell(world.carrier, SetWindow{1});
  world.people->put({1, false}, urn, world.clock()());
  world.people->put({2, false}, urn, world.clock()());
  world.carry({instance_json(1, guid), instance_json(2, guid)});
  CHECK(world.registry->asked.empty());
  world.advance(lookup_age + 1s);
  world.reply_application();
  world.reply_events(0, response(500)); // the first one is done with
  REQUIRE(world.done->size() == 1);
  REQUIRE(world.registry->asked.size() == 1);
  CHECK(world.registry->asked[0].parties == std::vector<std::int64_t>{2});
  world.reply_events(1, response(200, no_events));
  CHECK(world.uploads->asked.empty());
  world.reply_party(0, 2);
  CHECK(world.uploads->asked.size() == 1);
}

TEST_CASE("What was looked up for a record is not forgotten while it waits for the rest",
          "[engine][carrier]") {
  const auto known_before = GENERATE(false, true);
  CarrierWorld world;
  if (known_before) {
    world.carry_one();
    world.reply_application();
    world.reply_party();
    world.reply_events(0, response(200, created_by(20001234)));
    world.reply_user(1);
    world.carry_one();
    world.carry({instance_json(2, guid)}); // acted on by the same user, its owner's name comes late
    world.reply_events(2, response(200, created_by(20001234)));
    world.advance(2 * lookup_age); // the book knows them no more
    world.reply_party(2, 2);
    REQUIRE(world.uploads->asked.size() == 2);
    CHECK(world.uploads->asked[1].decision->body.find("02886430348") != std::string::npos);
    world.reply_events(1, response(200, no_events));
    REQUIRE(world.uploads->asked.size() == 3);
  } else {
    world.carry_one();
    world.reply_application();
    world.reply_party();
    world.advance(2 * lookup_age);
    world.reply_events(0, response(200, no_events));
    REQUIRE(world.uploads->asked.size() == 1);
  }
  CHECK(world.done->empty());
}

TEST_CASE("Every request for a record has the record's priority", "[engine][carrier]") {
  CarrierWorld world;
  world.carry({instance_json(50001234, guid)}, Priority::live, false);
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, created_by(20001234)));
  world.reply_user(1);
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.storage->asked[0].priority == Priority::live);
  CHECK(world.storage->asked[0].patience == Patience::record);
  CHECK(world.metadata->asked[0].priority == Priority::live);
  CHECK(world.registry->asked[0].priority == Priority::live);
  CHECK(world.registry->asked[1].priority == Priority::live);
  CHECK(world.uploads->asked[0].priority == Priority::live);
  CHECK_FALSE(world.uploads->asked[0].decision->silent);
}

TEST_CASE("A record that changed since it was listed is read anew", "[engine][carrier]") {
  // A page is listed 5 s after the world's first moment; clocks may differ by some minutes.
  const auto [created, anew] = GENERATE(table<const char*, bool>(
      {{"2020-01-01T00:00:00Z", false}, {"2025-06-18T10:00:01Z", false}, {"2099-01-01T00:00:00Z", true}}));
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, R"({"instanceEvents":[{"id":"4ef9d179-2d4b-403f-9fcc-6f7cd619f12e",)"
                                      R"("eventType":"Created","user":{"orgId":"ttd"},"created":")" +
                                          std::string(created) + R"("}]})"));
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK((world.uploads->asked[0].decision == nullptr) == anew);
  CHECK(world.uploads->asked[0].record_id == "50001234/" + guid);
}

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
