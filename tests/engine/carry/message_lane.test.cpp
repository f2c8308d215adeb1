#include "message_fixture.hpp"

#include <dialogferry/engine/carry/message_lane.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string before_live = "2025-11-10T09:00:00Z";

struct LaneWorld : World {
  LaneWorld() {
    setup.archive = stand_in_of<gate_actor>(archive);
    setup.correspondence = stand_in_of<gate_actor>(correspondence);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.files = stand_in_of<file_carrier_actor>(files);
    setup.publisher = stand_in_of<publisher_actor>(publish);
    setup.ledger = stand_in_of<ledger_actor>(days);
    setup.history_row = "a2-correspondence-historic";
    setup.first_stage = "migrate";
    setup.mapping = settings();
    setup.begin = *parse_instant("2025-11-17T00:00:00Z");
    setup.now = instants();
    setup.clock = clock();
    days->at_once = [this](const FindDay&) { return std::optional(FoundDay{std::nullopt, day_state}); };
    archive->at_once = [this](const Call& call) {
      return std::optional(reply_to(call, response(200, message.json())));
    };
    start();
  }

  void start() { lane = spawn<MessageLane>(setup); }

  std::shared_ptr<Reply<Uploaded>> carry(std::int32_t id = 1'000'001,
                                         std::optional<Instant> carried_before = {}) {
    Upload upload;
    upload.record_id = std::to_string(id);
    upload.lane = codec::message_uuid(id);
    upload.priority = Priority::live;
    upload.is_migration = false;
    if (carried_before) upload.carried_before = *carried_before;
    return ask<Uploaded>(lane, std::move(upload));
  }

  /// Answers the newest request to Correspondence, Dialogporten.
  void reply_correspondence(http::Answer with) { reply_last(correspondence, std::move(with)); }
  void reply_dialog(http::Answer with) { reply_last(dialogporten, std::move(with)); }
  void reply_published(PublishedRecord with = {Outcome::created}) {
    answer(publish, publish->asked.size() - 1, Published{{std::move(with)}});
  }

  /// A new message, up to where its later events are sent.
  void publish_new() {
    reply_correspondence(migrated());
    reply_dialog(dialog_with());
    reply_published();
  }

  /// The bodies of M4 to M6, in the order they were sent.
  std::vector<std::string> syncs() const {
    std::vector<std::string> bodies;
    for (const auto& call : correspondence->asked)
      if (call.operation == http::Operation::sync) bodies.push_back(call.request->body);
    return bodies;
  }
  const std::string& last_body() const { return correspondence->asked.back().request->body; }

  Message message;
  DayState day_state = DayState::complete;
  std::shared_ptr<Desk<Call, Answered>> archive = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> correspondence = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<CarryFiles, CarriedFiles>> files = std::make_shared<Desk<CarryFiles, CarriedFiles>>();
  std::shared_ptr<Desk<Publish, Published>> publish = std::make_shared<Desk<Publish, Published>>();
  std::shared_ptr<Desk<FindDay, FoundDay>> days = std::make_shared<Desk<FindDay, FoundDay>>();
  MessageLaneSetup setup;
  uploader_actor lane;

private:
  void reply_last(const std::shared_ptr<Desk<Call, Answered>>& desk, http::Answer with) {
    REQUIRE_FALSE(desk->asked.empty());
    const auto last = desk->asked.size() - 1;
    answer(desk, last, reply_to(desk->asked[last], std::move(with)));
  }
};

using Catch::Contains;

} // namespace

// -- both hops -----------------------------------------------------------------------

TEST_CASE("A new message is sent with events on, seen in Dialogporten and then made sure of",
          "[engine][message_lane][OC-4]") {
  LaneWorld world;
  const auto reply = world.carry();
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK_THAT(world.last_body(), Contains(R"("makeAvailable":true)"));
  world.reply_correspondence(migrated());
  CHECK(world.publish->asked.empty()); // its own job makes the dialog, with events
  REQUIRE(world.dialogporten->asked.size() == 1);
  world.reply_dialog(dialog_with());
  REQUIRE(world.publish->asked.size() == 1);
  CHECK(world.publish->asked[0].records == std::vector<ledger::Handed>{{1'000'001, message_target}});
  CHECK_FALSE(reply->there());
  world.reply_published();
  CHECK(reply->value().outcome == Outcome::created);
  CHECK(reply->value().record_id == "1000001");
}

TEST_CASE("A new message whose dialog does not come is published by the second hop",
          "[engine][message_lane][OC-4]") {
  LaneWorld world;
  world.dialogporten->at_once = [](const Call& call) { return std::optional(reply_to(call, not_there())); };
  const auto reply = world.carry();
  world.reply_correspondence(migrated());
  CHECK(world.publish->asked.empty());
  CHECK(world.advance_until(60s, [&] { return !world.publish->asked.empty(); }));
  CHECK(world.dialogporten->asked.size() > 5);
  CHECK(world.dialogporten->asked.size() < 40);
  world.reply_published();
  CHECK(reply->value().outcome == Outcome::created);
}

TEST_CASE("A message that was sent before is published again, for its own job may be lost",
          "[engine][message_lane][OC-4]") {
  LaneWorld world;
  const auto reply = world.carry();
  world.reply_correspondence(migrated(false));
  world.reply_dialog(dialog_with());
  REQUIRE(world.publish->asked.size() == 1);
  world.reply_published();
  CHECK(reply->value().outcome == Outcome::unchanged);
}

TEST_CASE("A live message without its Published event is not sent; it is listed again when it has one",
          "[engine][message_lane][OC-15]") {
  LaneWorld world;
  world.message.events = {event_json("Initialized", "2025-11-17T11:00:00Z")};
  const auto reply = world.carry();
  CHECK(reply->value().outcome == Outcome::unchanged);
  CHECK(reply->value().nothing_new);
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("A message that cannot be stored is refused before anything of it is sent",
          "[engine][message_lane][OC-10]") {
  LaneWorld world;
  for (int i = 0; i < 128; ++i) // 256 UTF-16 units
    world.message.title += "\xF0\x9F\x93\xA8";
  const auto reply = world.carry();
  CHECK(reply->value().outcome == Outcome::failed);
  CHECK_FALSE(reply->value().held);
  CHECK(world.correspondence->asked.empty());
  CHECK(world.files->asked.empty());
}

TEST_CASE("The attachments of a live message go first, and are remembered for a while",
          "[engine][message_lane]") {
  LaneWorld world;
  world.message.files = {"7", "8"};
  const auto reply = world.carry();
  CHECK(world.correspondence->asked.empty());
  REQUIRE(world.files->asked.size() == 1);
  CHECK(world.files->asked[0].files.size() == 2);
  CHECK(world.files->asked[0].until);
  world.answer(world.files, 0, CarriedFiles{{Uuid{{1}}, Uuid{{2}}}});
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK_THAT(world.last_body(), Contains(to_string(Uuid{{2}})));
}

TEST_CASE("A message whose attachment is not there is an exception, and is not sent",
          "[engine][message_lane]") {
  LaneWorld world;
  world.message.files = {"7"};
  const auto reply = world.carry();
  world.answer(world.files, 0, CarriedFiles{{}, Problem{"attachments[7]", "is not in the archive", {}}, 404});
  CHECK(reply->value().outcome == Outcome::failed);
  CHECK(reply->value().problem.member == "attachments[7]");
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("A message that the archive has no more is told of as such", "[engine][message_lane]") {
  LaneWorld world;
  world.archive->at_once = [](const Call& call) { return std::optional(reply_to(call, response(404))); };
  const auto reply = world.carry();
  CHECK(reply->value().outcome == Outcome::failed);
  CHECK_THAT(reply->value().problem.message, Contains("no such message"));
}

// -- messages of history -----------------------------------------------------------------

TEST_CASE("Of a message whose day history has carried, no file is sent again",
          "[engine][message_lane][OC-13]") {
  LaneWorld world;
  world.message.created = before_live;
  world.message.files = {"7"};
  world.message.events = {event_json("Published", before_live)};
  const auto reply = world.carry();
  REQUIRE(world.days->asked.size() == 1);
  CHECK(world.days->asked[0].day == *parse_day("2025-11-10"));
  CHECK(world.files->asked.empty());
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK_THAT(world.last_body(), Contains(R"("makeAvailable":false)"));

  SECTION("it is there, and made sure of without waiting for anybody's job") {
    world.reply_correspondence(migrated(false));
    CHECK(world.dialogporten->asked.empty());
    world.reply_published();
    CHECK(reply->value().outcome == Outcome::unchanged);
  }
  SECTION("it is not: its files go, then it") {
    world.reply_correspondence(response(500, "{}"));
    REQUIRE(world.files->asked.size() == 1);
    CHECK_FALSE(world.files->asked[0].until);
    world.answer(world.files, 0, CarriedFiles{{Uuid{{1}}}});
    REQUIRE(world.correspondence->asked.size() == 2);
    world.reply_correspondence(migrated());
    world.reply_published();
    CHECK(reply->value().outcome == Outcome::created);
  }
}

TEST_CASE("A message of history that is deleted for good waits while its day is being carried, and is left "
          "to it before",
          "[engine][message_lane]") {
  LaneWorld world;
  world.message.created = before_live;
  world.message.events = {event_json("Published", before_live),
                          event_json("PurgedByRecipient", "2025-11-17T11:30:00Z")};
  SECTION("the day waits") {
    world.day_state = DayState::waiting;
    CHECK(world.carry()->value().outcome == Outcome::excluded);
  }
  SECTION("the day is under way") {
    world.day_state = DayState::running;
    const auto reply = world.carry();
    CHECK(reply->value().outcome == Outcome::failed);
    CHECK(reply->value().held);
  }
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("A message that was deleted for good before it was ever sent is not carried",
          "[engine][message_lane][OC-13]") {
  LaneWorld world;
  world.message.events.push_back(event_json("PurgedByRecipient", "2025-11-17T11:30:00Z"));
  const auto reply = world.carry();
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK_THAT(world.last_body(), !Contains("Purged")); // it is only asked whether it is there
  world.reply_correspondence(response(500, "{}"));
  CHECK(reply->value().outcome == Outcome::excluded);
}

// -- what came after ------------------------------------------------------------------

TEST_CASE("Nothing that came later is sent before the message is published", "[engine][message_lane][OC-7]") {
  LaneWorld world;
  world.message.events.push_back(event_json("SoftDeletedByRecipient", "2025-11-17T11:10:00Z"));
  const auto reply = world.carry();
  CHECK_THAT(world.last_body(), !Contains("SoftDeleted"));
  world.reply_correspondence(migrated());
  CHECK(world.syncs().empty());
  world.reply_dialog(dialog_with());
  CHECK(world.syncs().empty());
  world.reply_published();
  REQUIRE(world.syncs().size() == 1);
  CHECK_THAT(world.syncs()[0], Contains("SoftDeleted"));
}

TEST_CASE("One change of a dialog's label goes at a time, and the label is read back before the next",
          "[engine][message_lane][OC-5][OC-6]") {
  LaneWorld world;
  world.message.events.push_back(event_json("SoftDeletedByRecipient", "2025-11-17T11:10:00Z"));
  world.message.events.push_back(event_json("RestoredByRecipient", "2025-11-17T11:20:00Z"));
  const auto reply = world.carry();
  world.publish_new();
  REQUIRE(world.syncs().size() == 1);
  CHECK_THAT(world.syncs()[0], Contains("SoftDeleted") && !Contains("Restored"));
  world.reply_correspondence(response(200, "{}"));
  world.reply_dialog(dialog_with("Default")); // the job waits, or is done again after a 409
  CHECK(world.syncs().size() == 1);
  world.advance(100ms);
  world.reply_dialog(dialog_with("Bin"));
  REQUIRE(world.syncs().size() == 2);
  CHECK_THAT(world.syncs()[1], Contains("Restored") && !Contains("SoftDeleted"));
  world.reply_correspondence(response(200, "{}"));
  CHECK_FALSE(reply->there());
  world.reply_dialog(dialog_with("Default"));
  CHECK(reply->value().outcome == Outcome::created);
}

TEST_CASE("An event that leaves the label as it is has time to be done with before the next is sent",
          "[engine][message_lane][OC-5]") {
  LaneWorld world;
  world.message.events.push_back(event_json("SoftDeletedByRecipient", "2025-11-17T11:10:00Z"));
  world.message.events.push_back(event_json("SoftDeletedByRecipient", "2025-11-17T11:20:00Z"));
  world.message.events.push_back(event_json("RestoredByRecipient", "2025-11-17T11:30:00Z"));
  const auto reply = world.carry();
  world.publish_new();
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(reply_to(call, dialog_with("Bin")));
  };
  world.reply_correspondence(response(200, "{}"));
  REQUIRE(world.syncs().size() == 2);
  world.reply_correspondence(response(200, "{}"));
  CHECK(world.syncs().size() == 2); // the dialog is in the bin, whether that job is done or not
  world.advance(900ms);
  CHECK(world.syncs().size() == 2);
  world.advance(200ms);
  CHECK(world.syncs().size() == 3);
}

TEST_CASE("An event that leaves the label as an earlier look left it has time to be done with, too",
          "[engine][message_lane][OC-5]") {
  LaneWorld world;
  world.message.events.push_back(event_json("Archived", "2025-11-17T11:10:00Z"));
  world.carry();
  world.publish_new();
  world.reply_correspondence(response(200, "{}"));
  world.reply_dialog(dialog_with("Archive"));
  REQUIRE(world.syncs().size() == 1);
  SECTION("which this engine remembers") {}
  SECTION("which it has forgotten") {
    world.advance(2h);
  }
  const auto before = world.syncs().size();
  const auto known = *parse_instant("2025-11-17T11:15:00Z");
  world.message.events.push_back(event_json("RestoredByRecipient", "2025-11-17T11:20:00Z"));
  world.message.events.push_back(event_json("SoftDeletedByRecipient", "2025-11-17T11:30:00Z"));
  world.carry(1'000'001, known);
  world.reply_correspondence(migrated(false));
  world.reply_dialog(dialog_with("Archive"));
  world.reply_published();
  REQUIRE(world.syncs().size() == before + 1);
  CHECK_THAT(world.syncs().back(), Contains("Restored"));
  world.reply_correspondence(response(200, "{}"));
  world.reply_dialog(dialog_with("Archive")); // before the event as after it
  CHECK(world.syncs().size() == before + 1);
  world.advance(1100ms);
  world.reply_dialog(dialog_with("Archive"));
  REQUIRE(world.syncs().size() == before + 2);
  CHECK_THAT(world.syncs().back(), Contains("SoftDeleted"));
}

TEST_CASE("A label that does not come is the moment's, and nothing after it is sent",
          "[engine][message_lane][OC-6]") {
  LaneWorld world;
  world.message.events.push_back(
      event_json("SoftDeletedByRecipient", "2025-11-17T11:10:00Z", "2025-11-17T12:00:01Z"));
  world.message.events.push_back(
      event_json("RestoredByRecipient", "2025-11-17T11:20:00Z", "2025-11-17T12:00:01Z"));
  const auto reply = world.carry();
  world.publish_new();
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(reply_to(call, dialog_with("Default")));
  };
  world.reply_correspondence(response(200, "{}"));
  CHECK(world.advance_until(60s, [&] { return reply->there(); }));
  CHECK(reply->value().outcome == Outcome::failed);
  CHECK(reply->value().held);
  CHECK(world.syncs().size() == 1);
}

TEST_CASE("What another engine may have sent before is sent again, past labels that came and went",
          "[engine][message_lane][engines]") {
  LaneWorld world;
  world.setup.ours_since =
      std::make_shared<std::atomic<std::int64_t>>(parse_instant("2025-11-17T12:00:02Z")->ticks);
  world.start();
  world.message.events.push_back(
      event_json("SoftDeletedByRecipient", "2025-11-17T11:10:00Z", "2025-11-17T12:00:01Z"));
  world.message.events.push_back(
      event_json("RestoredByRecipient", "2025-11-17T11:20:00Z", "2025-11-17T12:00:01Z"));
  const auto reply = world.carry();
  world.publish_new();
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(reply_to(call, dialog_with("Default"))); // it was restored already
  };
  world.correspondence->at_once = [](const Call& call) {
    return std::optional(reply_to(call, response(200, "{}")));
  };
  world.reply_correspondence(response(200, "{}"));
  CHECK(world.advance_until(60s, [&] { return reply->there(); }));
  CHECK(reply->value().outcome == Outcome::created);
  CHECK(world.syncs().size() == 2);
}

TEST_CASE("A label event that was seen to work is not sent again", "[engine][message_lane][OC-5]") {
  LaneWorld world;
  world.message.events.push_back(event_json("SoftDeletedByRecipient", "2025-11-17T11:10:00Z"));
  world.carry();
  world.publish_new();
  world.reply_correspondence(response(200, "{}"));
  world.reply_dialog(dialog_with("Bin"));
  world.message.events.push_back(event_json("RestoredByRecipient", "2025-11-17T11:20:00Z"));
  const auto reply = world.carry();
  world.reply_correspondence(migrated(false));
  world.reply_dialog(dialog_with("Bin"));
  world.reply_published();
  REQUIRE(world.syncs().size() == 2);
  CHECK_THAT(world.syncs()[1], Contains("Restored") && !Contains("SoftDeleted"));
  world.reply_correspondence(response(200, "{}"));
  world.reply_dialog(dialog_with("Default"));
  CHECK(reply->value().outcome == Outcome::updated);
}

TEST_CASE("Two orders for one message are carried one after another", "[engine][message_lane][OC-5]") {
  LaneWorld world;
  const auto first = world.carry();
  const auto second = world.carry();
  CHECK(world.archive->asked.size() == 1);
  world.publish_new();
  CHECK(first->there());
  CHECK(world.archive->asked.size() == 2);
  CHECK_FALSE(second->there());
}

TEST_CASE("At most so many later events are in flight, over all messages", "[engine][message_lane][OC-8]") {
  LaneWorld world;
  world.setup.syncs = 2;
  world.start();
  world.publish->at_once = [](const Publish&) { return std::optional(Published{{{Outcome::created}}}); };
  world.dialogporten->at_once = [](const Call& call) { return std::optional(reply_to(call, dialog_with())); };
  world.correspondence->at_once = [](const Call& call) {
    return call.operation == http::Operation::migrate ? std::optional(reply_to(call, migrated()))
                                                      : std::nullopt;
  };
  world.message.forwards = {forward_json("2025-11-17T11:30:00Z", 5)};
  world.message.events.push_back(event_json("Archived", "2025-11-17T11:10:00Z"));
  std::vector<std::shared_ptr<Reply<Uploaded>>> replies;
  for (std::int32_t id = 1'000'001; id <= 1'000'004; ++id)
    replies.push_back(world.carry(id));
  CHECK(world.syncs().size() == 2);
  std::size_t most = 0;
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(reply_to(call, dialog_with("Archive")));
  };
  for (std::size_t i = 0; i < world.correspondence->asked.size(); ++i) {
    if (!world.correspondence->open.contains(i)) continue;
    most = std::max(most, world.correspondence->open.size());
    world.answer(world.correspondence, i, reply_to(world.correspondence->asked[i], response(200, "{}")));
  }
  CHECK(most == 2);
  for (const auto& reply : replies)
    CHECK(reply->value().outcome == Outcome::created);
}

TEST_CASE("Forwards of one party within a second go in one call", "[engine][message_lane][OC-16]") {
  LaneWorld world;
  world.message.created = before_live;
  world.message.events = {event_json("Published", before_live)};
  world.message.forwards = {forward_json("2025-11-17T11:30:00.1Z", 5),
                            forward_json("2025-11-17T11:30:00.4Z", 6)};
  const auto reply = world.carry(1'000'001, *parse_instant("2025-11-17T11:00:00Z"));
  CHECK_THAT(world.last_body(), !Contains("11:30:00"));
  world.reply_correspondence(migrated(false));
  world.reply_published();
  REQUIRE(world.syncs().size() == 1);
  CHECK_THAT(world.syncs()[0], Contains("11:30:00.1") && Contains("11:30:00.4"));
  world.reply_correspondence(response(200, "{}"));
  CHECK(reply->value().outcome == Outcome::updated);
}

TEST_CASE("A message that Correspondence refuses for good is an exception, whoever waits behind it goes on",
          "[engine][message_lane]") {
  LaneWorld world;
  const auto first = world.carry();
  const auto second = world.carry();
  world.reply_correspondence(response(400, R"({"title":"no","status":400,"detail":"bad"})"));
  CHECK(first->value().outcome == Outcome::failed);
  CHECK_FALSE(first->value().held);
  CHECK(world.correspondence->asked.size() == 2);
}
