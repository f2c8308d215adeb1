#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/probes.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// What the shards of a stage have in common that goes on with what the stage before handed over.
struct BlockShardSetup {
  std::string before;                                                            ///< that stage
  std::shared_ptr<const RowControls> controls = std::make_shared<RowControls>(); ///< never null
  std::size_t list_size = 20; ///< records a call (observed.md OC-3)
  std::size_t blocks_at_once = 16;
  ledger_actor ledger;
  std::vector<publisher_actor> publishers;
  std::function<Instant()> now;
  std::chrono::milliseconds park_cooldown{3'600'000}; ///< of a shard that waits for somebody
  std::chrono::milliseconds retry_for{86'400'000};    ///< what time may cure is tried so long (defer())
  std::shared_ptr<RowProbe> probe;                    ///< may be null
};

/// Carries what the stage before handed over on one day, in lists, newest first as it was handed over. A
/// block leaves the ledger in the commit that counts its records, so that a restart goes on behind it and
/// each counts once. Told to drain it waits for the answers that are under way: the one who asks is not to
/// hang up (observed.md OC-1).
class BlockShard : public actor_base<shard_actor> {
public:
  BlockShard(caf::actor_config& config, Shard shard, std::shared_ptr<const BlockShardSetup> setup,
             supervisor_actor parent);
  const char* name() const override { return "block shard"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// A block, and what has become of its records.
  struct Work {
    ledger::Block block;
    std::size_t missing = 0;
    ledger::Commit commit;
  };
  using WorkPtr = std::shared_ptr<Work>;
  /// One record of one block.
  using Place = std::pair<WorkPtr, std::size_t>;

  void proceed();
  std::size_t credit() const;
  void load();
  void on_loaded(HandedOverLoaded& loaded);
  void send_lists();
  void publish(std::vector<Place> places);
  void on_published(const std::vector<Place>& places, const Published& published);
  void note(ledger::Commit& commit, const ledger::Handed& record, const PublishedRecord& result) const;
  void commit(ledger::Commit commit);
  void end_if_done();
  void end(ShardEnded::How how, Problem problem = {});

  Shard shard_;
  std::shared_ptr<const BlockShardSetup> setup_;
  supervisor_actor parent_;
  std::deque<Place> waiting_;  ///< not asked for yet
  std::size_t in_flight_ = 0;  ///< records asked for and not answered yet
  std::size_t unwritten_ = 0;  ///< records whose block the ledger is to note
  std::int64_t loaded_to_ = 0; ///< id of the last block
  std::uint32_t commits_ = 0;  ///< under way
  bool loading_ = false;
  bool all_loaded_ = false;
  bool is_whole_ = false; ///< the stage before is complete
  bool draining_ = false;
  bool ending_ = false; ///< the last commit, with the new state, is under way
};

} // namespace dialogferry::engine
