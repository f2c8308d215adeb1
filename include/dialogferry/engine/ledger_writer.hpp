#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/metrics/registry.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace dialogferry::engine {

/// What the ledger writer is made of.
struct LedgerWriterSetup {
  std::shared_ptr<ledger::Ledger> ledger; ///< used by this actor alone
  std::function<Instant()> now;
  engine_actor engine; ///< told when the ledger does not take writes any more; may be null
  std::shared_ptr<metrics::Registry> counted = {}; ///< of how long commits take; may be null
};

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
  caf::result<Noted> on_begin(BeginShards& begin);
  Noted keep(const NoteSetting& note);
  Noted keep(const NoteForReaders& note);
  PlanLoaded load_plan(const LoadPlan& load);
  CursorsLoaded load_cursors(const LoadCursors& load);
  DueLoaded load_due(const LoadDue& load);
  void flush();
  void flush_later();
  void fatal(const Problem& problem);

  LedgerWriterSetup setup_;
  metrics::Histogram* commit_seconds_ = nullptr; ///< of `counted`
  bool flush_due_ = false;
  std::vector<ledger::ShardStart> starts_;
  std::vector<ledger::TakenFile> files_;
  std::vector<ledger::Commit> commits_;
  std::vector<ledger::FeedCommit> feeds_;
  std::vector<ledger::InboxEvent> events_;
  std::vector<caf::typed_response_promise<Noted>> waiting_;
};

/// Spawns the ledger writer on a thread of its own: SQLite blocks.
ledger_actor spawn_ledger_writer(caf::actor_system& system, LedgerWriterSetup setup);

} // namespace dialogferry::engine
