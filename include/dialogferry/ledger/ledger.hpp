#pragma once

#include <dialogferry/ledger/commit.hpp>
#include <dialogferry/ledger/engines.hpp>
#include <dialogferry/ledger/exception.hpp>
#include <dialogferry/ledger/hand_over.hpp>
#include <dialogferry/ledger/live.hpp>
#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/shard.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger {

/// A shard that is not open, as the planner needs it. `organisation` is valid only within the callback.
struct FinishedShard {
  Day day;
  std::string_view organisation;
  std::uint32_t part = 0;
  ShardState state = ShardState::complete;
  Instant retry_at; ///< parked: when it is tried again
};

/// A shard to begin: its first part, with the whole day as its window.
struct ShardStart {
  ShardKey key;
  Instant from; ///< inclusive
  Instant to;   ///< exclusive
};

/// What retry() has marked.
struct RetryMarks {
  std::uint64_t exceptions = 0;
  std::uint64_t shards = 0;
};

/// What is known of how far the engine has come (architecture.md, Ledger). One object is used by one thread
/// at a time; any number of them, in any process, may read while one engine writes.
///
/// Every call is a transaction of its own: it happens as a whole or, where it returns a Problem, not at all.
/// `now` is the caller's clock.
class Ledger {
public:
  static constexpr std::size_t parked_limit = 1000;
  static constexpr std::size_t changelog_limit = 200;

  virtual ~Ledger() = default;

  // -- planning ---------------------------------------------------------------

  /// Notes what a history row sets out to carry; days and watermark are told by it. Call it at every start,
  /// before shards begin: another range or list of organisations is taken over, and the watermark with it.
  virtual Result<void> set_plan(const Plan& plan, Instant now) = 0;

  /// Begins the first `most` of these shards that are not there yet; this engine has claimed them. One that
  /// is there already stays as it is.
  virtual Result<StartedShards> start_shards(std::span<const ShardStart> starts, Instant now,
                                             std::size_t most) = 0;
  /// All of them.
  Result<StartedShards> start_shards(std::span<const ShardStart> starts, Instant now) {
    return start_shards(starts, now, starts.size());
  }

  /// Claims shards that nobody has: open ones and parked ones that are due, newest day first.
  virtual Result<ClaimedShards> claim_shards(const ShardClaim& claim, Instant now) = 0;

  /// Calls `each` for every complete or parked shard, newest day first, without keeping them in memory.
  virtual Result<void> finished(std::string_view row, std::string_view stage,
                                const std::function<void(const FinishedShard&)>& each) const = 0;

  /// All open shards, newest day first: those a restart goes on with.
  virtual Result<std::vector<Shard>> open_shards(std::string_view row, std::string_view stage) const = 0;

  /// Parked shards due by `now`, newest day first.
  virtual Result<std::vector<Shard>> due_shards(std::string_view row, std::string_view stage,
                                                Instant now) const = 0;

  /// One shard; nothing where it has not begun.
  virtual Result<std::optional<Shard>> load(const ShardKey& key) const = 0;

  /// Forgets the shards of the days `from` to `to`, both inclusive, with their counts, so that they are
  /// carried again. Exceptions of these days count as resolved until they fail again. Returns how many. A
  /// Problem where another engine has one of them.
  virtual Result<std::uint64_t> forget(std::string_view row, std::string_view stage, Day from, Day to,
                                       Instant now) = 0;

  // -- progress ---------------------------------------------------------------

  /// Group commit: the progress of many shards and feeds as one transaction. A shard that has not begun, or
  /// more taken back than was counted, is a Problem.
  virtual Result<void> commit(std::span<const Commit> shards, std::span<const FeedCommit> feeds,
                              Instant now) = 0;
  Result<void> commit(std::span<const Commit> shards, Instant now) { return commit(shards, {}, now); }

  /// Where a live feed stands; nothing before its first commit.
  virtual Result<std::optional<Checkpoint>> cursor(std::string_view row, std::string_view stage,
                                                   std::string_view feed) const = 0;

  // -- several engines ----------------------------------------------------------

  /// Renews this engine's lease, ends engines that are not heard of any more, and tells and hears the news.
  virtual Result<Heard> tell(const News& news, Instant now) = 0;

  /// Hands back at once what this engine has; every later call that writes is refused. Does not wait for a
  /// ledger that is away: what it has is free when its lease runs out.
  virtual void leave(std::string_view why) noexcept = 0;

  // -- between stages -----------------------------------------------------------

  /// Days that the stage `before` is done with, complete or parked, and `stage` has not begun: newest first,
  /// at most `limit`.
  virtual Result<std::vector<ShardKey>> to_go_on_with(std::string_view row, std::string_view before,
                                                      std::string_view stage, std::size_t limit) const = 0;

  /// What waits for the stage of `key` on its day, blocks with ids above `after`, at most `limit` of them.
  virtual Result<HandedOver> handed_over(const ShardKey& key, std::string_view before, std::int64_t after,
                                         std::size_t limit) const = 0;

  /// How far a stage is with one day.
  virtual Result<DayState> state_of(std::string_view row, std::string_view stage, Day day) const = 0;

  /// Keeps what the target calls a file; one that is known stays as it is.
  virtual Result<void> note_files(std::span<const TakenFile> files) = 0;

  /// What the target calls these files, in their order; nothing for one that is not known.
  virtual Result<std::vector<std::optional<Uuid>>> files(std::span<const std::string> source_ids) const = 0;

  // -- exceptions ---------------------------------------------------------------

  /// By rising id, at most `filter.limit`.
  virtual Result<std::vector<Exception>> exceptions(const ExceptionFilter& filter) const = 0;

  /// One of them; nothing where there is none of that id.
  virtual Result<std::optional<Exception>> exception(ExceptionId id) const = 0;

  /// Marks open and dismissed exceptions for another attempt. Returns how many; unknown ids are a Problem.
  virtual Result<std::uint64_t> retry(std::span<const ExceptionId> ids, Instant now) = 0;

  /// Marks everything open of a row, on one day or any: its exceptions for another attempt, its parked
  /// shards as due now.
  virtual Result<RetryMarks> retry(std::string_view row, std::optional<Day> day, Instant now) = 0;

  /// Leaves an exception for good, with the reason and who decided. An unknown id is a Problem.
  virtual Result<void> dismiss(ExceptionId id, std::string_view reason, std::string_view who,
                               Instant now) = 0;

  /// Whether another connection has written since the last call: the engine looks for new marks then.
  virtual Result<bool> changed_elsewhere() = 0;

  // -- live ---------------------------------------------------------------

  /// Notes events so that a power cut does not lose them; one that waits for the same record and row already
  /// is joined with it. Answer the sender only after this has returned.
  virtual Result<void> note_events(std::span<const InboxEvent> events) = 0;

  /// The oldest waiting entries of these partitions, at most `limit`, ids above `after`. None with a lower id
  /// appears once one has been read.
  virtual Result<std::vector<InboxEntry>> inbox(std::string_view row, std::int64_t after, std::size_t limit,
                                                const Partitions& partitions = all_partitions()) const = 0;

  /// What waits in a row's inbox. Costs the same however much that is.
  virtual Result<Waiting> waiting(std::string_view row) const = 0;

  /// Keeps a waking time; another one for the same row, stage and key takes its place.
  virtual Result<void> set_wake_up(const WakeUp& wake_up) = 0;

  /// The earliest wake-ups of a stage due by `until`, of records in these partitions, at most `limit`.
  virtual Result<std::vector<WakeUp>> wake_ups(std::string_view row, std::string_view stage, Instant until,
                                               std::size_t limit,
                                               const Partitions& partitions = all_partitions()) const = 0;

  /// How many records of a stage wait for somebody (WakeUp::api). Costs as much as there are.
  virtual Result<std::uint64_t> held(std::string_view row, std::string_view stage) const = 0;

  // -- comparing ------------------------------------------------------------

  /// Keeps what comparing a day has shown, in the place of what was known of it. It goes when a shard of the
  /// day changes its state.
  virtual Result<void> note_verification(const Verification& verification) = 0;

  /// What is known of a row's days `from` to `to`, both inclusive, newest first.
  virtual Result<std::vector<Verification>> verifications(std::string_view row, Day from, Day to) const = 0;

  // -- operating --------------------------------------------------------------

  /// Keeps what an operator has changed, or forgets it where its value is empty, and notes it in the journal:
  /// `….paused` as paused or resumed.
  virtual Result<void> set(const Setting& setting) = 0;

  /// All of them, by name.
  virtual Result<std::vector<Setting>> settings() const = 0;

  /// Adds to the journal; a goal is reached once.
  virtual Result<void> note_in_journal(const JournalEntry& entry) = 0;

  // -- the page ---------------------------------------------------------------

  virtual Result<Snapshot> snapshot() const = 0;

  /// Adds a note for readers; returns its id.
  virtual Result<std::int64_t> add_note(const Note& note) = 0;

  /// Replaces the goals.
  virtual Result<void> set_goals(std::span<const GoalConfig> goals) = 0;
};

/// Who opens a ledger, and for what.
enum class OpenMode : std::uint8_t {
  engine,    ///< reads and writes, creates and migrates; of a file only one at a time, in any process
  tool,      ///< reads and writes small things (`exceptions retry`) while an engine may be running
  read_only, ///< reads; never waits for an engine and never stops one
};

/// Opens the ledger at `url`: `sqlite:FILE`, `sqlite:FILE?synchronous=full` or
/// `postgresql://USER@HOST/DATABASE`.
///
/// In a file a commit survives by default the end of the process at any instant; a power cut may undo the
/// last ones, which are then carried again and counted once, for what is carried is known by its ids. Events
/// that somebody was told of are always written through. `synchronous=full` writes every commit through, for
/// about one disk flush each. PostgreSQL keeps what it has confirmed.
///
/// Refuses, each with its own Problem and hint: an unknown kind of url or option; a ledger of another
/// environment; one of a newer version; a file that another engine works on; what is no ledger; a folder,
/// file or database that cannot be used; in the modes but `engine`, a ledger that does not exist or is of an
/// older version. PostgreSQL besides: a server older than 15 or one that only follows another; a database
/// that is not in UTF-8; for an engine, a clock more than two seconds from the database's, a name that
/// another living engine has, an older version while engines work on it. No message holds a password.
Result<std::unique_ptr<Ledger>> open(const std::string& url, std::string_view environment, OpenMode mode,
                                     Instant now);

} // namespace dialogferry::ledger
