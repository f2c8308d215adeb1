#pragma once

#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/caf.hpp>
#include <dialogferry/engine/limit/rate_options.hpp>
#include <dialogferry/engine/moment.hpp>
#include <dialogferry/engine/record_result.hpp>
#include <dialogferry/engine/trail.hpp>
#include <dialogferry/http/message.hpp>
#include <dialogferry/http/retry.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Every message that actors of the engine send each other. actors.hpp says who takes which.
namespace dialogferry::engine {

/// Live work goes before history wherever both wait (architecture.md, Ordering); of history, what an operator
/// has put first before the usual, and that before what is put last (RowControls).
enum class Priority : std::uint8_t { live, first, history, last };

/// How long a request is tried on before its failure is the caller's business.
enum class Patience : std::uint8_t {
  page,   ///< a few attempts: its shard restarts, with a backoff of its own
  record, ///< many: what follows is an exception for a person to look at
  once,   ///< one: it takes more than this request to try again
};

// -- to and from an API -------------------------------------------------------

/// One request to an API; tried until it is answered for good or patience ends.
struct Call {
  std::shared_ptr<const http::Request> request;
  http::Operation operation = http::Operation::read;
  Priority priority = Priority::history;
  Patience patience = Patience::record;
  TrailPtr trail = {};       ///< whom it is for; null: nobody in particular
  std::uint32_t records = 1; ///< that wait for its answer
};

/// The last answer to a Call, judged.
struct Answered {
  http::Verdict verdict;
  std::shared_ptr<http::Answer> answer; ///< never null; shared because messages are copied on write
  std::uint32_t attempts = 1;
  std::string api = {}; ///< whose answer it is; empty with success
};

/// A question in a list, or its answer: the number is the asker's own, and comes back with the answer.
template <class What>
struct Numbered {
  std::uint64_t number = 0;
  What what;
};

/// Calls of one actor, in a list (lists.hpp).
struct Calls {
  using Item = Numbered<Call>;
  std::vector<Item> items;
};

/// Answers to some of them.
struct Answers {
  using Item = Numbered<Answered>;
  std::vector<Item> items;
};

/// Send what has come together; from an actor with lists to itself.
struct SendOut {};

/// Attempts have ended and lie in the gate's letter box; from the client's threads to the gate.
struct Collect {};

/// A call may be tried again now; from a gate or an uploader to itself.
struct TryAgain {
  std::uint64_t call = 0;
};

/// The limiter may have room again; from the gate to itself.
struct Pump {};

/// Time for another probe of an API that is down; from the gate to itself.
struct ProbeNow {};

/// Other figures for the limiter, from now on, and whether anything is sent at all.
struct Reconfigure {
  RateOptions rate;
  bool paused = false;
};

/// A probe has ended; from the client's thread to the gate.
struct Probed {
  std::shared_ptr<http::Answer> answer;
};

// -- lookups ------------------------------------------------------------------

/// Asks for an application with its texts, prepared for mapping.
struct FindApplication {
  std::string app_id;
  Priority priority = Priority::history;
};

/// The prepared application, or why there is none.
struct FoundApplication {
  std::shared_ptr<const mapping::PreparedApplication> application; ///< null where the problem says why
  Problem problem;
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

/// Asks who parties and users are.
struct FindParties {
  std::vector<std::int64_t> parties;
  std::vector<std::int64_t> users;
  Priority priority = Priority::history;
};

/// Who was found; whoever is not in it is unknown to Register. An empty URN: known, without anything to make
/// one of (M-50). A problem where Register could not be asked.
struct FoundParties {
  std::vector<std::pair<std::int64_t, std::string>> parties;
  std::vector<std::pair<std::int64_t, std::string>> users;
  std::optional<Problem> problem;
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

// -- the way of a record ------------------------------------------------------

/// One record to be carried.
struct RecordJob {
  std::shared_ptr<const void> keep; ///< what `row` points into
  codec::Row row;
  std::uint64_t batch = 0;
  std::uint32_t index = 0;
};

/// How many records a carrier may have under way from now on; from the engine to its carriers.
struct SetWindow {
  std::size_t records = 0;
};

/// What became of one record.
struct RecordDone {
  std::uint64_t batch = 0;
  std::uint32_t index = 0;
  RecordResult result;
};

/// What became of records, in a list (lists.hpp); back to whoever sent the jobs.
struct RecordsDone {
  using Item = RecordDone;
  std::vector<Item> items;
};

/// Reads a record at the source and what the target has of it, and maps the one against the other.
struct MapAnew {
  std::string record_id; ///< `{party id}/{guid}`
  bool is_migration = true;
  bool absence_confirmed = false; ///< an earlier look found the record gone
  Priority priority = Priority::history;
  std::optional<std::uint64_t> unless_events = {}; ///< nothing is read where its events are still these
  TrailPtr trail = {};
};

/// What a record and its events were when they were read (codec::content_digest); 0 where they were not.
struct Seen {
  std::uint64_t row = 0;
  std::uint64_t events = 0;
};

/// What is to be done with a record that was read anew; without a decision the problem says why there is
/// none.
struct MappedAnew {
  std::shared_ptr<mapping::Decision> decision;
  std::optional<SecondLook> again;
  Instant last_changed;     ///< of the version that was read; zero where the source has it no more
  std::string organisation; ///< service owner code; empty where unknown
  Problem problem;
  int http_status = 0;
  std::uint32_t attempts = 1;
  std::string record_id = {}; ///< as the source gives it; empty where it has it no more (observed.md OE-6)
  Seen seen = {};
  bool nothing_new = false;      ///< its events are those of `unless_events`: nothing else was read
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

/// What the target made of a record.
struct Uploaded {
  Outcome outcome = Outcome::failed;
  Problem problem;     ///< with outcome failed
  int http_status = 0; ///< with outcome failed: of the answer that refused it
  std::string body;    ///< with outcome failed: the start of that answer, masked
  std::uint32_t attempts = 1;
  std::optional<SecondLook> again;
  Instant last_changed;          ///< where the record was read anew: of the version read; otherwise zero
  std::string organisation;      ///< likewise
  std::string record_id = {};    ///< likewise, as the source gives it
  Seen seen = {};                ///< likewise
  bool nothing_new = false;      ///< its events were as they had been: nothing is to be counted
  std::optional<Held> held = {}; ///< with outcome failed, where that is the moment's fault (see defer())
  std::optional<ledger::Handed> handed = {}; ///< for the next stage of its row
};

/// What the target made of some of the records that were handed over in a list.
struct UploadsDone {
  using Item = Numbered<Uploaded>;
  std::vector<Item> items;
};

/// An attachment of a message, and what M1 is told of it.
struct FileToCarry {
  std::string source_id; ///< altinn2AttachmentId
  mapping::correspondence::AttachmentQuery query;
  std::uint64_t size = 0; ///< bytes
  std::string checksum;   ///< MD5, 32 lower-case hex digits; empty where the source has none
};

/// Attachments of one message to be taken to Correspondence, unless it has them.
struct CarryFiles {
  std::vector<FileToCarry> files;
  Day day;                           ///< when the message was created
  std::optional<Instant> until = {}; ///< as ledger::TakenFile
  Priority priority = Priority::history;
  TrailPtr trail = {};
};

/// Correspondence has a connection for a file: its bytes may come, into the sink; from the client's thread to
/// the file carrier.
struct FileWanted {
  std::uint64_t transfer = 0;
  std::shared_ptr<http::BodySink> sink;
};

/// What Correspondence calls them, in their order; or why one of them could not be taken.
struct CarriedFiles {
  std::vector<Uuid> ids;
  std::optional<Problem> problem = {};
  int http_status = 0;
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

/// Records of Correspondence to be made available in Dialogporten, 1 to 20 of them (observed.md OC-3).
struct Publish {
  std::vector<ledger::Handed> records;
  Priority priority = Priority::history;
  std::optional<Day> day = {}; ///< when they were created, where that is known
  TrailPtr trail = {};
};

/// What became of one of them.
struct PublishedRecord {
  Outcome outcome = Outcome::failed;
  Problem problem = {}; ///< with outcome failed
  int http_status = 0;  ///< likewise
  std::uint32_t attempts = 1;
  std::optional<Held> held = {}; ///< with outcome failed, where that is the moment's fault
  bool repaired = false;         ///< its dialog was there without it, and was made again
};

/// One each, in their order.
struct Published {
  std::vector<PublishedRecord> records;
};

// -- the ledger ---------------------------------------------------------------

/// The ledger has it, or why not.
struct Noted {
  std::optional<Problem> problem;
};

struct NoteProgress {
  ledger::Commit commit;
};

/// The first `most` of these that nobody has begun.
struct BeginShards {
  std::vector<ledger::ShardStart> starts;
  std::size_t most = 0;
};

struct ShardsBegun {
  std::optional<Problem> problem;
  ledger::StartedShards started = {};
};

/// Shards of these days, both inclusive, that nobody has: at most so many.
struct ClaimOf {
  Day from = {};
  Day to = {};
  std::size_t most = 0;
};

/// Notes a row's plan, reads where it stands, and claims what is open.
struct LoadPlan {
  ledger::Plan plan;
  ClaimOf claim = {};
};

/// A day and organisation the ledger knows, and whether it waits to be tried again.
struct KnownShard {
  Day day;
  std::string organisation;
};

struct PlanLoaded {
  std::optional<Problem> problem;
  std::vector<KnownShard> begun; ///< once each, whatever has become of them
  std::vector<Shard> open;       ///< that this engine has claimed
};

struct LoadShard {
  ShardKey key;
};

struct ShardLoaded {
  std::optional<Problem> problem;
  std::optional<Shard> shard;
};

/// What an operator, the clock or another engine has left to do: shards, which are claimed; and for the
/// engine that has the row's single records, exceptions marked for another attempt and records to be looked
/// at again.
struct LoadDue {
  std::string row;
  std::string stage;
  std::string before = {}; ///< the stage before it; empty where it is the first
  ClaimOf claim = {};
  std::optional<std::int64_t> events_after = {}; ///< of a live row: whether inbox entries above this wait
};

struct DueLoaded {
  std::optional<Problem> problem;
  std::vector<Shard> shards;
  std::vector<ledger::Exception> exceptions;
  std::vector<ledger::WakeUp> wake_ups = {};
  std::uint64_t held = 0;                   ///< records of the stage that wait for somebody, due or not
  std::vector<ShardKey> to_go_on_with = {}; ///< days that the stage before is done with
  bool more = false;                        ///< shards besides these that nobody has
  bool elsewhere = false;                   ///< other engines have something of it
  bool events_wait = false;                 ///< above LoadDue::events_after
};

/// Answered when this engine is the one that does what has this name; it stays that as long as it lives.
struct AwaitDuty {
  std::string name;
};

/// What the stage `before` has for the stage of `key` on its day: blocks above `after`.
struct LoadHandedOver {
  ShardKey key;
  std::string before;
  std::int64_t after = 0;
  std::size_t limit = 16;
};

struct HandedOverLoaded {
  std::optional<Problem> problem;
  ledger::HandedOver over;
};

/// What the target calls these files.
struct FindFiles {
  std::vector<std::string> source_ids;
};

struct FoundFiles {
  std::optional<Problem> problem;
  std::vector<std::optional<Uuid>> target_ids; ///< one each; nothing: not taken yet
};

/// Files that the target has taken.
struct NoteFiles {
  std::vector<ledger::TakenFile> files;
};

/// How far a stage is with a day.
struct FindDay {
  std::string row;
  std::string stage;
  Day day;
};

struct FoundDay {
  std::optional<Problem> problem;
  DayState state = DayState::waiting;
};

/// What a live feed has done.
struct NoteFeed {
  ledger::FeedCommit commit;
};

/// What an operator sets, to be noted before it is in force.
struct NoteSetting {
  ledger::Setting setting;
};

/// What an operator tells the page's readers.
struct NoteForReaders {
  ledger::Note note;
};

/// Changes that somebody told us of, to be noted before the answer.
struct NoteEvents {
  std::vector<ledger::InboxEvent> events;
};

/// The ledger has noted events; to the feed that they are for.
struct NewEvents {};

/// The oldest changes that wait, ids above `after`.
struct LoadInbox {
  std::string row;
  std::int64_t after = 0;
  std::size_t limit = 100;
};

struct InboxLoaded {
  std::optional<Problem> problem;
  std::vector<ledger::InboxEntry> entries;
};

/// Where the feeds of a row stand, those that have one.
struct LoadCursors {
  std::string row;
  std::string stage;
  std::vector<std::string> feeds;
};

struct CursorsLoaded {
  std::optional<Problem> problem;
  std::vector<std::optional<Checkpoint>> cursors; ///< one for each feed asked for
};

/// Write what has been collected; from the ledger writer to itself.
struct Flush {};

/// Time to tell the other engines that this one lives; from the ledger writer to itself.
struct TellNews {};

// -- supervision --------------------------------------------------------------

/// Service owners that the source has since, besides those known before; to every row that is for all of
/// them.
struct NewOrganisations {
  std::vector<std::string> names;
};

/// Carry these records again, one by one; answered when each has an outcome or the engine drains.
struct RetryRecords {
  std::vector<ledger::Exception> exceptions;
  std::vector<ledger::WakeUp> wake_ups = {};
};

/// Whether the stage before has anything left to do; from its supervisor to that of the next stage.
struct StageBefore {
  bool idle = false;
};

/// How a shard has ended.
struct ShardEnded {
  enum class How : std::uint8_t {
    complete,
    split,   ///< done up to its new lower end; `parts` carry the rest
    drained, ///< stopped at a checkpoint because the engine stops
    failed,
  };
  ShardKey key;
  How how = How::failed;
  Problem problem;          ///< with failed
  std::vector<Shard> parts; ///< with split
};

/// Stop reading, finish what is under way, end.
struct Drain {};

/// RowControls say something else now; from the engine to a row's supervisors, and from them to their
/// children.
struct Steer {};

/// Begin, or look for what can go on; to a shard from itself, to a supervisor from the engine or its own
/// clock.
struct Proceed {};

/// A child may be restarted now; from a supervisor to itself.
struct RestartNow {
  ShardKey key;
};

/// A stage of a row has nothing left to do: every shard in range is complete or parked, no live work waits.
struct RowIdle {
  std::string row;
  std::string stage = {};
};

/// A stage that was idle has work again.
struct RowBusy {
  std::string row;
  std::string stage = {};
};

/// Something the engine cannot go on after: a ledger that does not take writes, a supervisor that failed.
struct Fatal {
  Problem problem;
};

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Call)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Answered)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Calls)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Answers)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::SendOut)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Collect)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::TryAgain)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Pump)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ProbeNow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Probed)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Reconfigure)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindApplication)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundApplication)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindParties)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundParties)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::SetWindow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RecordsDone)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::MapAnew)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::MappedAnew)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Uploaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::UploadsDone)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Noted)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteProgress)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::BeginShards)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ShardsBegun)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadPlan)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::PlanLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadShard)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ShardLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadDue)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::DueLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::AwaitDuty)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Flush)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::TellNews)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RetryRecords)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ShardEnded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Drain)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Steer)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteSetting)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteForReaders)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Proceed)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RestartNow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RowIdle)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Fatal)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteFeed)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteEvents)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadInbox)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::InboxLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadCursors)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::CursorsLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RowBusy)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NewEvents)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NewOrganisations)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::StageBefore)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadHandedOver)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::HandedOverLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindDay)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundDay)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Publish)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Published)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::CarryFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::CarriedFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FileWanted)
