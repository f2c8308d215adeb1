#include "message_fixture.hpp"

#include <dialogferry/engine/carry/file_carrier.hpp>
#include <dialogferry/http/stream.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string md5_of_abc = "900150983cd24fb0d6963f7d28e17f72";
const Uuid first_id{{1}};
const Uuid second_id{{2}};

/// A file carrier between an archive, a Correspondence that takes what it is sent, and a ledger.
struct FileWorld : World {
  FileWorld() {
    setup.archive = stand_in_of<gate_actor>(archive);
    setup.correspondence = stand_in_of<gate_actor>(correspondence);
    find->at_once = [this](const FindFiles& wanted) {
      FoundFiles found;
      for (const auto& id : wanted.source_ids)
        found.target_ids.push_back(id == known ? std::optional(first_id) : std::nullopt);
      return std::optional(found);
    };
    note->at_once = [](const NoteFiles&) { return std::optional(Noted{}); };
    const auto made = spawn_as([find = find, note = note](caf::event_based_actor* self) -> caf::behavior {
      return {[self, find](const FindFiles& in) { return find->take(self, in); },
              [self, note](const NoteFiles& in) { return note->take(self, in); },
              [](Act& act) { act.what(); }};
    });
    find->actor = note->actor = made;
    setup.ledger = caf::actor_cast<ledger_actor>(made);
    carrier = spawn<FileCarrier>(setup);
  }

  std::shared_ptr<Reply<CarriedFiles>> carry(const std::vector<std::string>& ids) {
    CarryFiles files;
    for (const auto& id : ids)
      files.files.push_back({id, {{"altinn2AttachmentId", id}}, 3, md5_of_abc});
    files.day = *parse_day("2025-11-17");
    return ask<CarriedFiles>(carrier, std::move(files));
  }

  /// Correspondence has a connection for the newest upload, and the archive is asked.
  void connect() {
    reader = upload().open();
    run();
  }
  /// The archive sends these bytes, which are all. Returns what went on to Correspondence; nothing where the
  /// upload was broken off.
  std::optional<std::string> stream(const std::string& bytes) {
    const auto sink = archive->asked.back().request->sink;
    sink->begin(std::nullopt, {[] {}, [] {}});
    sink->write(bytes);
    sink->end();
    return read();
  }
  std::optional<std::string> read() {
    std::string sent;
    bool is_broken = false;
    for (int i = 0; i < 4 && sent.size() < 3 && !is_broken; ++i)
      reader->read([&](std::optional<std::string_view> block) {
        is_broken = !block;
        if (block) sent += *block;
      });
    return is_broken ? std::nullopt : std::optional(sent);
  }

  http::BodyStream& upload() const { return *correspondence->asked.back().request->stream; }

  void archive_answers(http::Answer with) {
    const auto last = archive->asked.size() - 1;
    answer(archive, last, reply_to(archive->asked[last], std::move(with)));
  }
  void correspondence_answers(http::Answer with) {
    upload().ended();
    const auto last = correspondence->asked.size() - 1;
    answer(correspondence, last, reply_to(correspondence->asked[last], std::move(with)));
  }

  /// One file, all well.
  void take(const Uuid& as) {
    connect();
    REQUIRE(stream("abc") == "abc");
    archive_answers(response(200));
    correspondence_answers(response(200, '"' + to_string(as) + '"'));
  }

  std::string known = "-";
  std::shared_ptr<Desk<Call, Answered>> archive = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> correspondence = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<FindFiles, FoundFiles>> find = std::make_shared<Desk<FindFiles, FoundFiles>>();
  std::shared_ptr<Desk<NoteFiles, Noted>> note = std::make_shared<Desk<NoteFiles, Noted>>();
  std::shared_ptr<http::BodyReader> reader;
  FileCarrierSetup setup;
  file_carrier_actor carrier;
};

using Catch::Contains;

} // namespace

TEST_CASE("A file goes from the archive to Correspondence with its length, and is remembered",
          "[engine][file_carrier][OC-9]") {
  FileWorld world;
  const auto reply = world.carry({"7"});
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK(world.correspondence->asked[0].operation == http::Operation::upload);
  CHECK(world.upload().size() == 3);
  CHECK(world.archive->asked.empty()); // not before there is a connection for it
  world.take(first_id);
  REQUIRE(world.note->asked.size() == 1);
  CHECK(world.note->asked[0].files[0].source_id == "7");
  CHECK(world.note->asked[0].files[0].target_id == first_id);
  CHECK(world.note->asked[0].files[0].day == *parse_day("2025-11-17"));
  CHECK(reply->value().ids == std::vector{first_id});
}

TEST_CASE("A file that was taken is not sent again, the others go in their turn", "[engine][file_carrier]") {
  FileWorld world;
  world.known = "7";
  const auto reply = world.carry({"7", "8"});
  REQUIRE(world.correspondence->asked.size() == 1);
  CHECK_THAT(world.correspondence->asked[0].request->target, Contains("altinn2AttachmentId=8"));
  world.take(second_id);
  CHECK(reply->value().ids == std::vector{first_id, second_id});
}

TEST_CASE("Files that are all there are answered without a request", "[engine][file_carrier]") {
  FileWorld world;
  world.known = "7";
  CHECK(world.carry({"7"})->value().ids == std::vector{first_id});
  CHECK(world.correspondence->asked.empty());
}

TEST_CASE("A file is not told of as taken before the ledger has it", "[engine][file_carrier]") {
  FileWorld world;
  world.note->at_once = nullptr;
  const auto reply = world.carry({"7"});
  world.take(first_id);
  CHECK_FALSE(reply->there());
  world.answer(world.note, 0, Noted{});
  CHECK(reply->value().ids.size() == 1);
}

TEST_CASE("A file of another length or another MD5 is never whole at the server, and is an exception",
          "[engine][file_carrier]") {
  FileWorld world;
  const std::string bytes = GENERATE("ab", "abcd", "abd");
  const auto reply = world.carry({"7"});
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(world.correspondence->asked.size() == i + 1);
    world.connect();
    CHECK(world.stream(bytes) == std::nullopt);
    world.archive_answers(response(200));
    world.correspondence_answers(no_answer());
    world.advance(5s);
  }
  CHECK(reply->value().problem->member == "attachments[7]");
  CHECK_FALSE(reply->value().held);
  CHECK(world.note->asked.empty());
}

TEST_CASE("A file that the archive does not have is an exception at once", "[engine][file_carrier]") {
  FileWorld world;
  const auto reply = world.carry({"7"});
  world.connect();
  world.archive->asked.back().request->sink->fail("404");
  CHECK(world.read() == std::nullopt);
  world.archive_answers(response(404));
  world.correspondence_answers(no_answer());
  CHECK_THAT(reply->value().problem->message, Contains("not in the archive"));
  CHECK(reply->value().http_status == 404);
  CHECK_FALSE(reply->value().held);
}

TEST_CASE("A stream that breaks is begun anew, and waits for the archive when it breaks too often",
          "[engine][file_carrier]") {
  FileWorld world;
  const auto reply = world.carry({"7"});
  const auto breaks = GENERATE(1, 5);
  for (int i = 0; i < breaks; ++i) {
    world.connect();
    const auto sink = world.archive->asked.back().request->sink;
    sink->begin(3, {[] {}, [] {}});
    sink->write("a");
    sink->fail("the connection ended");
    CHECK(world.read() == std::nullopt);
    world.archive_answers(no_answer());
    world.correspondence_answers(no_answer());
    CHECK(world.note->asked.empty());
    world.advance(10s);
  }
  if (breaks == 1) {
    REQUIRE(world.correspondence->asked.size() == 2);
    world.take(first_id);
    CHECK(reply->value().ids == std::vector{first_id});
  } else {
    REQUIRE(reply->there());
    CHECK(world.correspondence->asked.size() == 5);
    REQUIRE(reply->value().held);
    CHECK(reply->value().problem->member == "attachments[7]");
  }
}

TEST_CASE("What Correspondence refuses for good is an exception, what the moment refuses is tried again",
          "[engine][file_carrier]") {
  FileWorld world;
  const auto reply = world.carry({"7"});
  world.connect();
  REQUIRE(world.stream("abc"));
  world.archive_answers(response(200));
  SECTION("400") {
    world.correspondence_answers(response(400, R"({"title":"no","status":400,"detail":"bad"})"));
    CHECK(reply->value().problem);
    CHECK_FALSE(reply->value().held);
  }
  SECTION("503") {
    world.correspondence_answers(response(503));
    world.advance(5s);
    REQUIRE(world.correspondence->asked.size() == 2);
    world.take(first_id);
    CHECK(reply->value().ids == std::vector{first_id});
  }
}

TEST_CASE("An upload that is refused before the archive was asked is over at once",
          "[engine][file_carrier]") {
  FileWorld world;
  const auto reply = world.carry({"7"});
  world.correspondence_answers(response(503));
  world.advance(5s);
  CHECK(world.correspondence->asked.size() == 2);
  CHECK(world.archive->asked.empty());
}

TEST_CASE("A ledger that does not take a file holds the message", "[engine][file_carrier]") {
  FileWorld world;
  world.note->at_once = [](const NoteFiles&) {
    return std::optional(Noted{Problem{"ledger", "is full", {}}});
  };
  const auto reply = world.carry({"7"});
  world.take(first_id);
  CHECK(reply->value().problem->message == "is full");
  CHECK(reply->value().held);
}
