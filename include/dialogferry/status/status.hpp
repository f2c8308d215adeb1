#pragma once

#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/progress_snapshot.hpp>
#include <dialogferry/status/eta.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::status {

enum class RowState : std::uint8_t {
  ok,
  warning, ///< parked days, exceptions that need somebody, or a live row that lags
  paused,  ///< by an operator (`RowStatus::paused`), or held up by something outside (`RowStatus::wait`)
  off,     ///< not configured
};

/// `ok`, `warning`, `paused`, `off`
std::string_view name_of(RowState state);

/// Numbers of days. complete + parked is never more than planned.
struct DayNumbers {
  std::uint64_t planned = 0;
  std::uint64_t complete = 0;
  std::uint64_t parked = 0;
  std::uint64_t running = 0;
  std::uint64_t verified = 0; ///< of the complete ones: compared with the target, and the same

  bool operator==(const DayNumbers&) const = default;
};

/// Records that were looked at and must wait.
struct DeferredShare {
  std::string api; ///< for whom; empty: for the source, which has not got all of them yet
  std::string why; ///< a code: http::Verdict::Reason, or `import`
  std::uint64_t records = 0;
  std::optional<Instant> until; ///< when the next of them is tried again

  bool operator==(const DeferredShare&) const = default;
};

/// One source.
struct RowStatus {
  std::string id;
  bool history = false; ///< goes by days; otherwise live
  RowState state = RowState::off;
  /// By whom and since when an operator keeps it from going on; without them where the configuration does.
  std::optional<ledger::Setting> paused;
  std::optional<Wait> wait;               ///< what it waits for, all of it or in part
  std::vector<DeferredShare> deferred;    ///< most records first
  std::vector<std::string> organisations; ///< whom it speaks of where that is not all; otherwise empty
  std::optional<Day> from;                ///< history: the planned range
  std::optional<Day> cutover;
  std::optional<Day> migrated_back_to;
  /// Of messages: how far back they are in Altinn 3 Correspondence, from where the second hop takes them.
  std::optional<Day> first_hop_back_to;
  /// Of direct writes: when the newest one was made that a search shows, and whether searching was refused.
  std::optional<Instant> newest_direct;
  bool cannot_look = false;
  std::vector<Day> exceptions; ///< parked days from there to the cut-over, newest first
  std::vector<ledger::ParkedShard> parked;
  /// Planned and begun, newest first; of two stages, each as far as the one that is less far.
  std::vector<ledger::DayTally> days;
  DayNumbers numbers;
  /// Live: how far it is behind the newest change known; nothing before it has begun.
  std::optional<double> live_lag_seconds;
  std::uint64_t waiting = 0;              ///< live: records whose events wait to be looked at
  std::optional<Instant> last_carried_at; ///< when the last record came to an outcome
  Counts counts;
  std::uint64_t open_exceptions = 0;  ///< records that need somebody
  std::uint64_t days_that_differ = 0; ///< were compared with the target, and are not the same
  std::uint64_t parked_days = 0;      ///< of either stage, within the watermark or not
  std::uint64_t days_in_need = 0;     ///< parked days, less those of which only some records wait
  double rate = 0;                    ///< records/s
  std::optional<Eta> eta;             ///< nothing: done, not moving, or too early to tell
  std::uint64_t restarts = 0;
  std::uint64_t in_flight = 0;           ///< records, of a running engine
  std::optional<Day> comparing;          ///< by a running engine: the day under way
  std::vector<NotCompared> not_compared; ///< by a running engine: newest first, a few

  /// Every planned day is complete or parked: nothing is left that goes on by itself, exceptions but.
  bool done() const {
    return history && numbers.planned > 0 && numbers.complete + numbers.parked == numbers.planned;
  }
  /// Something can be said of it: days that are migrated back to, a delay that is known.
  bool has_claim() const {
    if (state == RowState::off) return false;
    return history ? migrated_back_to.has_value() : id == "dialog-services" || live_lag_seconds.has_value();
  }
  /// Records that are not carried and need nobody: they are tried again by themselves.
  std::uint64_t deferred_records() const;
  /// Days are left, records come, and it is too early to tell when it ends.
  bool estimating() const { return history && !done() && !eta && rate > 0; }
};

enum class GoalState : std::uint8_t {
  reached,
  on_track, ///< the whole range of the time left ends before the deadline
  at_risk,  ///< part of it does
  late,     ///< none of it does, or the deadline has passed
  unknown,  ///< too early to tell
};

/// `reached`, `on_track`, `at_risk`, `late`, `unknown`
std::string_view name_of(GoalState state);

struct GoalStatus {
  GoalConfig goal;
  GoalState state = GoalState::unknown;
  std::optional<Eta> eta;
  std::uint64_t days = 0;              ///< of its rows, from `goal.from` on
  std::uint64_t done = 0;              ///< of these, complete
  std::uint64_t exceptions = 0;        ///< of these, parked
  std::vector<std::string> rows_short; ///< that are not planned as far back, or off: it cannot be reached
};

/// One line of the changelog: a code and values, for each language to word.
struct LogLine {
  enum class Kind : std::uint8_t {
    begun,    ///< the first day is carried
    month,    ///< the watermark has passed the first day of a month
    finished, ///< the watermark has reached the end of the plan
    undone,   ///< days were opened again
    paused,
    resumed,
    setting,
    goal_reached,
    recovered,    ///< `days` have left the exceptions
    verified,     ///< `days` were compared, and are the same
    differs,      ///< `days` were compared, and are not
    engine_ended, ///< `subject`, by another one; `value` says why (ledger::EngineEntry::left_why)
  };

  Instant at;
  Kind kind = Kind::begun;
  std::string row = {};                     ///< empty where it is no row's
  std::string stage = {};                   ///< likewise
  std::optional<Day> migrated_back_to = {}; ///< of a watermark's move
  std::optional<Day> before = {};
  std::uint64_t exceptions = 0; ///< of a watermark's move: parked days; differs: records
  std::vector<Day> days = {};   ///< newest first
  std::string who = {};         ///< an operator
  std::string subject = {};     ///< a setting's name, or a goal's in English
  std::string value = {};       ///< a setting's; of an engine

  bool operator==(const LogLine&) const = default;
};

/// `begun`, `month`, `finished`, `undone`, `paused`, …
std::string_view name_of(LogLine::Kind kind);

/// Records read by all rows that are on, in equal spans up to now; the last one is not over.
struct Throughput {
  static constexpr std::int64_t step = 600; ///< seconds

  Instant from;                       ///< where the first span begins, a multiple of `step`
  std::vector<std::uint64_t> records; ///< a number a span

  bool operator==(const Throughput&) const = default;
};

/// Everything the status page shows; every form of it is made from one of these.
struct StatusModel {
  Instant as_of;
  std::string environment;
  bool engine_runs = false;    ///< an engine has handed in its live part
  bool draining = false;       ///< the engine ends once what is in flight is done
  std::vector<RowStatus> rows; ///< in the order of row_ids
  std::vector<GoalStatus> goals;
  std::vector<ledger::CauseCount> causes; ///< that need somebody, most frequent first
  std::vector<LogLine> changelog;         ///< newest first
  std::vector<ledger::Note> notes;        ///< newest first
  Throughput throughput;
  std::optional<Instant> changed_at;        ///< when the ledger was last written to
  std::vector<ApiProgress> apis;            ///< of a running engine
  std::optional<EventsProgress> events;     ///< of a running engine that takes events
  std::vector<ledger::EngineEntry> engines; ///< that share the ledger, also some that have left

  /// Every row that is on waits as a whole, and not because somebody wants it to: nothing can be carried.
  bool stands_still() const;
  /// Null for an id that is none.
  const RowStatus* row(std::string_view id) const;
};

/// Whether a day is parked for no other reason than that some of its records wait ("3 deferred"): nobody is
/// needed.
bool waits_only(std::string_view reason);

/// Works out what there is to show at `now`: the ledger's snapshot for every number, `config` for which rows
/// are on and what they set out to carry before the ledger knows, `live` from a running engine or null.
StatusModel make_status(const ledger::Snapshot& snapshot, const Config& config, const ProgressSnapshot* live,
                        Instant now);

} // namespace dialogferry::status
