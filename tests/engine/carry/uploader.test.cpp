#include "upload_fixture.hpp"

#include <dialogferry/engine/carry/uploader.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const Uuid other_record = *parse_uuid("019781c0-0ac8-7bff-83bc-00000000000b");

/// An uploader in front of gates and a carrier that answer when told.
struct UploaderWorld : World {
  UploaderWorld() {
    UploaderSetup setup;
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.dialogporten = stand_in_of<gate_actor>(gate);
    setup.clock = clock();
    uploader = spawn<Uploader>(std::move(setup));
  }

  std::shared_ptr<Reply<Uploaded>> upload(Upload upload) {
    upload.carrier = carrier;
    return ask<Uploaded>(uploader, std::move(upload));
  }

  /// Answers the `index`th request of all.
  void reply(std::size_t index, http::Answer with) {
    answer(gate, index, answered(gate->asked.at(index).operation, std::move(with)));
  }

  const std::string& body(std::size_t index) const { return gate->asked.at(index).request->body; }

  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> gate = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<MapAnew, MappedAnew>> anew = std::make_shared<Desk<MapAnew, MappedAnew>>();
  carrier_actor carrier = stand_in_of<carrier_actor>(anew);
  uploader_actor uploader;
};

Upload numbered(const Uuid& record, int number) {
  auto decision = decision_of({mapping::Call::create}, Outcome::created);
  decision.body = std::to_string(number);
  return upload_of(std::move(decision), record);
}

} // namespace

TEST_CASE("Uploads of one record go strictly one after another, in the order they came",
          "[engine][uploader]") {
  UploaderWorld world;
  std::vector<std::shared_ptr<Reply<Uploaded>>> replies;
  for (int i = 0; i < 3; ++i)
    replies.push_back(world.upload(numbered(record_guid, i)));
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(world.gate->asked.size() == i + 1);
    CHECK(world.body(i) == std::to_string(i));
    CHECK_FALSE(replies[i]->there());
    world.reply(i, response(201));
    CHECK(replies[i]->value().outcome == Outcome::created);
  }
}

TEST_CASE("The next upload of a record waits for every request of the one before", "[engine][uploader]") {
  UploaderWorld world;
  const auto first = world.upload(creation_and_removal());
  const auto second = world.upload(numbered(record_guid, 2));
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

TEST_CASE("An upload that fails lets the next one of its record go on", "[engine][uploader]") {
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

TEST_CASE("Uploads of two records go side by side", "[engine][uploader]") {
  UploaderWorld world;
  const auto first = world.upload(creation());
  const auto second = world.upload(creation(other_record));
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

TEST_CASE("A record is mapped anew while it has its lane, and what comes of it is sent",
          "[engine][uploader]") {
  UploaderWorld world;
  const auto first = world.upload(reading());
  const auto second = world.upload(reading());
  REQUIRE(world.anew->asked.size() == 1);
  CHECK(world.anew->asked[0].record_id == record_id);
  world.answer(world.anew, 0, mapped({mapping::Call::update}, Outcome::updated, revision_1));
  REQUIRE(world.gate->asked.size() == 1);
  CHECK(world.gate->asked[0].operation == http::Operation::update);
  CHECK(world.anew->asked.size() == 1);
  world.reply(0, response(204, {}, revision_2));
  CHECK(first->value().outcome == Outcome::updated);
  REQUIRE(world.anew->asked.size() == 2);
  world.answer(world.anew, 1, mapped({}, Outcome::unchanged));
  CHECK(second->value().outcome == Outcome::unchanged);
}

TEST_CASE("An id is written back at Storage before the dialog is made", "[engine][uploader][M-6]") {
  UploaderWorld world;
  auto decision = decision_of({mapping::Call::create}, Outcome::created);
  decision.write_back = true;
  const auto done = world.upload(upload_of(decision));
  REQUIRE(world.storage->asked.size() == 1);
  CHECK(world.gate->asked.empty());
  world.answer(world.storage, 0, answered(http::Operation::write, response(200)));
  world.reply(0, response(201));
  CHECK(done->value().outcome == Outcome::created);
}

TEST_CASE("A row that was listed before its record was last read is not written from", "[engine][uploader]") {
  UploaderWorld world;
  world.advance(1s);
  auto row = creation();
  row.listed = world.now();
  world.advance(1s);
  world.upload(reading());
  world.answer(world.anew, 0, mapped({}, Outcome::excluded)); // gone for good, and never had a dialog
  const auto late = world.upload(row);
  CHECK(world.gate->asked.empty());
  REQUIRE(world.anew->asked.size() == 2);
  world.answer(world.anew, 1, mapped({}, Outcome::excluded));
  CHECK(late->value().outcome == Outcome::excluded);

  world.advance(1s);
  row.listed = world.now();
  world.upload(row);
  CHECK(world.gate->asked.size() == 1);
}

TEST_CASE("A row of another record is written from, whatever was read meanwhile", "[engine][uploader]") {
  UploaderWorld world;
  world.advance(1s);
  auto row = creation(other_record);
  row.listed = world.now();
  world.advance(1s);
  world.upload(reading());
  world.upload(row);
  CHECK(world.gate->asked.size() == 1);
}

TEST_CASE("Where the memory of readings does not reach back, a row may be out of date",
          "[engine][uploader][recent]") {
  RecentReads recent(2);
  const auto id = [](int n) { return sub_id(record_guid, std::to_string(n)); };
  for (int n = 1; n <= 4; ++n)
    recent.note(id(n), std::chrono::seconds(n));
  CHECK(recent.may_be_after(id(1), 0s));
  CHECK_FALSE(recent.may_be_after(id(1), 1s));
  CHECK_FALSE(recent.may_be_after(id(9), 0s));
  recent.note(id(5), 5s); // the first two are forgotten
  CHECK(recent.may_be_after(id(9), 1s));
  CHECK_FALSE(recent.may_be_after(id(9), 2s));
  CHECK(recent.may_be_after(id(4), 3s));
  CHECK_FALSE(recent.may_be_after(id(4), 4s));
}

TEST_CASE("A record's uploads always fall to the same uploader, and records spread over all",
          "[engine][uploader]") {
  UploaderWorld world;
  std::vector<uploader_actor> uploaders = {world.uploader};
  for (int i = 0; i < 3; ++i)
    uploaders.push_back(world.spawn<Uploader>(UploaderSetup{}));
  std::map<caf::actor_id, int> falls;
  for (int i = 0; i < 1000; ++i) {
    const auto record = sub_id(record_guid, std::to_string(i));
    ++falls[uploader_of(uploaders, record).id()];
    CHECK(uploader_of(uploaders, record).id() == uploader_of(uploaders, record).id());
  }
  CHECK(falls.size() == 4);
  for (const auto& [id, count] : falls)
    CHECK(count > 150);
}
