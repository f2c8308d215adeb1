#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/duties.hpp>
#include <dialogferry/metrics/registry.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dialogferry::engine {

/// What the ledger writer is made of.
struct LedgerWriterSetup {
  std::shared_ptr<ledger::Ledger> ledger; ///< used by this actor alone
  std::function<Instant()> now;
  engine_actor engine; ///< told when the ledger does not take writes any more; may be null
  std::shared_ptr<metrics::Registry> counted = {}; ///< of how long commits take; may be null
  /// Told what is heard of other engines, by this actor's thread; may be null.
  std::function<void(const ledger::Heard&)> heard = {};
};

/// Besides it keeps this engine's lease alive among others on the same ledger (ledger/engines.hpp), for as
/// long as it gets to its messages.
class LedgerWriter : public actor_base<ledger_actor> {
public:
  LedgerWriter(caf::actor_config& config, LedgerWriterSetup setup);
  const char* name() const override { return "ledger writer"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  caf::result<Noted> on_progress(NoteProgress& note);
  caf::result<Noted> on_feed(NoteFeed& note);
  caf::result<Noted> on_events(NoteEvents& note);
  caf::result<Noted> on_files(NoteFiles& note);
  caf::result<ShardsBegun> on_begin(BeginShards& begin);
  caf::result<Noted> on_await(const AwaitDuty& await);
  Noted keep(const NoteSetting& note);
  Noted keep(const NoteForReaders& note);
  PlanLoaded load_plan(const LoadPlan& load);
  CursorsLoaded load_cursors(const LoadCursors& load);
  DueLoaded load_due(const LoadDue& load);
  ledger::Partitions single_records_of(const LoadDue& load, DueLoaded& due);
  void add_single_records(DueLoaded& due, const LoadDue& load);
  void add_inbox(DueLoaded& due, const LoadDue& load);
  void flush();
  void begin_shards();
  void flush_later();
  void tell_news();
  void tell_later(std::chrono::milliseconds next);
  bool has(const std::string& duty);
  void fatal(const Problem& problem);

  LedgerWriterSetup setup_;
  metrics::Histogram* commit_seconds_ = nullptr; ///< of `counted`
  bool flush_due_ = false;
  struct Beginning {
    BeginShards begin;
    caf::typed_response_promise<ShardsBegun> promise;
  };
  std::vector<Beginning> beginnings_;
  std::vector<ledger::TakenFile> files_;
  std::vector<ledger::Commit> commits_;
  std::vector<ledger::FeedCommit> feeds_;
  std::vector<ledger::InboxEvent> events_;
  std::vector<caf::typed_response_promise<Noted>> waiting_;

  Duties duties_;
  std::multimap<std::string, caf::typed_response_promise<Noted>> awaiting_; ///< by duty
  std::uint64_t records_ = 0;                                               ///< read since news were told
  std::chrono::steady_clock::time_point told_at_{};
  bool telling_later_ = false;
};

/// Spawns the ledger writer on a thread of its own: SQLite blocks.
ledger_actor spawn_ledger_writer(caf::actor_system& system, LedgerWriterSetup setup);

} // namespace dialogferry::engine
