#pragma once

#include <dialogferry/engine/caf.hpp>
#include <dialogferry/engine/share.hpp>
#include <dialogferry/ledger/ledger.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What the ledger writer is asked, and answers.
namespace dialogferry::engine {

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

/// Of a live row: how far it is, and where engines share it, what of it the feed works on.
struct LiveLook {
  std::int64_t inbox_read = 0; ///< id of the last entry taken
  bool is_shared = false;
  std::set<std::string> streams = {}; ///< with is_shared: there are
  Share in_use = {};                  ///< with is_shared
};

/// What an operator, the clock or another engine has left to do: shards, which are claimed; and for the
/// engine that has the row's single records, or their partition, exceptions marked for another attempt and
/// records to be looked at again.
struct LoadDue {
  std::string row;
  std::string stage;
  std::string before = {}; ///< the stage before it; empty where it is the first
  ClaimOf claim = {};
  std::optional<LiveLook> live = {};
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
  // Of a live row:
  bool events_wait = false;        ///< above LiveLook::inbox_read
  std::uint64_t inbox = 0;         ///< entries of all engines
  std::optional<Share> share = {}; ///< of a shared one: what may be begun
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

/// The oldest changes that wait in these partitions, ids above `after`.
struct LoadInbox {
  std::string row;
  std::int64_t after = 0;
  std::size_t limit = 100;
  ledger::Partitions partitions = ledger::all_partitions();
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

} // namespace dialogferry::engine

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
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteSetting)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteForReaders)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteFeed)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteEvents)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadInbox)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::InboxLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadCursors)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::CursorsLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NewEvents)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::LoadHandedOver)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::HandedOverLoaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NoteFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindDay)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundDay)
