#include "message_fixture.hpp"

#include <dialogferry/engine/carry/ensurer.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

/// A message of Altinn 3, as its service tells of it.
std::string details(const std::vector<std::string>& history,
                    const std::string& created = "2025-11-17T11:00:00Z") {
  return R"({"correspondenceId":")" + to_string(message_target) + R"(","created":")" + created +
         R"(","published":")" + created +
         R"(","recipient":"urn:altinn:organization:identifier-no:310555002","sender":"urn:altinn:organization:identifier-no:318258708",)"
         R"("resourceId":"krt-melding","sendersReference":"REF-1","content":{"language":"nb","messageTitle":"Vedtak",)"
         R"("messageSummary":"Les.","messageBody":"Hei"},"attachments":[],"statusHistory":[)" +
         joined(history) + "]}";
}

std::string happened(const std::string& status, const std::string& at) {
  return R"({"status":")" + status + R"(","statusText":"","statusChanged":")" + at + R"("})";
}

const std::vector<std::string> published = {happened("Published", "2025-11-17T11:00:00Z")};

struct EnsurerWorld : World {
  EnsurerWorld() {
    EnsurerSetup setup;
    setup.correspondence = stand_in_of<gate_actor>(correspondence);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.registry = stand_in_of<gate_actor>(registry);
    setup.mapping = settings();
    setup.now = instants();
    registry->at_once = [](const Call& call) {
      return std::optional(reply_to(
          call,
          response(
              200,
              R"({"data":[{"partyUuid":")" + reader_party +
                  R"(","externalUrn":"urn:altinn:person:identifier-no:14915734775","displayName":"KARI"}]})")));
    };
    correspondence->at_once = [this](const Call& call) { return std::optional(reply_to(call, message)); };
    ensurer = spawn<Ensurer>(std::move(setup));
  }

  std::shared_ptr<Reply<Uploaded>> ensure() {
    Upload upload;
    upload.record_id = to_string(message_target);
    upload.lane = message_target;
    upload.priority = Priority::live;
    return ask<Uploaded>(ensurer, std::move(upload));
  }

  void reply(http::Answer with) {
    REQUIRE_FALSE(dialogporten->asked.empty());
    const auto last = dialogporten->asked.size() - 1;
    answer(dialogporten, last, reply_to(dialogporten->asked[last], std::move(with)));
  }
  const Call& last() const { return dialogporten->asked.back(); }

  http::Response message = response(200, details(published));
  std::shared_ptr<Desk<Call, Answered>> correspondence = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> registry = std::make_shared<Desk<Call, Answered>>();
  uploader_actor ensurer;
};

using Catch::Contains;

} // namespace

TEST_CASE("A message of Altinn 3 whose dialog is there needs nothing", "[engine][ensurer]") {
  EnsurerWorld world;
  const auto reply = world.ensure();
  REQUIRE(world.dialogporten->asked.size() == 1);
  CHECK(world.last().operation == http::Operation::read);
  world.reply(dialog_with());
  CHECK(reply->value().outcome == Outcome::unchanged);
}

TEST_CASE("A message of Altinn 3 whose dialog is missing gets it", "[engine][ensurer]") {
  EnsurerWorld world;
  const auto reply = world.ensure();
  world.reply(not_there());
  REQUIRE(world.last().operation == http::Operation::create);
  CHECK_THAT(world.last().request->body,
             Contains("urn:altinn:correspondence-id:" + to_string(message_target)));
  world.reply(response(201));
  CHECK(reply->value().outcome == Outcome::created);
}

TEST_CASE("A message that was made a moment ago is looked at again before its dialog is",
          "[engine][ensurer]") {
  EnsurerWorld world;
  world.message =
      response(200, details({happened("Published", "2025-11-17T11:59:58Z")}, "2025-11-17T11:59:58Z"));
  const auto reply = world.ensure();
  world.reply(not_there());
  CHECK(reply->value().outcome == Outcome::deferred);
  REQUIRE(reply->value().again);
  CHECK(reply->value().again->due > world.instant());
  CHECK(world.dialogporten->asked.size() == 1);
}

TEST_CASE("Who makes the dialog meanwhile is met: it is read again", "[engine][ensurer]") {
  EnsurerWorld world;
  const auto reply = world.ensure();
  world.reply(not_there());
  world.reply(response(422, R"({"errors":{"Dialog":["Key ('Id')=(x) already exists."]}})"));
  REQUIRE(world.last().operation == http::Operation::read);
  world.reply(dialog_with());
  CHECK(reply->value().outcome == Outcome::unchanged);
}

TEST_CASE("A dialog that others keep changing is no loop", "[engine][ensurer]") {
  EnsurerWorld world;
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(
        reply_to(call, call.operation == http::Operation::read
                           ? not_there()
                           : response(422, R"({"errors":{"Dialog":["Key ('Id')=(x) already exists."]}})")));
  };
  const auto reply = world.ensure();
  CHECK(reply->there());
  CHECK(world.dialogporten->asked.size() <= 12);
}

TEST_CASE("A message that is gone is told of as such, whoever cannot say is waited for",
          "[engine][ensurer]") {
  EnsurerWorld world;
  SECTION("gone") {
    world.message = response(404);
    CHECK_THAT(world.ensure()->value().problem.message, Contains("no such message"));
  }
  SECTION("down") {
    world.message = response(503);
    CHECK(world.ensure()->value().held);
  }
  SECTION("no id") {
    world.message = response(200, "{}");
    CHECK(world.ensure()->value().outcome == Outcome::failed);
  }
}

TEST_CASE("Events of one message are carried one after another", "[engine][ensurer]") {
  EnsurerWorld world;
  const auto first = world.ensure();
  const auto second = world.ensure();
  CHECK(world.correspondence->asked.size() == 1);
  world.reply(dialog_with());
  CHECK(first->there());
  CHECK(world.correspondence->asked.size() == 2);
  world.reply(dialog_with());
  CHECK(second->value().outcome == Outcome::unchanged);
}
