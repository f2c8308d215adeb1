#pragma once

#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/history/progress.hpp>
#include <dialogferry/engine/history/scan.hpp>
#include <dialogferry/engine/limit/resting.hpp>
#include <dialogferry/engine/listing/narrowing.hpp>
#include <dialogferry/engine/listing/pages.hpp>
#include <dialogferry/engine/probes.hpp>
#include <dialogferry/engine/resident.hpp>
#include <dialogferry/http/body_store.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace dialogferry::engine {

/// What the shards of one row have in common.
struct ShardSetup {
  Pages pages;
  bool is_migration = true;
  std::string next_stage; ///< goes on with the records; empty where none does
  unsigned page_size = 100;
  std::shared_ptr<const RowControls> controls = std::make_shared<RowControls>(); ///< never null
  std::uint32_t split_after = 50;                                                ///< pages
  std::uint32_t split_parts = 8;
  ledger_actor ledger;
  std::vector<carrier_actor> carriers;
  std::function<Instant()> now;
  std::function<Moment()> clock;
  std::chrono::milliseconds park_cooldown{3'600'000}; ///< of a shard that waits for deferred records
  std::shared_ptr<RowProbe> probe;                    ///< may be null
  std::shared_ptr<http::BodyStore> bodies;            ///< gets the buffers of pages back; may be null
  std::shared_ptr<const RestingCalls> resting;        ///< of the APIs; may be null
};

/// Carries one window: scans it newest first, hands the rows to the carriers, and moves the checkpoint when
/// the ledger has their outcomes. It reads on only while its row is not paused, less than its credit is under
/// way and less than `most_held` records of the row wait for somebody. A shard with deferred records ends
/// parked: its day is not done before they are. A row that the source itself cannot read is looked for,
/// becomes an exception and holds nothing up (observed.md OS-4).
class DayShard : public actor_base<shard_actor>, public Resident {
public:
  DayShard(caf::actor_config& config, Shard shard, std::shared_ptr<const ShardSetup> setup,
           supervisor_actor parent, std::size_t home = 0);
  const char* name() const override { return "day shard"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  // -- reading ------------------------------------------------------------------
  void proceed();
  bool may_read() const;
  bool requests_rest() const;
  bool backlog_is_full() const;
  void ask(const ListQuery& query);
  void on_listed(const ListQuery& query, const Answered& answered);
  Result<std::optional<ScanBatch>> take(const ListQuery& query, std::shared_ptr<const codec::Page> page);
  void carry(const ScanBatch& batch);
  void send_out(std::vector<RecordJob> jobs, std::uint64_t batch);

  // -- what the source cannot read ------------------------------------------------
  void on_refused(const ListQuery& query, const Answered& answered);
  void narrow();
  void on_narrowed(const Answered& answered);
  void leave_out();

  // -- acknowledging ------------------------------------------------------------
  void commit_finished();
  void commit(ledger::Commit commit);
  std::optional<ShardEnded> ending() const;
  ledger::StateChange last_state() const;
  void end(ShardEnded ended);
  void fail(Problem problem);

  Shard shard_;
  std::shared_ptr<const ShardSetup> setup_;
  supervisor_actor parent_;
  TrailPtr trail_; ///< of its records
  Scan scan_;
  Progress progress_;
  std::shared_ptr<const codec::Page> page_; ///< what the next batch's rows are in
  std::shared_ptr<const codec::Page> tie_;
  Moment listed_{}; ///< before `page_` was asked for
  std::optional<Narrowing> narrowing_;
  Answered refusal_;               ///< of the page that it looks into
  std::size_t unacknowledged_ = 0; ///< records committed, not acknowledged yet
  std::uint32_t commits_ = 0;      ///< under way
  bool asking_ = false;
  bool splitting_ = false;
  bool draining_ = false;
  bool ended_ = false; ///< the last commit, with the new state, is under way
};

} // namespace dialogferry::engine
