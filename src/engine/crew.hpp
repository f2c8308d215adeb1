#pragma once

#include "limit/apis.hpp"
#include "outside.hpp"
#include "owners.hpp"
#include "rows.hpp"
#include "verify/company.hpp"

#include <dialogferry/engine/carry/asked.hpp>
#include <dialogferry/engine/carry/migrator.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/listing/pages.hpp>
#include <dialogferry/engine/probes.hpp>
#include <dialogferry/engine/roster.hpp>
#include <dialogferry/engine/verify/patrol.hpp>

#include <atomic>
#include <functional>
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
  std::shared_ptr<Asked> asked; ///< what is published right now
  std::shared_ptr<metrics::Registry> counted;
  std::function<void(const ledger::Heard&)> heard; ///< of other engines, from another thread
};

/// Every actor that an engine begins with, and its settings: crew.cpp can be read from top to bottom as the
/// list of who is there.
class Crew {
public:
  /// A stage of a historic row at work.
  struct StageAtWork {
    const Stage* stage = nullptr;
    ledger::Plan plan;
    supervisor_actor supervisor;
    retrier_actor retrier;
    std::shared_ptr<RowProbe> probe;
  };

  /// A row at work.
  struct Row {
    std::string id;
    const RowKind* kind = nullptr;
    std::vector<std::string> organisations;
    bool is_for_all = false; ///< service owners
    std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
    std::vector<StageAtWork> stages; ///< of a historic row, in their order
    live_supervisor_actor live;      ///< of a live row
    std::shared_ptr<LiveProbe> live_probe;
    verify::Company company;                            ///< of a historic row that can be compared
    std::shared_ptr<Shared<verify::PatrolView>> patrol; ///< likewise

    /// How many will tell that they are idle.
    std::size_t parts() const { return live ? 1 : stages.size(); }
  };

  explicit Crew(CrewSetup setup);

  /// Begins with what all rows share, then row by row.
  Result<void> begin();

  const std::vector<Row>& rows() const { return rows_; }

  /// How many will tell that they are idle: stages of historic rows, and live rows.
  std::size_t parts() const;

  /// Hands events of a live row to the ledger; `done` is told from another thread.
  void deliver(const Row& row, NoteEvents note, Told done);

  /// Another engine has noted events of a live row.
  void tell_of_events(std::string_view row) const;

  /// Has the ledger keep what an operator sets, or tells readers; `done` likewise.
  void note(ledger::Setting setting, Told done);
  void note(ledger::Note note, Told done);

  /// Takes over what may change of rows, and how much may be under way.
  void reconfigure(const Config& config);

  /// No further work; what is in flight is finished.
  void drain();

  /// Those that begin work end first, then those they ask. `let_go` is called between the two: it closes what
  /// carries the requests.
  void end(const std::function<void()>& let_go);

private:
  using SpawnShard = std::function<shard_actor(Shard, supervisor_actor)>;

  void steer_carriers();
  void spawn_shared();
  bool has(CarrierKind kind) const;
  void spawn_carriers();
  void spawn_message_carriers();
  void spawn_ensurers();
  Result<void> begin_row(const std::string& id, AskedOwners& owners);
  Result<void> forget_days(const ledger::Plan& plan);
  void begin_history(const Row& row, std::size_t at, std::vector<StageAtWork>& stages);
  SpawnShard shards_of(const Row& row, const StageAtWork& at_work, const std::string& next);
  SpawnShard block_shards_of(const Row& row, const StageAtWork& at_work, const std::string& before);
  retrier_actor retrier_of(const Row& row, const StageAtWork& at_work, const std::string& next);
  void begin_live(Row& row, const Stage& stage);
  void begin_watch(Row& row, const Stage& stage);
  void watch_owners();
  Result<void> begin_patrol();
  std::shared_ptr<const std::atomic<bool>> await_duty(const std::string& name);
  Pages pages_of(const Stage& stage) const;
  /// Who carries the records of a stage: as rows of pages, and one by one.
  std::vector<carrier_actor> carriers_of(const Stage& stage) const;
  std::vector<uploader_actor> uploaders_of(const Stage& stage) const;

  CrewSetup setup_;
  engine_actor reporter_;
  caf::actor messenger_;
  ledger_actor writer_;
  std::shared_ptr<const mapping::Mapper> mapper_; ///< of forms
  metadata_actor metadata_;
  register_actor registry_;
  std::vector<uploader_actor> uploaders_;
  std::vector<carrier_actor> carriers_;
  file_carrier_actor files_;
  std::vector<publisher_actor> publishers_;
  std::vector<migrator_actor> migrators_;
  std::vector<migrator_actor> second_migrators_; ///< of single records for the second hop
  uploader_actor message_lane_;
  /// Ticks: since when its row is carried here (MessageLaneSetup).
  std::shared_ptr<std::atomic<std::int64_t>> messages_since_ = std::make_shared<std::atomic<std::int64_t>>(0);
  std::vector<uploader_actor> ensurers_;
  std::vector<Row> rows_;
  verify::patrol_actor patrol_;
  owners_actor owners_;
  OwnersSetup owners_setup_;
};

} // namespace dialogferry::engine
