#include "../supervisor_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

} // namespace

// -- planning -------------------------------------------------------------------------------

TEST_CASE("Days are carried newest first, so many at a time as may be in flight", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  CHECK(world.days() == Strings{"2025-03-10", "2025-03-09", "2025-03-08"});
  CHECK(world.probe->shards == 3);
  world.complete(1);
  CHECK(world.days(3) == Strings{"2025-03-07"});
  world.complete(3);
  world.complete(0);
  CHECK(world.days(4) == Strings{"2025-03-06", "2025-03-05"});
  CHECK(world.probe->shards == 3);
}

TEST_CASE("Shards are begun in the ledger, together, before they run", "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.plan.organisations = {"brg", "ttd"};
  world.controls->shards_in_flight = 4;
  world.ledger.begins->at_once = nullptr;
  world.start();
  CHECK(world.children.empty());
  REQUIRE(world.ledger.begins->asked.size() == 1);
  const auto& starts = world.ledger.begins->asked[0].starts;
  REQUIRE(starts.size() == 4);
  CHECK(starts[0].key.organisation == "brg");
  CHECK(starts[1].key.organisation == "ttd");
  CHECK(starts[3].key.day == world.day("2025-03-09"));
  CHECK(starts[0].from == world.day("2025-03-10").start());
  CHECK(starts[0].to == world.day("2025-03-10").end());
  world.answer(world.ledger.begins, 0, LedgerDesks::all_of(world.ledger.begins->asked[0]));
  CHECK(world.children.size() == 4);
  CHECK(world.ledger.begins->asked.size() == 1);
}

TEST_CASE("While requests wait out pauses of their own, more shards are begun, and later no new ones",
          "[engine][supervisor]") {
  SupervisorWorld world;
  const auto resting = std::make_shared<RestingCalls>(0);
  world.setup.resting = resting;
  world.controls->shards_in_flight = 2;
  world.start();
  CHECK(world.children.size() == 2);
  *resting = 1;
  world.advance(world.setup.look_every);
  CHECK(world.children.size() == 6);
  *resting = 0;
  for (std::size_t i = 0; i < 4; ++i)
    world.complete(i);
  CHECK(world.children.size() == 6);
  world.complete(4);
  CHECK(world.children.size() == 7);
}

TEST_CASE("What the ledger has left open goes first, what it has finished not again",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.ledger.plans->at_once = [&](const LoadPlan& load) {
    CHECK(load.plan == world.setup.plan);
    PlanLoaded loaded;
    loaded.begun = {{world.day("2025-03-10"), "ttd"}, {world.day("2025-03-08"), "ttd"}};
    auto open = world.known("2025-03-05");
    open.checkpoint = {open.from, {}};
    loaded.open = {open, world.known("2025-01-01")};
    return std::optional(loaded);
  };
  world.start();
  CHECK(world.days() == Strings{"2025-03-05", "2025-03-09", "2025-03-07"});
  CHECK(world.children[0].shard.checkpoint.at == world.day("2025-03-05").start());
  CHECK(world.ledger.begins->asked.at(0).starts.size() == 2);
  complete_all(world);
  CHECK(world.children.size() == 8);
}

TEST_CASE("Just the days asked for are carried", "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.range = {world.day("2025-03-04"), world.day("2025-03-05")};
  world.start();
  complete_all(world);
  CHECK(world.days() == Strings{"2025-03-05", "2025-03-04"});
}

TEST_CASE("The parts of a large day are carried before older days", "[engine][supervisor]") {
  SupervisorWorld world;
  world.controls->shards_in_flight = 2;
  world.start();
  ShardEnded split;
  split.how = ShardEnded::How::split;
  std::vector<Shard> free; // in the ledger
  for (std::uint32_t part = 1; part <= 3; ++part) {
    auto shard = world.known("2025-03-10", part);
    shard.from = {shard.to.ticks - part * Instant::per_second};
    shard.to = {shard.from.ticks + Instant::per_second};
    free.push_back(shard);
    shard.changed_at = {};
    split.parts.push_back(shard);
  }
  world.ledger.due->at_once = [&](const LoadDue& load) {
    DueLoaded due;
    for (; !free.empty() && due.shards.size() < load.claim.most; free.erase(free.begin()))
      due.shards.push_back(free.front());
    due.more = !free.empty();
    return std::optional(due);
  };
  world.end(0, split);
  complete_all(world, 1);
  CHECK(world.days(2) == Strings{"2025-03-10", "2025-03-10", "2025-03-10", "2025-03-08", "2025-03-07",
                                 "2025-03-06", "2025-03-05", "2025-03-04", "2025-03-03", "2025-03-02",
                                 "2025-03-01"});
  CHECK(world.children[2].shard.key.part == 1);
  CHECK(world.children[3].shard.key.part == 2);
  for (const auto& begun : world.ledger.begins->asked)
    for (const auto& start : begun.starts)
      CHECK(start.key.part == 0);
}

TEST_CASE("A row tells once that it is idle, when everything is carried", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(world.idle.empty());
    world.complete(i);
  }
  CHECK(world.idle == Strings{"a3-app-instances-historic"});
  world.advance(3600s);
  CHECK(world.idle.size() == 1);
  CHECK(world.children.size() == 10);
}

TEST_CASE("A row that has nothing to carry is idle at once, but not before it has looked",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.plan.organisations = {};
  world.ledger.due->at_once = nullptr;
  world.start();
  CHECK(world.idle.empty());
  world.answer(world.ledger.due, 0, DueLoaded{});
  CHECK(world.idle.size() == 1);
}

TEST_CASE("A row whose last shard defers as it ends waits for what it deferred",
          "[engine][supervisor][OD-2]") {
  SupervisorWorld world;
  world.setup.until_idle = true;
  std::uint64_t held = 0;
  world.ledger.due->at_once = [&](const LoadDue&) {
    DueLoaded due;
    due.held = held;
    return std::optional(due);
  };
  world.start();
  for (std::size_t i = 0; i < 10; ++i) {
    if (i == 9) held = 5;
    world.complete(i);
  }
  CHECK(world.idle.empty());
  held = 0;
  world.advance(60s);
  CHECK(world.idle.size() == 1);
}

// -- restarts -------------------------------------------------------------------------------

TEST_CASE("A shard that failed is restarted from the ledger's checkpoint, after pauses that double",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.restarts = {5, 10min, 1s, 6s};
  auto kept = world.known("2025-03-10");
  kept.checkpoint.at = {kept.from.ticks + 7};
  world.ledger.shards->at_once = [&](const LoadShard& load) {
    CHECK(load.key == kept.key);
    return std::optional(ShardLoaded{std::nullopt, kept});
  };
  world.start();
  std::size_t child = 0;
  for (const auto pause : {500ms, 1'000ms, 2'000ms, 3'000ms, 3'000ms}) { // half of the whole: random is 0
    const auto failed = world.now();
    world.fail(child);
    child = world.next_child();
    CHECK(world.children[child].begun == failed + pause);
    CHECK(world.children[child].shard == kept);
  }
  CHECK(world.children.size() == 8); // the other days stay as they are
  CHECK(world.probe->restarts == 5);
}

TEST_CASE("A restart waits longer by chance", "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.random = [] { return 0.5; };
  world.start();
  const auto failed = world.now();
  world.fail(0);
  CHECK(world.children[world.next_child()].begun == failed + 750ms);
}

TEST_CASE("A shard that fails too often is parked with its reason until its cool-down, and the others go on",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.park_cooldown = 2h;
  world.start();
  std::size_t child = 0;
  for (int restart = 0; restart < 3; ++restart) {
    world.fail(child);
    child = world.next_child();
  }
  CHECK(world.ledger.progress->asked.empty());
  world.fail(child, "is still down");
  REQUIRE(world.ledger.progress->asked.size() == 1);
  const auto& commit = world.ledger.progress->asked[0].commit;
  CHECK(commit.key == world.known("2025-03-10").key);
  REQUIRE(commit.state);
  CHECK(commit.state->state == ShardState::parked);
  CHECK(commit.state->reason == "storage: is still down");
  CHECK(commit.state->retry_at.ticks == world.instant().ticks + 2 * 3600 * Instant::per_second);
  CHECK(commit.restarts == 3);
  CHECK(commit.counts.read() == 0);
  CHECK(world.days(6) == Strings{"2025-03-07"});
  complete_all(world, 1);
  CHECK(world.idle.size() == 1);
  CHECK(world.days().back() == "2025-03-01");
}

TEST_CASE("A row is not idle before the ledger has noted a parking", "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.restarts.max_restarts = 0;
  world.setup.range = {world.day("2025-03-10"), world.day("2025-03-10")};
  world.ledger.progress->at_once = nullptr;
  world.start();
  world.fail(0);
  world.advance(60s);
  CHECK(world.idle.empty());
  world.answer(world.ledger.progress, 0, Noted{});
  CHECK(world.idle.size() == 1);
}

TEST_CASE("Failures further apart than the window do not park", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  std::size_t child = 0;
  for (int i = 0; i < 20; ++i) {
    world.advance(4min);
    world.fail(child);
    child = world.next_child();
  }
  CHECK(world.ledger.progress->asked.empty());
}

TEST_CASE("A shard that ends without a word counts as failed", "[engine][supervisor]") {
  const auto throws = GENERATE(false, true);
  SupervisorWorld world;
  world.start();
  std::size_t child = 0;
  for (int restart = 0; restart < 4; ++restart) {
    if (throws)
      world.tell(caf::actor_cast<caf::actor>(world.children[child].actor),
                 Act{[] { throw std::runtime_error("a bug"); }});
    else
      world.kill(child);
    CHECK(world.probe->shards == (restart == 3 ? 3 : 2));
    if (restart < 3) child = world.next_child();
  }
  REQUIRE(world.ledger.progress->asked.size() == 1);
  CHECK(world.ledger.progress->asked[0].commit.state->reason.starts_with("shard: ended unexpectedly"));
}

TEST_CASE("A shard that waits for its restart keeps its place", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  world.fail(0);
  CHECK(world.children.size() == 3);
  world.complete(1);
  CHECK(world.days(3) == Strings{"2025-03-07"});
  world.advance(1s);
  CHECK(world.days(4) == Strings{"2025-03-10"});
}

TEST_CASE("What a shard says that is not under way any more changes nothing", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  world.complete(0);
  world.fail(0);
  world.tell(world.actor, RestartNow{world.children[0].shard.key});
  world.advance(60s);
  CHECK(world.children.size() == 4);
}

// -- what others made due -------------------------------------------------------------------

TEST_CASE("A parked shard that is due is tried again, and the row is idle again after it",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.range = {world.day("2025-03-09"), world.day("2025-03-10")};
  world.start();
  complete_all(world);
  REQUIRE(world.idle.size() == 1);
  auto parked = world.known("2025-03-10");
  parked.state = ShardState::parked;
  parked.checkpoint.at = {parked.from.ticks + 5};
  world.ledger.due->at_once = [&](const LoadDue& load) {
    CHECK(load.row == world.setup.plan.row);
    CHECK(load.stage == "carry");
    return std::optional(DueLoaded{std::nullopt, {parked, world.known("2025-01-01")}, {}});
  };
  REQUIRE(world.next_child(world.setup.look_every) == 2);
  CHECK(world.children[2].shard == parked);
  world.advance(60s);
  CHECK(world.children.size() == 3);
  CHECK(world.idle.size() == 1);
  world.ledger.due->at_once = [](const LoadDue&) { return std::optional(DueLoaded{}); };
  world.complete(2);
  world.advance(60s);
  CHECK(world.idle.size() == 2);
}

TEST_CASE("Shards that are due wait for a place as all do, and go before new days", "[engine][supervisor]") {
  SupervisorWorld world;
  Strings left = {"2025-03-10", "2025-03-09", "2025-03-08", "2025-03-07", "2025-03-06"};
  world.ledger.plans->at_once = [&](const LoadPlan&) {
    PlanLoaded loaded;
    for (const auto& day : left)
      loaded.begun.push_back({*parse_day(day), "ttd"});
    return std::optional(loaded);
  };
  world.ledger.due->at_once = [&](const LoadDue&) {
    DueLoaded due;
    for (const auto& day : left)
      due.shards.push_back(world.known(day.c_str()));
    return std::optional(due);
  };
  world.controls->shards_in_flight = 2;
  world.start();
  std::size_t ended = 0;
  while (ended < 10) {
    REQUIRE(world.children.size() > ended);
    CHECK(world.children.size() - ended <= 2);
    world.advance(10s); // it looks again meanwhile
    CHECK(world.children.size() - ended <= 2);
    std::erase(left, to_string(world.children[ended].shard.key.day));
    world.complete(ended++);
  }
  CHECK(world.children.size() == 10);
  const auto days = world.days();
  CHECK(Strings(days.begin(), days.begin() + 5) ==
        Strings{"2025-03-10", "2025-03-09", "2025-03-08", "2025-03-07", "2025-03-06"});
}

TEST_CASE("Marked exceptions go to the retrier, one hand at a time, and the row is idle after the last",
          "[engine][supervisor]") {
  SupervisorWorld world;
  world.setup.plan.organisations = {};
  std::vector<ledger::Exception> marked(2);
  marked[0].id = 7;
  marked[1].id = 8;
  world.ledger.due->at_once = [&](const LoadDue&) {
    return std::optional(DueLoaded{std::nullopt, {}, marked});
  };
  world.start();
  REQUIRE(world.retries->asked.size() == 1);
  REQUIRE(world.retries->asked[0].exceptions.size() == 2);
  CHECK(world.retries->asked[0].exceptions[1].id == 8);
  world.advance(60s);
  CHECK(world.retries->asked.size() == 1);
  CHECK(world.idle.empty());
  marked.resize(1);
  marked[0].id = 9;
  world.answer(world.retries, 0, Noted{}); // looks for more at once
  REQUIRE(world.retries->asked.size() == 2);
  CHECK(world.retries->asked[1].exceptions[0].id == 9);
  marked.clear();
  world.answer(world.retries, 1, Noted{});
  CHECK(world.idle.size() == 1);
}

// -- what cannot be gone on after -------------------------------------------------------------

TEST_CASE("A ledger that does not answer well is told to the engine", "[engine][supervisor]") {
  const auto which = GENERATE(0, 1, 2, 3, 4);
  const Problem problem{"ledger", "the disk is full", {}};
  SupervisorWorld world;
  world.setup.restarts.max_restarts = which == 4 ? 0 : 3;
  if (which == 0) world.ledger.plans->at_once = [&](const LoadPlan&) { return PlanLoaded{problem, {}, {}}; };
  if (which == 1) world.ledger.begins->at_once = [&](const BeginShards&) { return ShardsBegun{problem}; };
  if (which == 2) world.ledger.due->at_once = [&](const LoadDue&) { return DueLoaded{problem, {}, {}}; };
  if (which == 3) world.ledger.shards->at_once = [&](const LoadShard&) { return ShardLoaded{problem, {}}; };
  if (which == 4) world.ledger.progress->at_once = [&](const NoteProgress&) { return Noted{problem}; };
  world.start();
  if (which > 2) world.fail(0);
  world.advance(1s);
  REQUIRE(world.fatal.size() == 1);
  CHECK(world.fatal[0] == problem);
}

TEST_CASE("Shards do not outlive their supervisor", "[engine][supervisor]") {
  SupervisorWorld world;
  world.start();
  int downs = 0;
  world.spawn_as([&](caf::event_based_actor* self) -> caf::behavior {
    for (const auto& child : world.children)
      self->monitor(child.actor);
    self->set_down_handler([&downs](const caf::down_msg&) { ++downs; });
    return {[](Act& act) { act.what(); }};
  });
  world.run();
  caf::anon_send_exit(world.actor, caf::exit_reason::user_shutdown);
  world.run();
  CHECK(downs == 3);
}

TEST_CASE("A day that is not over waits until it has been over for the overlap",
          "[engine][supervisor][OR-1]") {
  SupervisorWorld world; // it is noon, 2025-11-17
  world.setup.plan.from = world.day("2025-11-16");
  world.setup.plan.cutover = world.day("2025-11-18");
  world.setup.range = {world.setup.plan.from, world.setup.plan.cutover};
  world.start();
  world.run();
  CHECK(world.days() == std::vector<std::string>{"2025-11-16"});
  world.complete(0);
  world.advance(3s);
  CHECK(world.idle.size() == 1);
  world.advance(12h + 115s);
  CHECK(world.children.size() == 1);
  world.advance(10s);
  CHECK(world.days(1) == std::vector<std::string>{"2025-11-17"});
  world.complete(1);
  world.advance(24h);
  CHECK(world.days(2) == std::vector<std::string>{"2025-11-18"});
}

TEST_CASE("A shard left open of a day that is not over waits, too", "[engine][supervisor][OR-1]") {
  SupervisorWorld world;
  world.setup.plan.cutover = world.setup.range.cutover = world.day("2025-11-17");
  world.setup.plan.from = world.setup.range.from = world.day("2025-11-17");
  world.ledger.plans->at_once = [&](const LoadPlan&) {
    PlanLoaded loaded;
    loaded.open.push_back(world.known("2025-11-17"));
    return std::optional(loaded);
  };
  world.start();
  world.advance(60s);
  CHECK(world.children.empty());
  world.advance(13h);
  CHECK(world.days() == std::vector<std::string>{"2025-11-17"});
}

TEST_CASE("A service owner that is new gets its days, and the plan in the ledger with them",
          "[engine][supervisor][OR-5]") {
  SupervisorWorld world;
  world.setup.plan.from = world.setup.range.from = world.day("2025-03-10");
  world.start();
  world.complete(0);
  world.advance(3s);
  REQUIRE(world.children.size() == 1);
  world.tell(world.actor, NewOrganisations{{"nav", "ttd"}});
  world.run();
  REQUIRE(world.children.size() == 2);
  CHECK(world.children[1].shard.key.organisation == "nav");
  CHECK(world.ledger.plans->asked.back().plan.organisations == std::vector<std::string>{"nav", "ttd"});
  world.tell(world.actor, NewOrganisations{{"nav", "ttd"}});
  CHECK(world.ledger.plans->asked.size() == 2);
  world.complete(1);
  world.advance(3s);
  CHECK(world.children.size() == 2);
  CHECK(world.idle.size() == 2);
}
