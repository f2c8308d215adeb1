#include "supervisor_fixture.hpp"

namespace dialogferry::engine::test {

namespace {

/// A desk that answers at once.
template <class In, class Out>
void open(
    std::shared_ptr<Desk<In, Out>>& desk, Out (*answer)(const In&) = [](const In&) { return Out{}; }) {
  desk = std::make_shared<Desk<In, Out>>();
  desk->at_once = [answer](const In& in) { return std::optional(answer(in)); };
}

CursorsLoaded none_of(const LoadCursors& load) {
  CursorsLoaded none;
  none.cursors.resize(load.feeds.size());
  return none;
}

} // namespace

// -- the ledger ---------------------------------------------------------------------

LedgerDesks::LedgerDesks(World& world) {
  open(progress);
  open(begins, all_of);
  open(plans);
  open(shards);
  open(due);
  open(feeds);
  open(events);
  open(inbox);
  open(cursors, none_of);
  open(duties);
  const auto made = world.spawn_as([desks = *this](caf::event_based_actor* self) -> caf::behavior {
    return {[self, desks](const NoteProgress& in) { return desks.progress->take(self, in); },
            [self, desks](const BeginShards& in) { return desks.begins->take(self, in); },
            [self, desks](const LoadPlan& in) { return desks.plans->take(self, in); },
            [self, desks](const LoadShard& in) { return desks.shards->take(self, in); },
            [self, desks](const LoadDue& in) { return desks.due->take(self, in); },
            [self, desks](const NoteFeed& in) { return desks.feeds->take(self, in); },
            [self, desks](const NoteEvents& in) { return desks.events->take(self, in); },
            [self, desks](const LoadInbox& in) { return desks.inbox->take(self, in); },
            [self, desks](const LoadCursors& in) { return desks.cursors->take(self, in); },
            [self, desks](const AwaitDuty& in) { return desks.duties->take(self, in); },
            [](Act& act) { act.what(); }};
  });
  progress->actor = begins->actor = plans->actor = shards->actor = due->actor = made;
  feeds->actor = events->actor = inbox->actor = cursors->actor = duties->actor = made;
  actor = caf::actor_cast<ledger_actor>(made);
}

ShardsBegun LedgerDesks::all_of(const BeginShards& begin) {
  ShardsBegun all;
  for (const auto& start : begin.starts)
    if (all.started.begun.size() < begin.most) all.started.begun.push_back(start.key);
  return all;
}

// -- the supervisor -----------------------------------------------------------------

SupervisorWorld::SupervisorWorld() {
  setup.plan = {"a3-app-instances-historic", "carry", day("2025-03-01"), day("2025-03-10"), {"ttd"}};
  setup.range = {setup.plan.from, setup.plan.cutover};
  setup.controls = controls;
  controls->shards_in_flight = 3;
  setup.restarts = {3, 10min, 1s, 60s};
  setup.ledger = ledger.actor;
  setup.engine = stand_in<engine_actor>([this](const RowIdle& row) { idle.push_back(row.row); },
                                        [this](const Fatal& one) { fatal.push_back(one.problem); });
  setup.retrier = stand_in_of<retrier_actor>(retries, [this](Drain) { ++retrier_drains; });
  setup.spawn_shard = [this](Shard shard, const supervisor_actor&) { return spawn_child(std::move(shard)); };
  setup.now = instants();
  setup.clock = clock();
  setup.random = [] { return 0.0; };
  setup.probe = probe;
}

shard_actor SupervisorWorld::spawn_child(Shard shard) {
  Child child;
  child.shard = std::move(shard);
  child.begun = now();
  child.actor = stand_in<shard_actor>([drains = child.drains](Drain) { ++*drains; }, [](Proceed) {});
  children.push_back(child);
  return child.actor;
}

Day SupervisorWorld::day(const char* text) {
  return *parse_day(text);
}

void SupervisorWorld::start() {
  actor = spawn<RowSupervisor>(setup);
  run();
}

void SupervisorWorld::end(std::size_t index, ShardEnded ended) {
  ended.key = children.at(index).shard.key;
  say(index, std::move(ended));
  kill(index);
}

void SupervisorWorld::say(std::size_t index, ShardEnded ended) {
  ended.key = children.at(index).shard.key;
  tell_as(children.at(index).actor, actor, std::move(ended));
}

void SupervisorWorld::complete(std::size_t index) {
  end(index, {{}, ShardEnded::How::complete, {}, {}});
}

void SupervisorWorld::fail(std::size_t index, std::string message) {
  end(index, {{}, ShardEnded::How::failed, {"storage", std::move(message), {}}, {}});
}

void SupervisorWorld::kill(std::size_t index) {
  caf::anon_send_exit(children.at(index).actor, caf::exit_reason::kill);
  run();
}

std::size_t SupervisorWorld::next_child(Moment within) {
  const auto before = children.size();
  REQUIRE(advance_until(within, [&] { return children.size() > before; }));
  return before;
}

std::vector<std::string> SupervisorWorld::days(std::size_t from) const {
  std::vector<std::string> days;
  for (auto i = from; i < children.size(); ++i)
    days.push_back(to_string(children[i].shard.key.day));
  return days;
}

Shard SupervisorWorld::known(const char* of, std::uint32_t part) const {
  Shard shard;
  shard.key = {setup.plan.row, setup.plan.stage, day(of), "ttd", part};
  shard.from = shard.key.day.start();
  shard.to = shard.key.day.end();
  shard.checkpoint.at = shard.to;
  shard.changed_at = instant();
  return shard;
}

void complete_all(SupervisorWorld& world, std::size_t from) {
  for (auto i = from; i < world.children.size(); ++i)
    world.complete(i);
}

} // namespace dialogferry::engine::test
