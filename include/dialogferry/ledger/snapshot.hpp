#pragma once

#include <dialogferry/ledger/engines.hpp>
#include <dialogferry/ledger/exception.hpp>
#include <dialogferry/ledger/journal.hpp>
#include <dialogferry/ledger/verification.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/outcome.hpp>
#include <dialogferry/model/shard.hpp>
#include <dialogferry/model/wait.hpp>
#include <dialogferry/model/watermark.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger {

/// What a history row sets out to carry. `organisations` is the list in force: the configured one, or what
/// the source named where the configuration leaves it open.
struct Plan {
  std::string row;
  std::string stage;
  Day from;                               ///< oldest day, inclusive
  Day cutover;                            ///< newest day, inclusive
  std::vector<std::string> organisations; ///< sorted

  bool operator==(const Plan&) const = default;
};

/// One day of a stage, over the planned organisations.
struct DayTally {
  Day day;
  DayState state = DayState::waiting;
  std::uint64_t read = 0;   ///< records read
  std::uint64_t failed = 0; ///< of these, failed
  DayCheck verified = DayCheck::none;

  bool operator==(const DayTally&) const = default;
};

/// Records read within ten seconds that begin at `at`: what rates and time left are made of.
struct RateSample {
  static constexpr std::int64_t seconds = 10;

  Instant at;
  std::uint64_t read = 0;

  bool operator==(const RateSample&) const = default;
};

struct ParkedShard {
  ShardKey key;
  std::string reason;
  Instant retry_at;
};

/// Where a live feed stands.
struct Feed {
  std::string name;
  Checkpoint cursor;
  Instant changed_at;
  std::optional<Instant> up_to_date_at = std::nullopt; ///< as of FeedCommit; nothing before the first time
};

/// The events of one row that wait to be looked at.
struct Waiting {
  std::uint64_t records = 0;     ///< inbox entries: events of one record are joined
  std::optional<Instant> oldest; ///< when the first of the one that waits longest came

  bool operator==(const Waiting&) const = default;
};

/// One stage of one row.
struct StageSnapshot {
  std::string row;
  std::string stage;
  std::optional<Plan> plan;        ///< history only
  Counts counts;                   ///< over everything this stage ever did
  std::vector<DayTally> days;      ///< begun ones, newest first
  std::vector<ParkedShard> parked; ///< newest first, at most `Ledger::parked_limit`
  std::uint64_t open_shards = 0;
  std::uint64_t restarts = 0;
  std::vector<RateSample> rates; ///< oldest first, the last 24 hours at most
  std::vector<Feed> feeds;
  std::optional<Instant> changed_at; ///< last commit
  std::optional<Instant> carried_at; ///< last commit of an outcome
};

/// How many exceptions have one cause.
struct CauseCount {
  std::string row;
  std::string stage;
  std::string cause; ///< `problem.member`
  int http_status = 0;
  ExceptionState state = ExceptionState::open;
  std::uint64_t count = 0;
};

/// How many records of a stage wait for one API, and why: what time may cure (decisions.md).
struct HeldCount {
  std::string row;
  std::string stage;
  std::string api; ///< `dialogporten`
  std::string why; ///< a code: http::Verdict::Reason
  std::uint64_t records = 0;
  Instant since; ///< when the first of them was deferred
  Instant due;   ///< when the next of them is tried again

  bool operator==(const HeldCount&) const = default;
};

/// One line of the changelog: how far a stage came on one UTC day.
struct Change {
  std::string row;
  std::string stage;
  Instant at;                          ///< of the last move on that day
  std::optional<Day> migrated_back_to; ///< after it; nothing where it was undone
  std::optional<Day> before;           ///< before that day's first move
  std::uint64_t exceptions = 0;        ///< parked days from there to the cut-over
};

/// What an operator wants readers to know.
struct Note {
  std::int64_t id = 0;
  Instant at;
  std::string who;
  std::map<std::string, std::string> text; ///< by language, `nb`, `en`
};

/// Everything the status page shows, read in one transaction.
struct Snapshot {
  std::string environment;
  Instant created_at;                   ///< of the ledger
  std::vector<StageSnapshot> stages;    ///< those that have begun or have a plan
  std::map<std::string, Waiting> inbox; ///< by row; those in which something waits
  std::vector<CauseCount> causes;
  std::vector<HeldCount> held;       ///< most records first
  std::vector<Change> changelog;     ///< newest first, at most `Ledger::changelog_limit`
  std::vector<JournalEntry> journal; ///< newest first, at most `Ledger::changelog_limit`
  std::vector<Setting> settings;     ///< by name
  std::vector<Note> notes;           ///< newest first
  std::vector<GoalConfig> goals;     ///< as given
  std::vector<EngineEntry> engines;  ///< those at work, then those that left lately; none in a file
};

/// What became of the records of a row, each once: what its last stage counted, and what got no further in
/// one before it.
Counts counts_of(const Snapshot& snapshot, std::string_view row);

/// The last stage of a row, which is what readers find in Dialogporten; null where none has begun.
const StageSnapshot* last_stage(const Snapshot& snapshot, std::string_view row);

/// How many records of a row wait for somebody.
std::uint64_t held_records(const Snapshot& snapshot, std::string_view row);

/// What the records of a row that wait for somebody wait for: the API most of them name, all of them counted.
/// Nothing where none waits. `whole`: there are so many that the row reads no further.
std::optional<Wait> wait_of_held(const Snapshot& snapshot, std::string_view row, bool whole);

/// How many records of a row are exceptions that are still to be resolved.
std::uint64_t unresolved_exceptions(const Snapshot& snapshot, std::string_view row);

} // namespace dialogferry::ledger
