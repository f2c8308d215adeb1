#include "../actor_fixture.hpp"

#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/engine/live/live_supervisor.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string live = "a3-app-instances-live";

std::string record(int n) {
  const auto digits = std::to_string(n);
  return "50001234/0dbc1da6-f744-4fff-83bc-" + std::string(12 - digits.size(), '0') + digits;
}

/// A feed between a list, an uploader and a ledger that answer when told.
struct FeedWorld : World {
  FeedWorld() {
    ledger_actor_ = spawn_as([this](caf::event_based_actor* self) -> caf::behavior {
      return {[this, self](const NoteFeed& in) { return notes->take(self, in); },
              [this](const LoadDue&) {
                auto loaded = std::exchange(due, DueLoaded{});
                return loaded;
              },
              [this](const LoadInbox& load) {
                InboxLoaded loaded;
                for (const auto& entry : inbox)
                  if (entry.id > load.after && loaded.entries.size() < load.limit)
                    loaded.entries.push_back(entry);
                return loaded;
              },
              [](const LoadCursors& load) {
                CursorsLoaded loaded;
                loaded.cursors.resize(load.feeds.size());
                return loaded;
              },
              [](Act& act) { act.what(); }};
    });
    notes->actor = ledger_actor_;
    notes->at_once = [](const NoteFeed&) { return std::optional(Noted{}); };
    setup.row = live;
    setup.organisations = {"ttd"};
    setup.begin = *parse_instant("2025-11-15T00:00:00Z");
    setup.controls = controls;
    controls->credit = 4;
    setup.page_size = 2;
    setup.pages = {&source::storage::app_instances, stand_in_of<gate_actor>(storage)};
    setup.ledger = caf::actor_cast<ledger_actor>(ledger_actor_);
    setup.carriers = {stand_in<carrier_actor>([](const Carry&) {})};
    setup.uploaders = {stand_in_of<uploader_actor>(uploads)};
    setup.engine = stand_in<engine_actor>([this](const RowIdle&) { states.emplace_back("idle"); },
                                          [this](const RowBusy&) { states.emplace_back("busy"); });
    setup.now = instants();
    setup.clock = clock();
    setup.probe = probe;
    storage->at_once = [this](const Call& call) { return std::optional(list(call)); };
  }

  void start() {
    feed = spawn<LiveFeed>(setup);
    run();
  }

  Answered list(const Call& call) {
    ++polls;
    if (broken) return answered(call.operation, response(500));
    std::string rows;
    for (const auto& [id, changed] : listed)
      rows += (rows.empty() ? "" : ",") + std::string(R"({"id":")") + id +
              R"(","instanceOwner":{"partyId":"50001234"},"appId":"ttd/form","org":"ttd",)" +
              R"("created":"2025-11-15T00:00:00Z","lastChanged":")" + changed + R"("})";
    return answered(call.operation, response(200, R"({"next":null,"instances":[)" + rows + "]}"));
  }

  void event(std::int64_t id, int n) {
    inbox.push_back({id, record(n), instant(), 1});
    tell(feed, NewEvents{});
  }

  void finish(std::size_t index, Outcome outcome, const char* version = "2025-11-17T12:00:00Z",
              std::optional<SecondLook> again = std::nullopt) {
    Uploaded uploaded;
    uploaded.outcome = outcome;
    uploaded.last_changed = *parse_instant(version);
    uploaded.organisation = "ttd";
    uploaded.again = std::move(again);
    if (outcome == Outcome::failed) uploaded.problem = {"Party", "is not known", {}};
    answer(uploads, index, uploaded);
  }

  const ledger::FeedCommit& note(std::size_t index) const { return notes->asked.at(index).commit; }
  /// The last commit that counts or fails something.
  const ledger::FeedCommit& last() const { return notes->asked.back().commit; }

  std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
  FeedSetup setup;
  std::shared_ptr<LiveProbe> probe = std::make_shared<LiveProbe>();
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Upload, Uploaded>> uploads = std::make_shared<Desk<Upload, Uploaded>>();
  std::shared_ptr<Desk<NoteFeed, Noted>> notes = std::make_shared<Desk<NoteFeed, Noted>>();
  std::vector<ledger::InboxEntry> inbox;
  std::vector<std::pair<std::string, std::string>> listed;
  DueLoaded due;
  bool broken = false;
  int polls = 0;
  std::vector<std::string> states;
  feed_actor feed;

private:
  caf::actor ledger_actor_;
};

} // namespace

TEST_CASE("An event is carried once, live, and handled with its outcome", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.event(7, 1);
  REQUIRE(world.uploads->asked.size() == 1);
  const auto& upload = world.uploads->asked[0];
  CHECK(upload.record_id == record(1));
  CHECK_FALSE(upload.decision);
  CHECK_FALSE(upload.is_migration);
  CHECK(upload.priority == Priority::live);
  const auto before = world.notes->asked.size();
  world.finish(0, Outcome::created);
  REQUIRE(world.notes->asked.size() == before + 1);
  CHECK(world.last().row == live);
  CHECK(world.last().handled == std::vector<std::int64_t>{7});
  CHECK(world.last().counts[Outcome::created] == 1);
  CHECK(world.last().settled == std::vector{record(1)});
  world.advance(5s);
  CHECK(world.uploads->asked.size() == 1);
}

TEST_CASE("Changes of one record that wait are one reading; one that comes while it is read is another",
          "[engine][feed]") {
  FeedWorld world;
  world.controls->credit = 1;
  world.start();
  world.event(1, 1);
  world.event(2, 1); // comes while it is read
  world.event(3, 1);
  CHECK(world.uploads->asked.size() == 1);
  world.finish(0, Outcome::created);
  CHECK(world.last().handled == std::vector<std::int64_t>{1});
  REQUIRE(world.uploads->asked.size() == 2);
  world.finish(1, Outcome::updated);
  CHECK(world.last().handled == std::vector<std::int64_t>{2, 3});
  CHECK(world.uploads->asked.size() == 2);
}

TEST_CASE("No more than the window is under way, however much waits", "[engine][feed]") {
  FeedWorld world;
  world.start();
  for (int n = 1; n <= 10; ++n)
    world.inbox.push_back({n, record(n), world.instant(), 1});
  world.tell(world.feed, NewEvents{});
  CHECK(world.uploads->asked.size() == 4);
  for (std::size_t i = 0; i < 10; ++i)
    world.finish(i, Outcome::created);
  CHECK(world.uploads->asked.size() == 10);
}

TEST_CASE("What the stream finds is carried, unless that version was carried already",
          "[engine][feed][D-12]") {
  FeedWorld world;
  world.start();
  world.event(1, 1);
  world.finish(0, Outcome::created, "2025-11-17T12:00:00Z");
  world.listed = {{record(1), "2025-11-17T12:00:00Z"}, {record(2), "2025-11-17T12:00:01Z"}};
  world.advance(6s);
  REQUIRE(world.uploads->asked.size() == 2);
  CHECK(world.uploads->asked[1].record_id == record(2));
  world.finish(1, Outcome::created, "2025-11-17T12:00:01Z");
  CHECK(world.last().feed == "stream/ttd");
  REQUIRE(world.last().cursor);
  CHECK(world.last().cursor->at == *parse_instant("2025-11-17T12:00:01Z"));
  world.listed.emplace_back(record(1), "2025-11-17T12:00:02Z");
  world.advance(6s);
  CHECK(world.uploads->asked.size() == 3);
}

TEST_CASE("A record that cannot be carried is an exception of the row, and no outcome is counted for it",
          "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.event(1, 1);
  world.finish(0, Outcome::failed);
  REQUIRE(world.last().failures.size() == 1);
  CHECK(world.last().failures[0].record_id == record(1));
  CHECK(world.last().failures[0].organisation == "ttd");
  CHECK(world.last().handled == std::vector<std::int64_t>{1});
  CHECK(world.last().counts.read() == 0);
  CHECK(world.last().settled.empty());
}

TEST_CASE("What is deferred wakes again, and counts once it has come to something", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.event(1, 1);
  world.finish(0, Outcome::deferred, "2025-11-17T12:00:00Z",
               SecondLook{SecondLook::Why::absence, world.instant() + 60s, {}});
  REQUIRE(world.last().wake_ups.size() == 1);
  CHECK(world.last().counts.read() == 0);
  CHECK(world.last().wake_ups[0].due == world.instant() + 60s);
  auto wake_up = world.last().wake_ups[0];
  wake_up.id = 5;
  world.due.wake_ups = {wake_up};
  world.advance(1s);
  REQUIRE(world.uploads->asked.size() == 2);
  CHECK(world.uploads->asked[1].absence_confirmed);
  world.finish(1, Outcome::purged);
  CHECK(world.last().woken == std::vector<std::int64_t>{5});
  CHECK(world.last().counts[Outcome::purged] == 1);
}

TEST_CASE("A stream that cannot be read is said to be so, and read again", "[engine][feed]") {
  FeedWorld world;
  world.broken = true;
  world.start();
  world.advance(1s);
  CHECK(world.probe->polling_fails);
  world.broken = false;
  world.advance(10s);
  CHECK_FALSE(world.probe->polling_fails);
}

TEST_CASE("A feed tells when nothing waits any more, and when something does again", "[engine][feed]") {
  FeedWorld world;
  world.start();
  world.advance(2s);
  CHECK(world.states == std::vector<std::string>{"idle"});
  world.event(1, 1);
  world.advance(1s);
  CHECK(world.states == std::vector<std::string>{"idle", "busy"});
  world.finish(0, Outcome::created);
  CHECK(world.states == std::vector<std::string>{"idle", "busy", "idle"});
}

TEST_CASE("Told to drain, a feed waits for what is under way and begins nothing more", "[engine][feed]") {
  FeedWorld world;
  world.controls->credit = 1;
  world.start();
  world.event(1, 1);
  world.event(2, 2);
  world.states.clear();
  world.tell(world.feed, Drain{});
  CHECK(world.states.empty());
  world.finish(0, Outcome::created);
  CHECK(world.states == std::vector<std::string>{"idle"});
  CHECK(world.uploads->asked.size() == 1);
}

TEST_CASE("A feed ends where the ledger does not take what it has done", "[engine][feed]") {
  FeedWorld world;
  world.start();
  bool ended = false;
  world.spawn_as([&](caf::event_based_actor* self) -> caf::behavior {
    self->set_down_handler([&](const caf::down_msg&) { ended = true; });
    self->monitor(world.feed);
    return {[](Act&) {}};
  });
  world.run();
  world.notes->at_once = [](const NoteFeed&) {
    return std::optional(Noted{Problem{"ledger", "the disk is full", {}}});
  };
  world.event(1, 1);
  world.finish(0, Outcome::created);
  CHECK(ended);
}

// -- its supervisor -----------------------------------------------------------------------------

namespace {

struct LiveSupervisorWorld : World {
  LiveSupervisorWorld() {
    LiveSupervisorSetup setup;
    setup.row = live;
    setup.restarts = {2, 10min, 1s, 60s};
    setup.ledger = stand_in_of<ledger_actor>(notes, [](const AwaitDuty&) { return Noted{}; });
    setup.engine = stand_in<engine_actor>([this](const Fatal& one) { fatal.push_back(one.problem); });
    setup.spawn_feed = [this] {
      feeds.push_back(stand_in<feed_actor>([this](NewEvents) { ++told; }, [](Drain) {}));
      return feeds.back();
    };
    setup.clock = clock();
    setup.random = [] { return 0.0; };
    supervisor = spawn<LiveSupervisor>(std::move(setup));
    run();
  }

  void kill_feed() {
    caf::anon_send_exit(feeds.back(), caf::exit_reason::kill);
    run();
  }

  std::shared_ptr<Desk<NoteEvents, Noted>> notes = std::make_shared<Desk<NoteEvents, Noted>>();
  std::vector<feed_actor> feeds;
  std::vector<Problem> fatal;
  int told = 0;
  live_supervisor_actor supervisor;
};

} // namespace

TEST_CASE("A feed that ends is started again after a while; one that ends too often ends the engine",
          "[engine][feed][supervisor]") {
  LiveSupervisorWorld world;
  for (std::size_t times = 1; times <= 2; ++times) {
    world.kill_feed();
    CHECK(world.feeds.size() == times);
    world.advance(60s);
    CHECK(world.feeds.size() == times + 1);
  }
  CHECK(world.fatal.empty());
  world.kill_feed();
  world.advance(3600s);
  CHECK(world.feeds.size() == 3);
  REQUIRE(world.fatal.size() == 1);
  CHECK(world.fatal[0].member == "rows." + live);
}

TEST_CASE("Events are answered once the ledger has them, with or without a feed to tell",
          "[engine][feed][supervisor]") {
  LiveSupervisorWorld world;
  const auto reply = world.ask<Noted>(world.supervisor, NoteEvents{{{live, record(1), {}}}});
  CHECK_FALSE(reply->there());
  CHECK(world.told == 0);
  world.answer(world.notes, 0, Noted{});
  CHECK_FALSE(reply->value().problem);
  CHECK(world.told == 1);
  world.kill_feed();
  const auto later = world.ask<Noted>(world.supervisor, NoteEvents{{{live, record(2), {}}}});
  world.answer(world.notes, 1, Noted{Problem{"ledger", "the disk is full", {}}});
  CHECK(later->value().problem);
}
