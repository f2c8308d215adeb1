#pragma once

#include "limit/apis.hpp"
#include "outside.hpp"
#include "owners.hpp"
#include "rows.hpp"

#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/listing/pages.hpp>
#include <dialogferry/engine/probes.hpp>
#include <dialogferry/engine/roster.hpp>

#include <memory>
#include <string>
#include <vector>

namespace dialogferry::engine {

class AskedOwners;

/// What a crew is made from; outlives it.
struct CrewSetup {
  const Config& config;
  const Task& task;
  caf::actor_system& system;
  std::size_t threads = 1; ///< as many carriers and uploaders
  Apis& apis;
  Roster& roster;
  std::shared_ptr<Outlook> outlook;
  std::shared_ptr<ledger::Ledger> ledger;
};

/// Every actor that an engine begins with, and its settings: crew.cpp can be read from top to bottom as the
/// list of who is there.
class Crew {
public:
  /// A row at work.
  struct Row {
    const RowKind* kind = nullptr;
    ledger::Plan plan;
    bool is_for_all = false;     ///< service owners
    supervisor_actor supervisor; ///< of a historic row
    retrier_actor retrier;
    std::shared_ptr<RowProbe> probe;
    live_supervisor_actor live; ///< of a live row
    std::shared_ptr<LiveProbe> live_probe;
  };

  explicit Crew(CrewSetup setup);

  /// Begins with what all rows share, then row by row.
  Result<void> begin();

  const std::vector<Row>& rows() const { return rows_; }

  /// Hands events of a live row to the ledger; `done` is told from another thread.
  void deliver(const Row& row, NoteEvents note, std::function<void(std::optional<Problem>)> done);

  /// Takes over how much may be under way.
  void reconfigure(const Config& config);

  /// No further work; what is in flight is finished.
  void drain();

  /// Those that begin work end first, then those they ask. `let_go` is called between the two: it closes what
  /// carries the requests.
  void end(const std::function<void()>& let_go);

private:
  void spawn_shared();
  void spawn_carriers();
  Result<void> begin_row(const std::string& id, AskedOwners& owners);
  Result<void> forget_days(const Row& row);
  void begin_history(Row& row, const Stage& stage);
  void begin_live(Row& row, const Stage& stage);
  void watch_owners();
  Pages pages_of(const Stage& stage) const;
  const std::vector<carrier_actor>& carriers_of(const Stage& stage) const;

  CrewSetup setup_;
  engine_actor reporter_;
  caf::actor messenger_;
  ledger_actor writer_;
  metadata_actor metadata_;
  register_actor registry_;
  std::vector<uploader_actor> uploaders_;
  std::vector<carrier_actor> carriers_;
  std::vector<Row> rows_;
  owners_actor owners_;
  OwnersSetup owners_setup_;
};

} // namespace dialogferry::engine
