#pragma once

#include <dialogferry/engine/messages.hpp>

/// The map of the system: every actor, and every message it takes and answers.
///
///     engine
///     ├─ ledger writer        group commit; the only writer
///     ├─ gate (one an API)    limiter, retries, outages; every attempt of an API passes here
///     ├─ register, metadata   caches in front of Register and of applications with texts
///     ├─ uploaders            one lane a record, and so a dialog id
///     ├─ carriers             events, lookups, mapping: the way of one record
///     ├─ live supervisor      one a live row; takes events in, restarts its feed
///     │  └─ live feed         events, streams, records whose time has come: each in its lane
///     └─ row supervisor       plans days, starts and restarts shards, parks them
///        ├─ retrier           carries single records again
///        └─ day shard         scans one window, hands records to the carriers, moves the checkpoint
namespace dialogferry::engine {

struct RowControls;

/// All attempts at one API, of all shards: rate first, concurrency second, retries, outages (limiter in
/// architecture.md). Answers each Call once, those of a list in lists. Once it is told to drain it sends what
/// was refused no more.
using gate_actor =
    actor_of<answers<Call, Answered>, takes<Calls>, takes<SendOut>, takes<Collect>, takes<TryAgain>,
             takes<Pump>, takes<ProbeNow>, takes<Probed>, takes<Reconfigure>, takes<Drain>>;

/// The only one that touches the ledger. Progress that arrives while it writes goes into one transaction.
using ledger_actor =
    actor_of<answers<NoteProgress, Noted>, answers<NoteFeed, Noted>, answers<NoteEvents, Noted>,
             answers<BeginShards, ShardsBegun>, answers<LoadPlan, PlanLoaded>,
             answers<LoadShard, ShardLoaded>, answers<LoadDue, DueLoaded>, answers<LoadInbox, InboxLoaded>,
             answers<LoadCursors, CursorsLoaded>, answers<LoadHandedOver, HandedOverLoaded>,
             answers<FindFiles, FoundFiles>, answers<NoteFiles, Noted>, answers<FindDay, FoundDay>,
             answers<NoteSetting, Noted>, answers<NoteForReaders, Noted>, answers<AwaitDuty, Noted>,
             takes<Flush>, takes<TellNews>>;

/// Applications with their texts, each fetched once and kept for a while.
using metadata_actor = actor_of<answers<FindApplication, FoundApplication>>;

/// Who parties and users are; asked of Register in lists (decisions.md D-13).
using register_actor = actor_of<answers<FindParties, FoundParties>>;

/// Where the outcomes of records go.
using record_owner = actor_of<takes<RecordsDone>>;

/// Records to be carried for one owner.
struct Carry {
  record_owner owner;
  std::vector<RecordJob> jobs;
  Moment listed{}; ///< before their page was asked for
  bool is_migration = true;
  Priority priority = Priority::history;
  TrailPtr trail = {};                              ///< of all of them: row and day
  std::shared_ptr<const RowControls> controls = {}; ///< of their row; null: it cannot be paused
};

/// Takes a record from its list row to its outcome: events, lookups, mapping, upload. Reads and maps a record
/// anew where its upload asks for it.
using carrier_actor = actor_of<takes<Carry>, answers<MapAnew, MappedAnew>, takes<SetWindow>, takes<Steer>>;

/// A record to be brought to its dialog.
struct Upload {
  std::string record_id; ///< `{party id}/{guid}`
  Uuid lane;             ///< the record's guid: what concerns one record, and so one dialog, goes in turn
  /// What its list row became, handed over with its body; null: to be read in its lane.
  std::shared_ptr<mapping::Decision> decision;
  Moment listed{};       ///< with a decision: before the row was asked for
  carrier_actor carrier; ///< who maps it anew
  bool is_migration = true;
  bool absence_confirmed = false;
  Priority priority = Priority::history;
  std::optional<std::uint64_t> unless_events = {}; ///< as MapAnew
  Instant carried_before = {}; ///< of a message: what its source learned before is at the target
  std::optional<Day> day = {}; ///< of history: the day that the record belongs to
  TrailPtr trail = {};
};

/// Records of one actor, in a list; answered with UploadsDone.
struct Uploads {
  using Item = Numbered<Upload>;
  std::vector<Item> items;
};

/// Writes dialogs, one piece of work a record at a time.
using uploader_actor = actor_of<answers<Upload, Uploaded>, takes<TryAgain>>;

/// Makes messages available in Dialogporten, sees that they are, and mends what lost its other half
/// (observed.md OC-1).
using publisher_actor = actor_of<answers<Publish, Published>, takes<TryAgain>>;

/// Takes attachments of messages from their source to Correspondence, each once.
using file_carrier_actor = actor_of<answers<CarryFiles, CarriedFiles>, takes<TryAgain>, takes<FileWanted>>;

/// One window of one day and organisation. Takes what became of its records.
using shard_actor = record_owner::extend<takes<Proceed>, takes<Drain>>;

/// Carries single records again: exceptions, and those whose time has come.
using retrier_actor = actor_of<answers<RetryRecords, Noted>, takes<Drain>>;

/// Plans and supervises the shards of one row.
using supervisor_actor = actor_of<takes<Proceed>, takes<Drain>, takes<ShardEnded>, takes<RestartNow>,
                                  takes<NewOrganisations>, takes<StageBefore>, takes<Steer>>;

/// Carries the changes of one live row as they are made.
using feed_actor =
    actor_of<takes<Proceed>, takes<NewEvents>, takes<Drain>, takes<NewOrganisations>, takes<Steer>>;

/// Keeps the feed of one live row going, and takes in the events for it; NewEvents: another engine has.
using live_supervisor_actor = actor_of<answers<NoteEvents, Noted>, takes<Proceed>, takes<NewEvents>,
                                       takes<Drain>, takes<NewOrganisations>, takes<Steer>>;

/// What the engine itself is told.
using engine_actor = actor_of<takes<RowIdle>, takes<RowBusy>, takes<Fatal>>;

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Carry)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Upload)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Uploads)
