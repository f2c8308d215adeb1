#pragma once

#include "actor_fixture.hpp"

#include <dialogferry/engine/history/row_supervisor.hpp>

namespace dialogferry::engine::test {

/// A ledger as far as actors see it: what it is asked is kept, and it agrees unless told otherwise.
struct LedgerDesks {
  template <class In, class Out>
  using DeskOf = std::shared_ptr<Desk<In, Out>>;

  DeskOf<NoteProgress, Noted> progress = std::make_shared<Desk<NoteProgress, Noted>>();
  DeskOf<BeginShards, ShardsBegun> begins = std::make_shared<Desk<BeginShards, ShardsBegun>>();
  DeskOf<LoadPlan, PlanLoaded> plans = std::make_shared<Desk<LoadPlan, PlanLoaded>>();
  DeskOf<LoadShard, ShardLoaded> shards = std::make_shared<Desk<LoadShard, ShardLoaded>>();
  DeskOf<LoadDue, DueLoaded> due = std::make_shared<Desk<LoadDue, DueLoaded>>();
  DeskOf<NoteFeed, Noted> feeds = std::make_shared<Desk<NoteFeed, Noted>>();
  DeskOf<NoteEvents, Noted> events = std::make_shared<Desk<NoteEvents, Noted>>();
  DeskOf<LoadInbox, InboxLoaded> inbox = std::make_shared<Desk<LoadInbox, InboxLoaded>>();
  DeskOf<LoadCursors, CursorsLoaded> cursors = std::make_shared<Desk<LoadCursors, CursorsLoaded>>();

  DeskOf<AwaitDuty, Noted> duties = std::make_shared<Desk<AwaitDuty, Noted>>();

  /// As many as may begin.
  static ShardsBegun all_of(const BeginShards& begin) {
    ShardsBegun all;
    for (const auto& start : begin.starts)
      if (all.started.begun.size() < begin.most) all.started.begun.push_back(start.key);
    return all;
  }

  explicit LedgerDesks(World& world) {
    duties->at_once = [](const AwaitDuty&) { return std::optional(Noted{}); };
    progress->at_once = [](const NoteProgress&) { return std::optional(Noted{}); };
    begins->at_once = [](const BeginShards& begin) { return std::optional(all_of(begin)); };
    plans->at_once = [](const LoadPlan&) { return std::optional(PlanLoaded{}); };
    shards->at_once = [](const LoadShard&) { return std::optional(ShardLoaded{}); };
    due->at_once = [](const LoadDue&) { return std::optional(DueLoaded{}); };
    feeds->at_once = [](const NoteFeed&) { return std::optional(Noted{}); };
    events->at_once = [](const NoteEvents&) { return std::optional(Noted{}); };
    inbox->at_once = [](const LoadInbox&) { return std::optional(InboxLoaded{}); };
    cursors->at_once = [](const LoadCursors& load) {
      CursorsLoaded none;
      none.cursors.resize(load.feeds.size());
      return std::optional(none);
    };
    const auto made = world.system.spawn([desks = *this](caf::event_based_actor* self) -> caf::behavior {
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
    world.keep(made);
    progress->actor = begins->actor = plans->actor = shards->actor = due->actor = made;
    feeds->actor = events->actor = inbox->actor = cursors->actor = duties->actor = made;
    actor = caf::actor_cast<ledger_actor>(made);
  }

  ledger_actor actor;
};

/// A supervisor whose shards do what the test says.
class SupervisorWorld : public World {
public:
  struct Child {
    Shard shard;
    shard_actor actor;
    Moment begun{};
    std::shared_ptr<int> drains = std::make_shared<int>(0);
  };

  SupervisorWorld() {
    setup.plan = {"a3-app-instances-historic", "carry", day("2025-03-01"), day("2025-03-10"), {"ttd"}};
    setup.range = {setup.plan.from, setup.plan.cutover};
    setup.controls = controls;
    controls->shards_in_flight = 3;
    setup.restarts = {3, 10min, 1s, 60s};
    setup.ledger = ledger.actor;
    setup.engine = stand_in<engine_actor>([this](const RowIdle& row) { idle.push_back(row.row); },
                                          [this](const Fatal& one) { fatal.push_back(one.problem); });
    setup.retrier = stand_in_of<retrier_actor>(retries, [this](Drain) { ++retrier_drains; });
    setup.spawn_shard = [this](Shard shard, const supervisor_actor&) {
      Child child;
      child.shard = std::move(shard);
      child.begun = now();
      child.actor = stand_in<shard_actor>([drains = child.drains](Drain) { ++*drains; }, [](Proceed) {});
      children.push_back(child);
      return child.actor;
    };
    setup.now = instants();
    setup.clock = clock();
    setup.random = [] { return 0.0; };
    setup.probe = probe;
  }

  static Day day(const char* text) { return *parse_day(text); }

  void start() {
    actor = spawn<RowSupervisor>(setup);
    run();
  }

  /// The `index`th child of all ends, as a shard does: with a word, then for good.
  void end(std::size_t index, ShardEnded ended) {
    ended.key = children.at(index).shard.key;
    say(index, std::move(ended));
    kill(index);
  }
  /// What the `index`th child of all says of its shard, and goes on.
  void say(std::size_t index, ShardEnded ended) {
    ended.key = children.at(index).shard.key;
    tell_as(children.at(index).actor, actor, std::move(ended));
  }
  void complete(std::size_t index) { end(index, {{}, ShardEnded::How::complete, {}, {}}); }
  void fail(std::size_t index, std::string message = "is down") {
    end(index, {{}, ShardEnded::How::failed, {"storage", std::move(message), {}}, {}});
  }
  void kill(std::size_t index) {
    caf::anon_send_exit(children.at(index).actor, caf::exit_reason::kill);
    run();
  }

  /// Waits for the next child; its index.
  std::size_t next_child(Moment within = 3600s) {
    const auto before = children.size();
    REQUIRE(advance_until(within, [&] { return children.size() > before; }));
    return before;
  }

  std::vector<std::string> days(std::size_t from = 0) const {
    std::vector<std::string> days;
    for (auto i = from; i < children.size(); ++i)
      days.push_back(to_string(children[i].shard.key.day));
    return days;
  }

  /// A shard of the ledger's.
  Shard known(const char* of, std::uint32_t part = 0) const {
    Shard shard;
    shard.key = {setup.plan.row, setup.plan.stage, day(of), "ttd", part};
    shard.from = shard.key.day.start();
    shard.to = shard.key.day.end();
    shard.checkpoint.at = shard.to;
    shard.changed_at = instant();
    return shard;
  }

  LedgerDesks ledger{*this};
  std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
  SupervisorSetup setup;
  std::shared_ptr<RowProbe> probe = std::make_shared<RowProbe>();
  std::shared_ptr<Desk<RetryRecords, Noted>> retries = std::make_shared<Desk<RetryRecords, Noted>>();
  int retrier_drains = 0;
  std::vector<Child> children; ///< every one that was ever spawned
  std::vector<std::string> idle;
  std::vector<Problem> fatal;
  supervisor_actor actor;
};

/// Ends every child as it begins, until none begins any more.
inline void complete_all(SupervisorWorld& world, std::size_t from = 0) {
  for (auto i = from; i < world.children.size(); ++i)
    world.complete(i);
}

} // namespace dialogferry::engine::test
