#include "writer_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string live = "a3-app-instances-live";
const std::string record = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";

struct LiveWriterWorld : WriterWorld {
  std::shared_ptr<Reply<Noted>> event(const std::string& record_id) {
    return ask_later<Noted>(writer, NoteEvents{{{live, record_id, instant()}}});
  }
  static ledger::FeedCommit commit(std::vector<std::int64_t> handled = {}) {
    ledger::FeedCommit commit;
    commit.row = live;
    commit.stage = "carry";
    commit.feed = "stream/ttd";
    commit.handled = std::move(handled);
    return commit;
  }
  std::shared_ptr<Reply<Noted>> feed(ledger::FeedCommit commit) {
    return ask_later<Noted>(writer, NoteFeed{std::move(commit)});
  }
  std::shared_ptr<Reply<InboxLoaded>> inbox(std::int64_t after = 0, std::size_t limit = 100) {
    return ask_later<InboxLoaded>(writer, LoadInbox{live, after, limit});
  }
  std::shared_ptr<Reply<CursorsLoaded>> cursors(std::vector<std::string> feeds) {
    return ask_later<CursorsLoaded>(writer, LoadCursors{live, "carry", std::move(feeds)});
  }
};

} // namespace

TEST_CASE("Events, what feeds have done and what shards have done are one commit, and each is told",
          "[engine][ledger][live]") {
  LiveWriterWorld world;
  std::vector<std::shared_ptr<Reply<Noted>>> replies;
  world.begin({"2025-03-01"});
  replies.push_back(world.note(created(key("2025-03-01"), 5)));
  replies.push_back(world.event(record));
  auto done = world.commit();
  done.counts[Outcome::updated] = 2;
  done.cursor = Checkpoint{{77}, {}};
  replies.push_back(world.feed(done));
  replies.push_back(world.event("50001234/other"));
  world.run();
  for (const auto& reply : replies)
    CHECK_FALSE(reply->value().problem);
  CHECK(world.kept(key("2025-03-01")).counts[Outcome::created] == 5);
  CHECK(world.ledger->inbox(live, 0, 10)->size() == 2);
  CHECK((*world.ledger->cursor(live, "carry", "stream/ttd"))->at == Instant{77});
  CHECK(world.fatal.empty());
}

TEST_CASE("Who reads the inbox sees what was noted before, and not what was handled before",
          "[engine][ledger][live]") {
  LiveWriterWorld world;
  world.event(record);
  world.event("50001234/other");
  const auto first = world.inbox();
  world.run();
  REQUIRE(first->value().entries.size() == 2);
  CHECK_FALSE(first->value().problem);
  CHECK(first->value().entries[0].record_id == record);
  const auto id = first->value().entries[0].id;
  world.feed(world.commit({id}));
  const auto second = world.inbox();
  const auto above = world.inbox(first->value().entries[1].id);
  world.run();
  REQUIRE(second->value().entries.size() == 1);
  CHECK(second->value().entries[0].record_id == "50001234/other");
  CHECK(above->value().entries.empty());
}

TEST_CASE("An inbox is read in pieces, oldest first", "[engine][ledger][live]") {
  LiveWriterWorld world;
  for (int i = 0; i < 5; ++i)
    world.event("50001234/" + std::to_string(i));
  const auto some = world.inbox(0, 2);
  world.run();
  REQUIRE(some->value().entries.size() == 2);
  const auto rest = world.inbox(some->value().entries[1].id, 100);
  world.run();
  REQUIRE(rest->value().entries.size() == 3);
  CHECK(rest->value().entries[0].record_id == "50001234/2");
}

TEST_CASE("An event that comes with the outcome of the one before it is not handled with that",
          "[engine][ledger][live]") {
  LiveWriterWorld world;
  world.event(record);
  const auto first = world.inbox();
  world.run();
  const auto id = first->value().entries.at(0).id;
  SECTION("just before") {
    world.event(record);
    world.feed(world.commit({id}));
  }
  SECTION("just after") {
    world.feed(world.commit({id}));
    world.event(record);
  }
  const auto left = world.inbox(id);
  world.run();
  CHECK(left->value().entries.size() == 1);
}

TEST_CASE("Cursors are told in the order asked for, none where there is none, with what was noted before",
          "[engine][ledger][live]") {
  LiveWriterWorld world;
  auto moved = world.commit();
  moved.cursor = Checkpoint{{77}, {*parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb")}};
  world.feed(moved);
  const auto loaded = world.cursors({"stream/nav", "stream/ttd"});
  world.run();
  CHECK_FALSE(loaded->value().problem);
  REQUIRE(loaded->value().cursors.size() == 2);
  CHECK_FALSE(loaded->value().cursors[0]);
  CHECK(loaded->value().cursors[1] == moved.cursor);
}

TEST_CASE("Records whose time has come are told of a live row as well, until they are woken",
          "[engine][ledger][live]") {
  LiveWriterWorld world;
  auto deferred = world.commit();
  ledger::WakeUp wake_up;
  wake_up.row = live;
  wake_up.stage = "carry";
  wake_up.key = "import/" + record;
  wake_up.due = world.instant() + 60s;
  wake_up.payload = "0";
  deferred.wake_ups = {wake_up};
  world.feed(deferred);
  const auto early = world.ask<DueLoaded>(world.writer, LoadDue{live, "carry"});
  CHECK(early->value().wake_ups.empty());
  world.advance(60s);
  const auto due = world.ask<DueLoaded>(world.writer, LoadDue{live, "carry"});
  REQUIRE(due->value().wake_ups.size() == 1);
  auto woken = world.commit();
  woken.woken = {due->value().wake_ups[0].id};
  world.feed(woken);
  const auto late = world.ask<DueLoaded>(world.writer, LoadDue{live, "carry"});
  CHECK(late->value().wake_ups.empty());
}

TEST_CASE("Where one part of a commit is refused, events that came with it are not told as noted",
          "[engine][ledger][live]") {
  LiveWriterWorld world;
  const auto event = world.event(record);
  const auto refused = world.note(created(key("2025-02-01"), 1)); // has not begun
  const auto feed = world.feed(world.commit());
  world.run();
  CHECK(event->value().problem);
  CHECK(refused->value().problem);
  CHECK(feed->value().problem);
  CHECK(world.ledger->inbox(live, 0, 10)->empty());
  CHECK(world.fatal.size() == 1);
}
