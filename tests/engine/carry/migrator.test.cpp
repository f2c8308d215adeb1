#include "message_fixture.hpp"

#include <dialogferry/engine/carry/migrator.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

struct MigratorWorld : World {
  MigratorWorld() {
    setup.archive = stand_in_of<gate_actor>(archive);
    setup.correspondence = stand_in_of<gate_actor>(correspondence);
    setup.files = stand_in_of<file_carrier_actor>(files);
    setup.mapping = settings();
    setup.now = instants();
    start();
    owner = stand_in<record_owner>([done = done](const RecordsDone& list) {
      done->insert(done->end(), list.items.begin(), list.items.end());
    });
  }

  void start() { migrator = spawn<Migrator>(setup); }

  /// A hand of messages, as a page lists them.
  void carry(const std::vector<std::string>& messages) {
    codec::Parser parser;
    auto page = codec::split_messages(
        parser, std::make_shared<const codec::Document>(R"({"messages":[)" + joined(messages) + "]}"));
    REQUIRE(page);
    const auto kept = std::make_shared<const codec::Page>(std::move(*page));
    Carry hand{owner, {}, 5s, true, Priority::history};
    for (const auto& row : kept->rows)
      hand.jobs.push_back({kept, row, 3, static_cast<std::uint32_t>(hand.jobs.size())});
    tell(migrator, std::move(hand));
  }
  void carry(const Message& message) { carry(std::vector{message.json()}); }

  void reply(std::size_t index, http::Answer with) {
    answer(correspondence, index, reply_to(correspondence->asked.at(index), std::move(with)));
  }

  const RecordResult& only() const {
    REQUIRE(done->size() == 1);
    return done->front().result;
  }
  const Problem& problem() const {
    REQUIRE(only().outcome == Outcome::failed);
    REQUIRE(only().failure);
    return only().failure->problem;
  }
  const std::string& body(std::size_t index = 0) const {
    return correspondence->asked.at(index).request->body;
  }

  std::shared_ptr<Desk<Call, Answered>> archive = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> correspondence = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<CarryFiles, CarriedFiles>> files = std::make_shared<Desk<CarryFiles, CarriedFiles>>();
  std::shared_ptr<Desk<Publish, Published>> publish = std::make_shared<Desk<Publish, Published>>();
  std::shared_ptr<std::vector<RecordDone>> done = std::make_shared<std::vector<RecordDone>>();
  MigratorSetup setup;
  record_owner owner;
  migrator_actor migrator;
};

using Catch::Contains;

} // namespace

TEST_CASE("A message of history is sent hidden, and its new id handed to the second hop",
          "[engine][migrator]") {
  MigratorWorld world;
  world.carry(Message{});
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK(world.correspondence->asked[0].operation == http::Operation::migrate);
  CHECK_THAT(world.body(), Contains(R"("makeAvailable":false)"));
  CHECK(world.done->empty());
  world.reply(0, migrated());
  CHECK(world.only().outcome == Outcome::created);
  CHECK(world.only().handed == ledger::Handed{1'000'001, message_target});
  CHECK(world.done->front().batch == 3);
}

TEST_CASE("A message that is there already is recognised, and handed over likewise", "[engine][migrator]") {
  MigratorWorld world;
  world.carry(Message{});
  world.reply(0, migrated(false));
  CHECK(world.only().outcome == Outcome::unchanged);
  CHECK(world.only().handed == ledger::Handed{1'000'001, message_target});
}

TEST_CASE("A row with a problem is an exception that says it, and nothing is asked", "[engine][migrator]") {
  MigratorWorld world;
  world.carry({R"({"altinn2CorrespondenceId":1000001,"created":"yesterday"})"});
  CHECK_THAT(world.problem().member, Contains("created"));
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("What breaks a limit of the server's is an exception before anything of it is sent",
          "[engine][migrator][OC-10][OC-11][OC-12]") {
  MigratorWorld world;
  Message message;
  message.files = {"7"};
  SECTION("a title of 256 UTF-16 units") {
    for (int i = 0; i < 128; ++i)
      message.title += "\xF0\x9F\x93\xA8";
  }
  SECTION("U+0000") {
    message.title = "a\\u0000b";
  }
  SECTION("a time that the server does not read") {
    message.events = {event_json("Published", "2025-11-17 11:00:00Z")};
  }
  world.carry(message);
  CHECK_FALSE(world.problem().member.empty());
  CHECK(world.files->asked.empty());
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("A message that was deleted for good is excluded", "[engine][migrator]") {
  MigratorWorld world;
  Message message;
  message.files = {"7"};
  message.events.push_back(event_json("PurgedByAltinn", "2025-11-17T11:30:00Z"));
  world.carry(message);
  CHECK(world.only().outcome == Outcome::excluded);
  CHECK_FALSE(world.only().handed);
  CHECK(world.files->asked.empty());
}

TEST_CASE("Attachments go first, and the message names them in their order", "[engine][migrator]") {
  MigratorWorld world;
  Message message;
  message.files = {"7", "8"};
  world.carry(message);
  CHECK(world.correspondence->asked.empty());
  REQUIRE(world.files->asked.size() == 1);
  CHECK(world.files->asked[0].day == *parse_day("2025-11-17"));
  CHECK_FALSE(world.files->asked[0].until); // forgotten when their day is complete
  REQUIRE(world.files->asked[0].files.size() == 2);
  CHECK(world.files->asked[0].files[1].source_id == "8");
  CHECK(world.files->asked[0].files[1].size == 3);
  world.answer(world.files, 0, CarriedFiles{{Uuid{{1}}, Uuid{{2}}}});
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK(world.body().find(to_string(Uuid{{1}})) < world.body().find(to_string(Uuid{{2}})));
  CHECK_THAT(world.body(), Contains(to_string(Uuid{{2}})));
}

TEST_CASE("A message whose attachment cannot be had is not sent", "[engine][migrator]") {
  MigratorWorld world;
  Message message;
  message.files = {"7"};
  world.carry(message);
  SECTION("for good: an exception") {
    world.answer(world.files, 0, CarriedFiles{{}, Problem{"attachments[7]", "has another MD5", {}}});
    CHECK(world.problem().member == "attachments[7]");
  }
  SECTION("for the moment: later") {
    world.answer(world.files, 0,
                 CarriedFiles{{}, Problem{"attachments[7]", "reset", {}}, 0, Held{"a2_archive", "server"}});
    CHECK(world.only().outcome == Outcome::deferred);
    REQUIRE(world.only().again);
    CHECK(world.only().again->record_id == "1000001");
    CHECK(world.only().again->held->api == "a2_archive");
  }
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("What history carries is what the archive knew before live takes over", "[engine][migrator]") {
  MigratorWorld world;
  world.setup.live_from = parse_instant("2025-11-17T11:15:00Z");
  world.start();
  Message message;
  message.events.push_back(event_json("Read", "2025-11-17T11:10:00Z"));
  message.events.push_back(
      event_json("SoftDeletedByRecipient", "2025-11-17T11:12:00Z", "2025-11-17T11:20:00Z"));
  world.carry(message);
  CHECK_THAT(world.body(), Contains("11:10:00") && !Contains("11:12:00"));
}

TEST_CASE("A refusal of the moment holds the message, one for good is an exception", "[engine][migrator]") {
  MigratorWorld world;
  world.carry(Message{});
  SECTION("moment") {
    world.reply(0, response(503));
    CHECK(world.only().outcome == Outcome::deferred);
    CHECK(world.only().again->held->http_status == 503);
  }
  SECTION("for good") {
    world.reply(0, response(400, R"({"title":"no","status":400,"detail":"bad"})"));
    CHECK(world.only().outcome == Outcome::failed);
    CHECK(world.only().failure->record_id == "1000001");
    CHECK(world.only().failure->http_status == 400);
  }
}

TEST_CASE("No more messages are under way than the window holds, and every one comes to its turn",
          "[engine][migrator]") {
  MigratorWorld world;
  world.setup.places.window = 2;
  world.start();
  std::vector<std::string> messages;
  for (std::int32_t i = 1; i <= 5; ++i) {
    Message message;
    message.id = i;
    messages.push_back(message.json());
  }
  world.carry(messages);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(world.correspondence->asked.size() == std::min<std::size_t>(i + 2, 5));
    world.reply(i, migrated());
  }
  CHECK(world.done->size() == 5);
}

TEST_CASE("A window of rows that end at once is no chain of calls", "[engine][migrator]") {
  MigratorWorld world;
  world.setup.places.window = 1;
  world.start();
  world.carry(std::vector<std::string>(20'000, R"({"altinn2CorrespondenceId":1,"created":"yesterday"})"));
  CHECK(world.done->size() == 20'000);
}

// -- single messages ---------------------------------------------------------------------

TEST_CASE("An exception that is tried again is read anew; of the second hop it is sent without its files, "
          "and published",
          "[engine][migrator][OC-13]") {
  MigratorWorld world;
  const bool is_second = GENERATE(false, true);
  if (is_second) world.setup.publisher = world.stand_in_of<publisher_actor>(world.publish);
  world.start();
  Upload upload;
  upload.record_id = "1000001";
  upload.lane = codec::message_uuid(1'000'001);
  const auto reply = world.ask<Uploaded>(world.migrator, upload);
  REQUIRE(world.archive->asked.size() == 1);
  Message message;
  message.files = {"7"};
  world.answer(world.archive, 0, reply_to(world.archive->asked[0], response(200, message.json())));
  if (!is_second) {
    REQUIRE(world.files->asked.size() == 1);
    world.answer(world.files, 0, CarriedFiles{{Uuid{{1}}}});
  }
  CHECK(world.files->asked.size() == (is_second ? 0 : 1));
  world.reply(0, migrated(!is_second));
  if (is_second) {
    REQUIRE(world.publish->asked.size() == 1);
    CHECK(world.publish->asked[0].records[0].target_id == message_target);
    world.answer(world.publish, 0, Published{{{Outcome::created}}});
  }
  CHECK(reply->value().outcome == Outcome::created);
  CHECK(reply->value().record_id == "1000001");
}

TEST_CASE("A single message that the archive has no more is an exception that says so",
          "[engine][migrator]") {
  MigratorWorld world;
  Upload upload;
  upload.record_id = "1000001";
  const auto reply = world.ask<Uploaded>(world.migrator, upload);
  world.answer(world.archive, 0, reply_to(world.archive->asked[0], response(404)));
  CHECK(reply->value().outcome == Outcome::failed);
  CHECK_THAT(reply->value().problem.message, Contains("no such message"));
}
