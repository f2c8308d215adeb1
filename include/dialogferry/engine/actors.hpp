#pragma once

#include <dialogferry/engine/messages.hpp>

/// The map of the system: every actor, and every message it takes and answers.
///
///     engine
///     ├─ ledger writer        group commit; the only writer
///     ├─ gate (one an API)    limiter, retries, outages; every attempt of an API passes here
///     ├─ register, metadata   caches in front of Register and of applications with texts
///     ├─ uploaders            one lane a dialog id
///     ├─ carriers             events, lookups, mapping: the way of one record
///     └─ row supervisor       plans days, starts and restarts shards, parks them
///        ├─ retrier           carries single records again that were exceptions
///        └─ day shard         scans one window, hands records to the carriers, moves the checkpoint
namespace dialogferry::engine {

/// All attempts at one API, of all shards: rate first, concurrency second, retries, outages (limiter in
/// architecture.md). Answers each Call once.
using gate_actor = actor_of<answers<Call, Answered>, takes<Collect>, takes<TryAgain>, takes<Pump>,
                            takes<ProbeNow>, takes<Probed>, takes<Reconfigure>>;

/// The only one that touches the ledger. Progress that arrives while it writes goes into one transaction.
using ledger_actor =
    actor_of<answers<NoteProgress, Noted>, answers<BeginShards, Noted>, answers<LoadPlan, PlanLoaded>,
             answers<LoadShard, ShardLoaded>, answers<LoadDue, DueLoaded>, takes<Flush>>;

/// Applications with their texts, each fetched once and kept for a while.
using metadata_actor = actor_of<answers<FindApplication, FoundApplication>>;

/// Who parties and users are; asked of Register in lists (decisions.md D-13).
using register_actor = actor_of<answers<FindParties, FoundParties>>;

/// Writes dialogs, one piece of work a dialog id at a time.
using uploader_actor = actor_of<answers<Upload, Uploaded>>;

/// Where a record's outcome goes.
using record_owner = actor_of<takes<RecordDone>>;

/// Records to be carried for one owner.
struct Carry {
  record_owner owner;
  std::vector<RecordJob> jobs;
  bool is_migration = true;
  Priority priority = Priority::history;
};

/// Takes a record from its list row to its outcome: events, lookups, mapping, upload.
using carrier_actor = actor_of<takes<Carry>>;

/// One window of one day and organisation. Takes what became of its records.
using shard_actor = record_owner::extend<takes<Proceed>, takes<Drain>>;

/// Carries single records again that were exceptions.
using retrier_actor = record_owner::extend<answers<RetryExceptions, Noted>, takes<Drain>>;

/// Plans and supervises the shards of one row.
using supervisor_actor = actor_of<takes<Proceed>, takes<Drain>, takes<ShardEnded>, takes<RestartNow>>;

/// What the engine itself is told.
using engine_actor = actor_of<takes<RowIdle>, takes<Fatal>>;

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Carry)
