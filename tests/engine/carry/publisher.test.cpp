#include "message_fixture.hpp"

#include <dialogferry/engine/carry/publisher.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

struct PublisherWorld : World {
  PublisherWorld() {
    PublisherSetup setup;
    setup.correspondence = stand_in_of<gate_actor>(correspondence);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.archive = stand_in_of<gate_actor>(archive);
    setup.registry = stand_in_of<gate_actor>(registry);
    setup.mapping = settings();
    setup.now = instants();
    publisher = spawn<Publisher>(std::move(setup));
  }

  std::shared_ptr<Reply<Published>> publish(std::size_t count = 1) {
    Publish list;
    for (std::size_t i = 0; i < count; ++i)
      list.records.push_back({static_cast<std::int32_t>(1'000'001 + i), target(i)});
    return ask<Published>(publisher, std::move(list));
  }

  static Uuid target(std::size_t i) {
    auto id = message_target;
    id.bytes[15] = static_cast<std::uint8_t>(i);
    return id;
  }
  static std::string status(std::size_t i, bool has_dialog, bool ok = true) {
    return R"({"correspondenceId":")" + to_string(target(i)) + R"(","dialogId":")" +
           (has_dialog ? to_string(message_target) : "") + R"(","ok":)" + (ok ? "true" : "false") +
           (ok ? "" : R"(,"error":"Timeout")") + "}";
  }
  static http::Response statuses(const std::vector<std::string>& all) {
    return response(200, R"({"statuses":[)" + joined(all) + "]}");
  }

  /// Answers the newest request there.
  void reply(const std::shared_ptr<Desk<Call, Answered>>& desk, http::Answer with) {
    REQUIRE_FALSE(desk->asked.empty());
    const auto last = desk->asked.size() - 1;
    answer(desk, last, reply_to(desk->asked[last], std::move(with)));
  }

  /// Asked again and again, and no dialog is there.
  void find_refused() {
    find_empty();
    reply(dialogporten, not_there());
    advance(1s);
    reply(correspondence, statuses({status(0, false)}));
    reply(dialogporten, not_there());
  }

  /// Both times without a dialog.
  void find_empty() {
    reply(correspondence, statuses({status(0, false)}));
    advance(1s);
    reply(correspondence, statuses({status(0, false)}));
  }

  /// And a dialog that the message does not come to know.
  void find_stranded(const http::Response& dialog) {
    find_empty();
    for (const auto pause : {1s, 2s, 3s, 5s}) {
      reply(dialogporten, dialog);
      advance(pause);
      reply(correspondence, statuses({status(0, false)}));
    }
    reply(dialogporten, dialog);
  }

  std::shared_ptr<Desk<Call, Answered>> correspondence = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> archive = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> registry = std::make_shared<Desk<Call, Answered>>();
  publisher_actor publisher;
};

using Catch::Contains;

} // namespace

TEST_CASE("A list that goes well is one call, and Dialogporten is not asked", "[engine][publisher][OC-3]") {
  PublisherWorld world;
  const auto reply = world.publish(20);
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK(world.correspondence->asked[0].operation == http::Operation::publish);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < 20; ++i)
    all.push_back(PublisherWorld::status(i, true));
  world.reply(world.correspondence, PublisherWorld::statuses(all));
  REQUIRE(reply->value().records.size() == 20);
  for (const auto& record : reply->value().records)
    CHECK(record.outcome == Outcome::created);
  CHECK(world.dialogporten->asked.empty());
}

TEST_CASE("Those without a dialog alone are asked for once more, after a moment",
          "[engine][publisher][OC-2]") {
  PublisherWorld world;
  const auto reply = world.publish(2);
  world.reply(world.correspondence,
              PublisherWorld::statuses({PublisherWorld::status(0, true), PublisherWorld::status(1, false)}));
  CHECK(world.correspondence->asked.size() == 1);
  world.advance(1s);
  REQUIRE(world.correspondence->asked.size() == 2);
  CHECK_THAT(world.correspondence->asked[1].request->body,
             Contains(to_string(PublisherWorld::target(1))) &&
                 !Contains(to_string(PublisherWorld::target(0))));
  world.reply(world.correspondence, PublisherWorld::statuses({PublisherWorld::status(1, true)}));
  CHECK(reply->value().records[1].outcome == Outcome::created);
  CHECK(world.dialogporten->asked.empty());
}

TEST_CASE("A stranded dialog is purged and published again", "[engine][publisher][OC-1]") {
  PublisherWorld world;
  const auto reply = world.publish();
  const auto dialog =
      to_string(mapping::correspondence::dialog_id_of(PublisherWorld::target(0), {}, world.instant()));
  const bool is_deleted = GENERATE(false, true); // a soft-deleted one stands in the way too
  world.find_stranded(is_deleted ? response(410) : dialog_with());
  REQUIRE(world.dialogporten->asked.size() == 6);
  CHECK_THAT(world.dialogporten->asked[0].request->target, Contains(dialog));
  const auto& purge = world.dialogporten->asked.back().request->target;
  CHECK_THAT(purge, Contains(dialog + "/actions/purge"));
  CHECK_THAT(purge, Contains("isSilentUpdate=true"));
  const auto revision =
      is_deleted ? "" : "01934c5a-7b00-7039-903d-e31a36a2bcdd"; // one that is soft-deleted has none
  CHECK(world.dialogporten->asked.back().request->if_match == revision);
  world.reply(world.dialogporten, response(204));
  REQUIRE(world.correspondence->asked.size() == 7);
  world.reply(world.correspondence, PublisherWorld::statuses({PublisherWorld::status(0, true)}));
  CHECK(reply->value().records[0].outcome == Outcome::created);
  CHECK(reply->value().records[0].repaired);
}

TEST_CASE("An error after a purge is the moment's: Dialogporten had the dialog before",
          "[engine][publisher][OC-1]") {
  PublisherWorld world;
  const auto reply = world.publish();
  world.find_stranded(dialog_with());
  world.reply(world.dialogporten, response(204));
  const bool ok = GENERATE(false, true);
  world.reply(world.correspondence, PublisherWorld::statuses({PublisherWorld::status(0, false, ok)}));
  if (ok) world.reply(world.dialogporten, not_there());
  REQUIRE(world.archive->asked.size() == 1);
  world.reply(world.archive, response(200, Message{}.json()));
  if (!world.registry->asked.empty()) world.reply(world.registry, response(200, R"({"data":[]})"));
  REQUIRE(reply->there());
  CHECK(reply->value().records[0].outcome == Outcome::failed);
  CHECK(reply->value().records[0].held);
}

TEST_CASE("A stranded dialog that somebody else has mended meanwhile is left alone",
          "[engine][publisher][OC-1]") {
  PublisherWorld world;
  const auto reply = world.publish();
  world.find_stranded(dialog_with());
  const auto status = GENERATE(404, 409, 412);
  world.reply(world.dialogporten, response(status, R"({"title":"","status":0})"));
  world.advance(8s);
  world.reply(world.correspondence, PublisherWorld::statuses({PublisherWorld::status(0, true)}));
  CHECK(reply->value().records[0].outcome == Outcome::created);
  CHECK_FALSE(reply->value().records[0].repaired);
}

TEST_CASE("Why Dialogporten refused a message is looked up in its record", "[engine][publisher]") {
  PublisherWorld world;
  const auto reply = world.publish();
  world.find_refused();
  REQUIRE(world.archive->asked.size() == 1);
  CHECK_THAT(world.archive->asked[0].request->target, Contains("/messages/1000001"));

  SECTION("a rule that it breaks: whoever read it is nobody") {
    Message message;
    message.events.push_back(event_json("Read", "2025-11-17T11:10:00Z"));
    world.reply(world.archive, response(200, message.json()));
    REQUIRE(world.registry->asked.size() == 1);
    CHECK_THAT(world.registry->asked[0].request->body, Contains(reader_party));
    world.reply(world.registry, response(200, R"({"data":[]})"));
    const auto& record = reply->value().records[0];
    CHECK(record.outcome == Outcome::failed);
    CHECK_FALSE(record.held);
    CHECK_THAT(record.problem.message, !Contains("does not tell why"));
  }
  SECTION("none that is known") {
    world.reply(world.archive, response(200, Message{}.json()));
    const auto& record = reply->value().records[0];
    CHECK(record.outcome == Outcome::failed);
    CHECK_FALSE(record.held);
    CHECK_THAT(record.problem.message, Contains("does not tell why"));
  }
  SECTION("Register cannot say") {
    Message message;
    message.events.push_back(event_json("Read", "2025-11-17T11:10:00Z"));
    world.reply(world.archive, response(200, message.json()));
    world.reply(world.registry, response(503));
    CHECK(reply->value().records[0].held);
  }
  SECTION("the archive cannot say") {
    world.reply(world.archive, response(503));
    CHECK(reply->value().records[0].held);
  }
}

TEST_CASE("A message whose dialog cannot be looked for waits", "[engine][publisher]") {
  PublisherWorld world;
  const auto reply = world.publish();
  world.find_empty();
  world.reply(world.dialogporten, response(503));
  CHECK(reply->value().records[0].held);
}

TEST_CASE("A publish that is not answered is held as a whole", "[engine][publisher][OC-1]") {
  PublisherWorld world;
  const auto reply = world.publish(2);
  world.reply(world.correspondence, no_answer());
  for (const auto& record : reply->value().records) {
    CHECK(record.outcome == Outcome::failed);
    CHECK(record.held);
  }
}
