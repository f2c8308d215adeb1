#pragma once

#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/mapping/wording.hpp>
#include <dialogferry/metrics/registry.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/progress_snapshot.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// What an engine is started for.
struct Task {
  /// Just these days, both inclusive, of one row.
  struct Days {
    Day from;
    Day to;
    bool force = false; ///< complete days are carried again
  };

  std::vector<std::string> rows; ///< of the enabled ones; empty = all
  bool until_idle = false;  ///< ends when every shard in range is complete or parked and nothing live waits
  std::optional<Days> days; ///< ends when they are complete or parked
  mapping::Wording wording; ///< the texts of dialogs
  std::string version = {}; ///< of the program, as other engines are told
  /// What is in force where operators have set these: the engine asks at its start and whenever they change.
  /// Null: they are not heeded.
  std::function<Config(const Config&, const std::vector<ledger::Setting>&)> lay_over = {};
};

/// What an engine goes by.
struct Configured {
  Config file;                           ///< as it was given, and reloaded since
  std::vector<ledger::Setting> settings; ///< what operators have set above it, by name
  Config in_force;                       ///< both together
};

/// How a run ended.
struct Ending {
  bool stopped = false; ///< by stop(), after a drain
  std::uint64_t exceptions = 0;
  std::uint64_t parked_days = 0;
  std::vector<std::pair<std::string, Day>>
      not_over;           ///< rows with days that are not over, and the first of them
  std::uint64_t held = 0; ///< records that wait for an API that could not take them; their days stay open
  std::optional<Problem> failure; ///< the engine could not go on
  bool may_start_anew = false;    ///< with a failure: others have its work, and it may have some again
};

/// An engine at work. All members may be called from any thread.
class Engine {
public:
  /// Stops and waits for the drain where that has not happened yet.
  virtual ~Engine() = default;

  /// Reads the ledger for it, at most twice a second.
  virtual ProgressSnapshot progress() const = 0;

  /// With what the caller has just read of the ledger.
  virtual ProgressSnapshot progress(const ledger::Snapshot& /*read*/) const { return progress(); }

  /// Takes over what a running engine may of another configuration: rates, connections, credit,
  /// shards_in_flight, priorities and pauses. What operators have set stays in force above it.
  virtual void reconfigure(const Config& config) = 0;

  virtual Configured configured() const = 0;

  /// Sets what Task::lay_over knows, or takes it back where the value is empty. `done` is called from another
  /// thread once the ledger has it and it is in force, or a Problem says why not.
  virtual void set(ledger::Setting setting, std::function<void(std::optional<Problem>)> done) = 0;

  /// Adds a note for the page's readers; `done` likewise.
  virtual void add_note(ledger::Note note, std::function<void(std::optional<Problem>)> done) = 0;

  /// Whether a row that is carried takes events.
  virtual bool takes_events() const = 0;

  /// Whether the ledger is away, so that nobody should ask it and wait (ledger/outage.hpp).
  virtual bool ledger_is_away() const { return false; }

  /// Notes that these records, `{party id}/{guid}`, have changed, and calls `done` from another thread once
  /// that is written through to the disk or a Problem says why it is not. Nothing is noted, and `done` told
  /// so, while the engine stops or where no row takes events. The caller bounds how much it hands over at
  /// once.
  virtual void note_events(std::vector<std::string> record_ids,
                           std::function<void(std::optional<Problem>)> done) = 0;

  /// Begins no further work and drains what is in flight, for at most engine.drain_timeout. Returns at once.
  virtual void stop() = 0;

  /// The messages that Correspondence is asked to publish right now. Whoever ends the process meanwhile
  /// leaves their dialogs without them, until the next run has looked at each (observed.md OC-1). From any
  /// thread.
  virtual std::vector<Uuid> publishing() const { return {}; }

  /// What is counted as it happens: requests, answer times, commits.
  virtual std::shared_ptr<const metrics::Registry> counted() const { return nullptr; }

  /// Waits for the end, at most this long; nothing while it still runs.
  virtual std::optional<Ending> wait_for(std::chrono::milliseconds time) = 0;

  /// After the end: lets go of actors, threads and the ledger, for at most so long. False where something did
  /// not let go in time; the process may end all the same, what is noted is on the disk.
  virtual bool close(std::chrono::milliseconds time) = 0;

  /// Lets one actor of a kind ("carrier", "gate of storage", …) fail as by a defect, for tests and drills.
  /// False where none is at work.
  virtual bool fail_one(std::string_view kind) = 0;
};

/// Opens the ledger and starts carrying. Fails for a ledger of another environment, a newer schema, a locked
/// file, a row that cannot be carried yet; for organisations that Storage does not know; for days to come,
/// and a cut-over that is not over where no live row goes on from it.
Result<std::unique_ptr<Engine>> start(const Config& config, const Task& task);

} // namespace dialogferry::engine
