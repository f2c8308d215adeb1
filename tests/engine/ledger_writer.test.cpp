#include "writer_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

TEST_CASE("What comes together is begun and committed, and each is told", "[engine][ledger]") {
  WriterWorld world;
  std::vector<std::shared_ptr<Reply<Noted>>> replies;
  const auto begun = world.begin({"2025-03-01", "2025-03-02"});
  for (std::uint64_t i = 1; i <= 50; ++i)
    replies.push_back(world.note(created(key(i % 2 == 0 ? "2025-03-01" : "2025-03-02"), i)));
  world.run();
  for (const auto& reply : replies)
    CHECK_FALSE(reply->value().problem);
  CHECK(begun->value().started.begun.size() == 2);
  CHECK(world.kept(key("2025-03-01")).counts[Outcome::created] == 650);
  CHECK(world.kept(key("2025-03-02")).counts[Outcome::created] == 625);
  CHECK(world.fatal.empty());
}

TEST_CASE("What comes together is one transaction: where one part is refused all are told, and the engine",
          "[engine][ledger]") {
  WriterWorld world;
  world.begin({"2025-03-01"});
  world.run();
  std::vector<std::shared_ptr<Reply<Noted>>> replies;
  for (int i = 0; i < 20; ++i)
    replies.push_back(world.note(created(key(i == 10 ? "2025-02-01" : "2025-03-01"), 1)));
  world.run();
  for (const auto& reply : replies)
    CHECK(reply->value().problem);
  CHECK(world.kept(key("2025-03-01")).counts.read() == 0);
  REQUIRE(world.fatal.size() == 1);
  CHECK_FALSE(world.fatal[0].message.empty());

  const auto later = world.note(created(key("2025-03-01"), 1));
  world.run();
  CHECK_FALSE(later->value().problem);
  CHECK(world.kept(key("2025-03-01")).counts.read() == 1);
}

TEST_CASE("A shard is loaded as it is after everything noted before", "[engine][ledger]") {
  WriterWorld world;
  world.begin({"2025-03-01"});
  world.note(created(key("2025-03-01"), 5));
  const auto loaded = world.ask_later<ShardLoaded>(world.writer, LoadShard{key("2025-03-01")});
  const auto unknown = world.ask_later<ShardLoaded>(world.writer, LoadShard{key("2025-02-01")});
  world.run();
  REQUIRE(loaded->value().shard);
  CHECK(loaded->value().shard->counts.read() == 5);
  CHECK_FALSE(unknown->value().shard);
  CHECK_FALSE(unknown->value().problem);
}

TEST_CASE("What is due is told as it is after everything noted before", "[engine][ledger]") {
  WriterWorld world;
  world.begin({"2025-03-01"});
  world.note(parked(key("2025-03-01"), world.instant()));
  world.run();
  const auto due = world.ask<DueLoaded>(world.writer, world.due());
  REQUIRE(due->value().shards.size() == 1);
  CHECK(due->value().shards[0].reason == "is down");

  world.note(parked(key("2025-03-01"), {world.instant().ticks + 60 * Instant::per_second}));
  const auto later = world.ask_later<DueLoaded>(world.writer, world.due());
  world.run();
  CHECK(later->value().shards.empty());
  world.advance(60s);
  CHECK(world.ask<DueLoaded>(world.writer, world.due())->value().shards.size() == 1);
}

TEST_CASE("Exceptions that are marked for another attempt are due, others are not", "[engine][ledger]") {
  WriterWorld world;
  world.begin({"2025-03-01"});
  auto commit = created(key("2025-03-01"), 0);
  commit.counts[Outcome::failed] = 2;
  commit.failures.resize(2);
  commit.failures[0].record_id = "50001234/a";
  commit.failures[1].record_id = "50001234/b";
  world.note(commit);
  world.run();
  CHECK(world.ask<DueLoaded>(world.writer, world.due())->value().exceptions.empty());
  const std::vector<ledger::ExceptionId> marked = {2};
  REQUIRE(world.ledger->retry(marked, world.instant()));
  const auto due = world.ask<DueLoaded>(world.writer, world.due());
  REQUIRE(due->value().exceptions.size() == 1);
  CHECK(due->value().exceptions[0].record_id == "50001234/b");
  CHECK(world.ask<DueLoaded>(world.writer, LoadDue{"another", "carry"})->value().exceptions.empty());
}

TEST_CASE("Events that come together are noted before any is answered, joined by their record",
          "[engine][ledger]") {
  WriterWorld world;
  const std::string live = "a3-app-instances-live";
  std::vector<std::shared_ptr<Reply<Noted>>> replies;
  world.begin({"2025-03-01"});
  for (int i = 0; i < 50; ++i)
    replies.push_back(world.ask_later<Noted>(
        world.writer, NoteEvents{{{live, "50001234/" + std::to_string(i % 5), world.instant()}}}));
  replies.push_back(world.note(created(key("2025-03-01"), 3)));
  world.run();
  for (const auto& reply : replies)
    CHECK_FALSE(reply->value().problem);
  const auto waiting = world.ledger->waiting(live);
  REQUIRE(waiting);
  CHECK(waiting->records == 5);
  CHECK(world.kept(key("2025-03-01")).counts.read() == 3);
}

TEST_CASE("A plan is noted, and answered with what is finished and what is open", "[engine][ledger]") {
  WriterWorld world;
  world.begin({"2025-03-01", "2025-03-02", "2025-03-03"});
  auto complete = created(key("2025-03-01"), 1);
  complete.state = ledger::StateChange{ShardState::complete, {}, {}};
  complete.split_off = {{1, day("2025-03-01").start(), day("2025-03-01").end()}};
  world.note(complete);
  auto part = created(key("2025-03-01", 1), 1);
  part.state = ledger::StateChange{ShardState::complete, {}, {}};
  world.note(part);
  world.note(parked(key("2025-03-02"), world.instant() + 1h));
  auto left = created(key("2025-03-03"), 1);
  left.lets_go = true;
  world.note(left);
  world.run();
  const ledger::Plan plan{row, "carry", day("2025-03-01"), day("2025-03-03"), {"ttd"}};
  const auto loaded = world.ask<PlanLoaded>(world.writer, LoadPlan{plan, {plan.from, plan.cutover, 2}});
  CHECK_FALSE(loaded->value().problem);
  REQUIRE(loaded->value().begun.size() == 3);
  CHECK(loaded->value().begun[0].day == day("2025-03-02"));
  CHECK(loaded->value().begun[1].day == day("2025-03-01"));
  CHECK(loaded->value().begun[1].organisation == "ttd");
  CHECK(loaded->value().begun[2].day == day("2025-03-03"));
  REQUIRE(loaded->value().open.size() == 1);
  CHECK(loaded->value().open[0].key == key("2025-03-03"));
  const auto snapshot = world.ledger->snapshot();
  REQUIRE(snapshot);
  CHECK(snapshot->stages.at(0).plan == plan);
}

TEST_CASE("A parked shard is tried again after its cool-down, stays parked until it completes, and is then "
          "complete",
          "[engine][ledger][supervisor]") {
  WriterWorld world;
  std::vector<Shard> spawned;
  std::vector<shard_actor> children;
  int idle = 0;
  SupervisorSetup setup;
  setup.plan = {row, "carry", day("2025-03-01"), day("2025-03-01"), {"ttd"}};
  setup.range = {setup.plan.from, setup.plan.cutover};
  setup.restarts = {1, 10min, 1s, 60s};
  setup.park_cooldown = 1h;
  setup.ledger = world.writer;
  setup.engine = world.stand_in<engine_actor>([&](const RowIdle&) { ++idle; }, [](const Fatal&) {});
  setup.spawn_shard = [&](Shard shard, const supervisor_actor&) {
    spawned.push_back(std::move(shard));
    children.push_back(world.stand_in<shard_actor>([](Drain) {}));
    return children.back();
  };
  setup.now = world.instants();
  setup.clock = world.clock();
  setup.random = [] { return 0.0; };
  const auto supervisor = world.spawn<RowSupervisor>(std::move(setup));
  const auto fails = [&] {
    world.tell_as(children.back(), supervisor,
                  ShardEnded{key("2025-03-01"), ShardEnded::How::failed, {"storage", "is down", {}}, {}});
  };
  const auto next = [&](Moment within) {
    const auto before = spawned.size();
    return world.advance_until(within, [&] { return spawned.size() > before; });
  };

  world.run();
  REQUIRE(spawned.size() == 1);
  // Some progress, then a failure: the restart begins where the ledger says.
  auto progress = created(key("2025-03-01"), 10);
  progress.checkpoint = Checkpoint{{day("2025-03-01").start().ticks + 77}, {}};
  world.note(progress);
  world.run();
  fails();
  REQUIRE(next(10s));
  CHECK(spawned[1].checkpoint.at.ticks == day("2025-03-01").start().ticks + 77);
  fails();
  CHECK(idle == 1);
  CHECK(world.kept(key("2025-03-01")).state == ShardState::parked);
  CHECK(world.kept(key("2025-03-01")).restarts == 1);

  CHECK_FALSE(next(3'590s));
  REQUIRE(next(15s));
  CHECK(spawned[2].state == ShardState::parked);
  CHECK(spawned[2].checkpoint.at.ticks == day("2025-03-01").start().ticks + 77);
  world.note(created(key("2025-03-01"), 1));
  world.advance(60s);
  CHECK(spawned.size() == 3);
  CHECK(world.kept(key("2025-03-01")).state == ShardState::parked);

  auto complete = created(key("2025-03-01"), 1);
  complete.state = ledger::StateChange{ShardState::complete, {}, {}};
  world.note(complete);
  world.run();
  world.tell_as(children.back(), supervisor,
                ShardEnded{key("2025-03-01"), ShardEnded::How::complete, {}, {}});
  world.advance(4h);
  CHECK(spawned.size() == 3);
  CHECK(idle == 2);
  CHECK(world.kept(key("2025-03-01")).state == ShardState::complete);
  CHECK(world.kept(key("2025-03-01")).counts.read() == 12);
}

TEST_CASE("In a file the engine has every duty", "[engine][ledger]") {
  WriterWorld world;
  std::vector<ledger::Heard> heard;
  LedgerWriterSetup setup;
  setup.ledger = world.ledger;
  setup.now = world.instants();
  setup.heard = [&](const ledger::Heard& one) { heard.push_back(one); };
  const ledger_actor writer = world.spawn<LedgerWriter>(std::move(setup));
  CHECK_FALSE(world.ask<Noted>(writer, AwaitDuty{"patrol"})->value().problem);
  CHECK_FALSE(world.ask<Noted>(writer, AwaitDuty{"patrol"})->value().problem);
  CHECK(heard.size() == 1);
  world.advance(60s);
  CHECK(heard.size() == 1); // there is nobody to tell
}

TEST_CASE("What an operator sets or tells is in the ledger when it is answered, and fails alone",
          "[engine][writer]") {
  WriterWorld world;
  const ledger::Setting setting{"rows." + row + ".paused", "true", "kari", world.instant()};
  CHECK_FALSE(world.ask<Noted>(world.writer, NoteSetting{setting})->value().problem);
  CHECK(world.ledger->settings() == std::vector{setting});
  ledger::Note note{0, world.instant(), "kari", {{"en", "slow"}, {"nb", "sakte"}}};
  CHECK_FALSE(world.ask<Noted>(world.writer, NoteForReaders{note})->value().problem);
  CHECK(world.ledger->snapshot()->notes.size() == 1);
  CHECK(world.ask<Noted>(world.writer, NoteSetting{})->value().problem);
  CHECK(world.fatal.empty());
}
