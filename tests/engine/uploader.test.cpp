#include "upload_fixture.hpp"

#include <dialogferry/engine/uploader.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const Uuid other_dialog = *parse_uuid("019781c0-0ac8-7bff-83bc-00000000000b");

/// An uploader in front of a gate that answers when told.
struct UploaderWorld : World {
  std::shared_ptr<Reply<Uploaded>> upload(Upload upload) {
    return ask<Uploaded>(uploader, std::move(upload));
  }

  /// Answers the `index`th request of all.
  void reply(std::size_t index, http::Answer with) {
    answer(gate, index, answered(gate->asked.at(index).operation, std::move(with)));
  }

  const std::string& body(std::size_t index) const { return gate->asked.at(index).request->body; }

  std::shared_ptr<Desk<Call, Answered>> gate = std::make_shared<Desk<Call, Answered>>();
  uploader_actor uploader = spawn<Uploader>(stand_in_of<gate_actor>(gate));
};

Upload numbered(const Uuid& dialog, int number) {
  auto upload = creation(dialog);
  auto decision = *upload.decision;
  decision.body = std::to_string(number);
  upload.decision = std::make_shared<const mapping::Decision>(std::move(decision));
  return upload;
}

} // namespace

TEST_CASE("Uploads of one dialog go strictly one after another, in the order they came",
          "[engine][uploader]") {
  UploaderWorld world;
  std::vector<std::shared_ptr<Reply<Uploaded>>> replies;
  for (int i = 0; i < 3; ++i)
    replies.push_back(world.upload(numbered(dialog_id, i)));
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(world.gate->asked.size() == i + 1);
    CHECK(world.body(i) == std::to_string(i));
    CHECK_FALSE(replies[i]->there());
    world.reply(i, response(201));
    CHECK(replies[i]->value().outcome == Outcome::created);
  }
}

TEST_CASE("The next upload of a dialog waits for every request of the one before", "[engine][uploader]") {
  UploaderWorld world;
  const auto first = world.upload(creation_and_removal());
  const auto second = world.upload(numbered(dialog_id, 2));
  world.reply(0, response(201, {}, revision_1));
  REQUIRE(world.gate->asked.size() == 2);
  CHECK(world.gate->asked[1].operation == http::Operation::remove);
  CHECK_FALSE(first->there());
  world.reply(1, response(204));
  CHECK(first->value().outcome == Outcome::deleted);
  REQUIRE(world.gate->asked.size() == 3);
  CHECK(world.body(2) == "2");
  CHECK_FALSE(second->there());
}

TEST_CASE("An upload that fails lets the next one of its dialog go on", "[engine][uploader]") {
  UploaderWorld world;
  const auto first = world.upload(creation());
  const auto second = world.upload(creation());
  world.reply(0, response(400));
  CHECK(first->value().outcome == Outcome::failed);
  world.reply(1, response(201));
  CHECK(second->value().outcome == Outcome::created);
  const auto third = world.upload(creation());
  world.reply(2, response(201));
  CHECK(third->value().outcome == Outcome::created);
}

TEST_CASE("Uploads of two dialogs go side by side", "[engine][uploader]") {
  UploaderWorld world;
  const auto first = world.upload(creation());
  const auto second = world.upload(creation(other_dialog));
  REQUIRE(world.gate->asked.size() == 2);
  world.reply(1, response(201));
  CHECK(second->value().outcome == Outcome::created);
  CHECK_FALSE(first->there());
}

TEST_CASE("Every request of an upload has the upload's priority and the patience of a record",
          "[engine][uploader]") {
  UploaderWorld world;
  auto upload = creation_and_removal();
  upload.priority = Priority::live;
  world.upload(upload);
  world.reply(0, response(201));
  REQUIRE(world.gate->asked.size() == 2);
  for (const auto& call : world.gate->asked) {
    CHECK(call.priority == Priority::live);
    CHECK(call.patience == Patience::record);
  }
}

TEST_CASE("An upload whose gate is gone fails with a problem", "[engine][uploader]") {
  UploaderWorld world;
  caf::anon_send_exit(world.gate->actor, caf::exit_reason::kill);
  world.run();
  const auto reply = world.upload(creation());
  CHECK(reply->value().outcome == Outcome::failed);
  CHECK(reply->value().problem.member == "dialogporten");
  CHECK(reply->value().attempts == 1);
}

TEST_CASE("A dialog's uploads always fall to the same uploader, and dialogs spread over all",
          "[engine][uploader]") {
  UploaderWorld world;
  std::vector<uploader_actor> uploaders = {world.uploader};
  for (int i = 0; i < 3; ++i)
    uploaders.push_back(world.spawn<Uploader>(world.stand_in_of<gate_actor>(world.gate)));
  std::map<caf::actor_id, int> falls;
  for (int i = 0; i < 1000; ++i) {
    const auto dialog = sub_id(dialog_id, std::to_string(i));
    ++falls[uploader_of(uploaders, dialog).id()];
    CHECK(uploader_of(uploaders, dialog).id() == uploader_of(uploaders, dialog).id());
  }
  CHECK(falls.size() == 4);
  for (const auto& [id, count] : falls)
    CHECK(count > 150);
}
