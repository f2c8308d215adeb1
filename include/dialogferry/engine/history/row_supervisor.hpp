#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/history/planner.hpp>
#include <dialogferry/engine/hope.hpp>
#include <dialogferry/engine/limit/resting.hpp>
#include <dialogferry/engine/probes.hpp>
#include <dialogferry/engine/restart.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine {

/// What a row's supervisor works with.
struct SupervisorSetup {
  ledger::Plan plan;    ///< the row's plan, as the ledger keeps it
  Planner::Range range; ///< the days to carry now: all of the plan, or those asked for
  std::string before;   ///< the stage whose days it goes on with; empty: it plans them itself
  std::string next;     ///< the stage that goes on with its days; empty where none does
  std::shared_ptr<const RowControls> controls = std::make_shared<RowControls>(); ///< never null
  RestartRules restarts;
  std::chrono::milliseconds park_cooldown{3'600'000};
  std::chrono::milliseconds overlap{120'000};  ///< a day is read once it has been over for so long
  std::chrono::milliseconds look_every{2'000}; ///< for what an operator or the clock has made due
  bool until_idle = false;                 ///< the row is to end: what waits for somebody is given up (Hope)
  std::chrono::milliseconds hope{120'000}; ///< with until_idle: how long it is waited for
  ledger_actor ledger;
  retrier_actor retrier; ///< carries single records again; may be null
  engine_actor engine;   ///< told when the row is idle; may be null
  supervisor_actor
      next_stage; ///< told when there is more for it, and when nothing more will come; may be null
  std::function<shard_actor(Shard, supervisor_actor)> spawn_shard;
  std::function<Instant()> now;
  std::function<Moment()> clock;
  std::function<double()> random;                   ///< [0, 1), spreads restarts
  std::shared_ptr<RowProbe> probe;                  ///< may be null
  std::shared_ptr<const RestingCalls> resting = {}; ///< of the APIs; may be null
};

/// The newest day that was over for `overlap`: changes become visible out of order (storage.md 2.9), so that
/// a day is whole only when it is read after that (observed.md OR-1).
Day newest_over(Instant now, std::chrono::milliseconds overlap);

/// Plans the days of one row, newest first, of which other engines may carry some (ledger/engines.hpp), and
/// supervises their shards as in OTP: one that fails is restarted from its checkpoint with growing delays;
/// one that fails too often is parked with its reason, and the others go on. While the row is paused none is
/// begun, and nothing is tried again.
class RowSupervisor : public actor_base<supervisor_actor> {
public:
  RowSupervisor(caf::actor_config& config, SupervisorSetup setup);
  const char* name() const override { return "row supervisor"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Child {
    Shard shard;
    RestartPolicy policy;
    shard_actor actor; ///< null while it waits for its restart
  };

  // -- planning -------------------------------------------------------------------
  void load();
  void add(const std::vector<std::string>& organisations);
  bool is_in_range(Day day) const;
  Day newest() const { return newest_over(setup_.now(), setup_.overlap); }
  void fill();
  std::size_t room() const;
  ClaimOf claim() const;
  void begin(std::vector<Shard> shards, std::size_t most);
  void on_begun(std::vector<Shard>& shards, const ledger::StartedShards& started);
  void spawn(Shard shard);
  void start(Child& child);

  // -- supervision ------------------------------------------------------------------
  void on_ended(ShardEnded& ended);
  void on_down(const caf::down_msg& down);
  void failed(const ShardKey& key, const Problem& problem);
  void restart(const ShardKey& key);
  void park(const ShardKey& key, const Problem& problem);

  // -- what others made due ---------------------------------------------------------
  void steer();
  void look();
  void on_due(DueLoaded& due);

  void go_on_with(const std::vector<ShardKey>& days);
  void tell_next(bool idle);
  void note_held(std::uint64_t held);
  bool waits() const;
  void check_idle();
  void fatal(const Problem& problem);
  void fatal(const caf::error& error);

  SupervisorSetup setup_;
  Planner planner_;
  Hope hope_;
  bool before_is_idle_ = false; ///< the stage before, as told
  std::uint64_t held_ = 0;      ///< records that wait for somebody, as the ledger said last
  std::map<ShardKey, Child> children_;
  std::size_t beginning_ = 0; ///< shards whose begin the ledger has not noted yet
  std::size_t parking_ = 0;   ///< shards whose parking the ledger has not noted yet
  std::size_t retrying_ = 0;  ///< hands of exceptions with the retrier
  bool loaded_ = false;
  bool looking_ = false;
  bool looked_ = false;    ///< since the last shard ended
  bool left_ = false;      ///< the ledger has open shards that nobody carries
  bool elsewhere_ = false; ///< other engines carry some of the row
  bool draining_ = false;
  bool idle_told_ = false;
};

} // namespace dialogferry::engine
