#pragma once

#include "actor_fixture.hpp"

#include <dialogferry/engine/history/row_supervisor.hpp>

namespace dialogferry::engine::test {

/// A ledger as far as actors see it: what it is asked is kept, and it agrees unless told otherwise.
struct LedgerDesks {
  template <class In, class Out>
  using DeskOf = std::shared_ptr<Desk<In, Out>>;

  DeskOf<NoteProgress, Noted> progress;
  DeskOf<BeginShards, ShardsBegun> begins;
  DeskOf<LoadPlan, PlanLoaded> plans;
  DeskOf<LoadShard, ShardLoaded> shards;
  DeskOf<LoadDue, DueLoaded> due;
  DeskOf<NoteFeed, Noted> feeds;
  DeskOf<NoteEvents, Noted> events;
  DeskOf<LoadInbox, InboxLoaded> inbox;
  DeskOf<LoadCursors, CursorsLoaded> cursors;
  DeskOf<AwaitDuty, Noted> duties;

  /// As many as may begin.
  static ShardsBegun all_of(const BeginShards& begin);

  explicit LedgerDesks(World& world);

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

  SupervisorWorld();

  static Day day(const char* text);

  void start();

  /// The `index`th child of all ends, as a shard does: with a word, then for good.
  void end(std::size_t index, ShardEnded ended);
  /// What the `index`th child of all says of its shard, and goes on.
  void say(std::size_t index, ShardEnded ended);
  void complete(std::size_t index);
  void fail(std::size_t index, std::string message = "is down");
  void kill(std::size_t index);

  /// Waits for the next child; its index.
  std::size_t next_child(Moment within = 3600s);

  std::vector<std::string> days(std::size_t from = 0) const;

  /// A shard of the ledger's.
  Shard known(const char* of, std::uint32_t part = 0) const;

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

private:
  shard_actor spawn_child(Shard shard);
};

/// Ends every child as it begins, until none begins any more.
void complete_all(SupervisorWorld& world, std::size_t from = 0);

} // namespace dialogferry::engine::test
