#include "feed_fixture.hpp"

#include <dialogferry/ledger/partitions.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

/// The record of a partition, of which ids end with that number.
std::string in(unsigned partition) {
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("50001234/0dbc1da6-f744-4fff-83bc-0000000000") + digits[partition / 16] +
         digits[partition % 16];
}

Share share(std::initializer_list<unsigned> partitions, std::set<std::string> streams = {}) {
  Share share;
  for (const auto partition : partitions)
    share.partitions.set(partition);
  share.streams = std::move(streams);
  return share;
}

/// A feed whose share of its row is what the test says.
struct SharedWorld : FeedWorld {
  explicit SharedWorld(Share first, bool begins = true) {
    mine = std::move(first);
    setup.is_shared = true;
    ledger.due->at_once = [this](const LoadDue& load) {
      REQUIRE(load.live);
      CHECK(load.live->is_shared);
      CHECK(load.live->streams == std::set<std::string>{"ttd"});
      in_use = load.live->in_use;
      auto loaded = std::exchange(due, {});
      loaded.share = mine;
      loaded.elsewhere = elsewhere;
      loaded.inbox = waiting;
      return std::optional(loaded);
    };
    if (begins) start();
  }

  /// As the ledger's writer grants it from now on.
  void grant(Share next) {
    mine = std::move(next);
    advance(1s);
  }

  std::vector<ledger::InboxEvent> found() const {
    std::vector<ledger::InboxEvent> all;
    for (const auto& note : ledger.feeds->asked)
      all.insert(all.end(), note.commit.found.begin(), note.commit.found.end());
    return all;
  }

  Share mine;
  Share in_use;
  bool elsewhere = false;
  std::uint64_t waiting = 0;
};

} // namespace

TEST_CASE("A feed that shares its row carries what is in its partitions", "[engine][feed][share]") {
  SharedWorld world(share({1, 2}));
  CHECK(world.storage->asked.empty()); // no stream is its own
  for (const auto partition : {1U, 2U, 3U})
    world.note(in(partition));
  world.tell(world.actor, NewEvents{});
  CHECK(world.carried() == Strings{in(1), in(2)});
  world.finish(0);
  world.finish(1);
  REQUIRE(world.inbox.size() == 1);
  CHECK(world.inbox.front().record_id == in(3));
}

TEST_CASE("Before its share is known a feed takes nothing", "[engine][feed][share]") {
  SharedWorld world(share({}));
  world.event(in(1));
  world.advance(10s);
  CHECK(world.carried().empty());
  for (const auto& load : world.ledger.inbox->asked)
    CHECK(load.partitions.none());
}

TEST_CASE("What a stream shows of others' partitions is noted for them, with the cursor that passes it",
          "[engine][feed][share]") {
  SharedWorld world(share({1}));
  const auto at = world.instant() + 5s;
  world.list.rows = {{in(1), at}, {in(2), at + 1s}, {in(65), at + 2s}};
  world.grant(share({1}, {"ttd"}));
  world.advance(1s);
  REQUIRE(world.carried() == Strings{in(1), in(65)}); // 65 is 1 in another round
  const auto found = world.found();
  REQUIRE(found.size() == 1);
  CHECK(found[0].row == world.setup.row);
  CHECK(found[0].record_id == in(2));
  REQUIRE(found[0].listed);
  CHECK(found[0].listed->last_changed == at + 1s);
  CHECK(found[0].listed->content != 0);
  for (const auto& note : world.ledger.feeds->asked)
    if (note.commit.cursor && note.commit.cursor->at > at + 1s) FAIL("it has passed what is not carried yet");
  world.finish(0, Outcome::created, at);
  CHECK(world.cursor()->at == at + 1s);
  world.finish(1, Outcome::created, at + 2s);
  CHECK(world.cursor()->at == at + 2s);
  world.advance(200s);
  CHECK(world.found().size() == 1);
  CHECK(world.carried().size() == 2);
}

TEST_CASE("What was found elsewhere and is carried already is not read again", "[engine][feed][share]") {
  SharedWorld world(share({1, 2}));
  const auto at = world.instant();
  world.event(in(1));
  Uploaded uploaded;
  uploaded.outcome = Outcome::created;
  uploaded.last_changed = at;
  uploaded.seen.row = 7;
  world.finish(0, uploaded);
  const auto told = [&](unsigned partition, ledger::Listed listed) {
    world.inbox.push_back({++world.last_id, in(partition), at, 1, listed});
    world.tell(world.actor, NewEvents{});
  };
  told(1, {at, 7});
  CHECK(world.carried().size() == 1);
  CHECK(world.inbox.empty()); // it is done with
  told(1, {at - 1s, 6});
  CHECK(world.carried().size() == 1);
  told(1, {at, 8});
  CHECK(world.carried().size() == 2);
  told(2, {at, 7});
  CHECK(world.carried().size() == 3);
}

TEST_CASE("A partition that goes is in use as long as a record of it is under way", "[engine][feed][share]") {
  SharedWorld world(share({1, 2, 3}));
  world.controls->credit = 1;
  world.event(in(1));
  world.event(in(2));
  world.controls->credit = 20;
  REQUIRE(world.carried() == Strings{in(1)});
  world.grant(share({3}));
  CHECK(world.in_use == share({1, 2, 3}));
  world.advance(1s);
  CHECK(world.in_use == share({1, 3}));
  world.event(in(1)); // is for the next one
  world.finish(0);
  world.advance(1s);
  CHECK(world.in_use == share({3}));
  CHECK(world.carried() == Strings{in(1)});
  Strings left;
  for (const auto& entry : world.inbox)
    left.push_back(entry.record_id);
  CHECK(left == Strings{in(2), in(1)});
}

TEST_CASE("A partition that comes brings what waits for it, and nothing twice", "[engine][feed][share]") {
  SharedWorld world(share({1}));
  world.note(in(2));
  world.note(in(1));
  world.tell(world.actor, NewEvents{});
  REQUIRE(world.carried() == Strings{in(1)});
  world.grant(share({1, 2}));
  CHECK(world.carried() == Strings{in(1), in(2)});
  world.finish(0);
  world.finish(1);
  world.advance(10s);
  CHECK(world.carried().size() == 2);
  CHECK(world.inbox.empty());
}

TEST_CASE("A stream that goes is let go once its records are done; who has it next goes on from its cursor",
          "[engine][feed][share]") {
  SharedWorld world(share({1, 2}, {"ttd"}));
  const auto at = world.instant() + 5s;
  world.controls->credit = 1;
  world.setup.page_size = 10;
  world.list.rows = {{in(1), at}, {in(2), at + 1s}};
  world.advance(10s);
  REQUIRE(world.carried() == Strings{in(1)});
  world.grant(share({1, 2}));
  world.advance(2s);
  CHECK(world.in_use == share({1, 2}, {"ttd"}));
  const auto polls = world.storage->asked.size();
  world.finish(0, Outcome::created, at);
  CHECK(world.cursor()->at == at); // the second record has not begun
  world.advance(2s);
  CHECK(world.in_use == share({1, 2}));
  world.advance(60s);
  CHECK(world.storage->asked.size() == polls);
  CHECK(world.carried().size() == 1);

  world.ledger.cursors->at_once = [&](const LoadCursors& load) {
    CHECK(load.feeds == Strings{"stream/ttd"});
    CursorsLoaded loaded;
    loaded.cursors.push_back(Checkpoint{at + 1s, {}});
    return std::optional(loaded);
  };
  world.grant(share({1, 2}, {"ttd"}));
  world.advance(10s);
  CHECK(world.carried() == Strings{in(1), in(2)});
}

TEST_CASE("What a stream of ours has found in a partition that goes is noted for the next one",
          "[engine][feed][share]") {
  SharedWorld world(share({1, 2}, {"ttd"}));
  const auto at = world.instant() + 5s;
  world.controls->credit = 1;
  world.list.rows = {{in(1), at}, {in(2), at + 1s}};
  world.advance(10s);
  REQUIRE(world.carried() == Strings{in(1)});
  world.grant(share({1}, {"ttd"}));
  REQUIRE(world.found().size() == 1);
  CHECK(world.found()[0].record_id == in(2));
  CHECK_FALSE(world.found()[0].listed);
  world.finish(0, Outcome::created, at);
  CHECK(world.cursor()->at == at + 1s);
}

TEST_CASE("A pass carries what it finds, whatever partition it is in", "[engine][feed][share][OS-5]") {
  SharedWorld world(share({1}, {"ttd"}), false);
  world.setup.reconcile = 24h;
  world.setup.poll = world.setup.look_every = 300s;
  const auto at = world.instant();
  world.list.rows = {{in(2), at}};
  world.uploads->at_once = [](const Upload&) {
    Uploaded uploaded;
    uploaded.outcome = Outcome::unchanged;
    return std::optional(uploaded);
  };
  world.start();
  world.advance(2h);
  CHECK(world.carried().empty());
  CHECK(world.found().size() == 1);
  world.advance(24h);
  CHECK(world.carried() == Strings{in(2)});
  CHECK(world.found().size() == 1);
}

TEST_CASE("A stream is not read on while others have enough to do", "[engine][feed][share]") {
  SharedWorld world(share({1}));
  world.waiting = 10'000;
  world.list.rows = {{in(2), world.instant() + 1s}};
  world.grant(share({1}, {"ttd"}));
  world.advance(20s);
  CHECK(world.storage->asked.empty());
  world.waiting = 9'999;
  world.advance(2s);
  CHECK(world.found().size() == 1);
}

TEST_CASE("What is gone is looked for again where another engine's history may bring it back",
          "[engine][feed][share]") {
  const bool is_shared = GENERATE(true, false);
  SharedWorld world(share({1}), false);
  world.setup.is_shared = is_shared;
  if (!is_shared) world.ledger.due->at_once = [](const LoadDue&) { return std::optional(DueLoaded{}); };
  world.start();
  world.event(in(1));
  world.finish(0, Outcome::excluded, world.instant() - 1h);
  const auto wake_up = [&]() -> std::optional<ledger::WakeUp> {
    const auto wake_ups = world.commits().back().wake_ups;
    return wake_ups.empty() ? std::nullopt : std::optional(wake_ups.back());
  };
  if (!is_shared) {
    CHECK_FALSE(wake_up());
    return;
  }
  for (const auto after : {40s, 600s, 7'200s}) {
    REQUIRE(wake_up());
    CHECK(wake_up()->key == "revived/" + in(1));
    CHECK(wake_up()->due == world.instant() + after);
    world.due.wake_ups = {*wake_up()};
    world.due.wake_ups.front().id = 9;
    world.advance(1s);
    const auto& look = world.uploads->asked.back();
    CHECK(look.record_id == in(1));
    CHECK_FALSE(look.unless_events); // the dialog is looked for, whatever the source says
    world.finish(world.uploads->asked.size() - 1, Outcome::excluded, world.instant() - 1h);
    CHECK(world.commits().back().woken == std::vector<std::int64_t>{9});
    CHECK(world.commits().back().counts.read() == 0); // it was counted
  }
  CHECK_FALSE(wake_up());
  CHECK(world.uploads->asked.size() == 4);
}

TEST_CASE("A feed is idle when nobody has anything to do", "[engine][feed][share]") {
  SharedWorld world(share({}));
  world.elsewhere = true;
  world.grant(share({1}, {"ttd"}));
  world.advance(10s);
  CHECK(std::count(world.told.begin(), world.told.end(), "idle a3-app-instances-live") <= 1);
  world.told.clear();
  world.elsewhere = false;
  world.advance(2s);
  CHECK(world.told == Strings{"idle a3-app-instances-live"});
  world.elsewhere = true;
  world.advance(2s);
  CHECK(world.told.back() == "busy a3-app-instances-live");
}
