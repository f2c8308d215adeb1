#include "row_status.hpp"

#include <algorithm>
#include <set>

namespace dialogferry::status {

namespace {

using ledger::DayTally;

const RowProgress* live_row(const ProgressSnapshot* live, std::string_view id) {
  if (live == nullptr) return nullptr;
  const auto found = std::find_if(live->rows.begin(), live->rows.end(),
                                  [id](const RowProgress& row) { return row.id == id; });
  return found == live->rows.end() ? nullptr : &*found;
}

// -- days -------------------------------------------------------------------------

/// A day that is not over is not complete, whatever was read of it (observed.md OR-1).
DayState true_state(const DayTally& day, Instant now) {
  const bool done = day.state == DayState::complete || day.state == DayState::parked;
  return done && day.day.end() > now ? DayState::running : day.state;
}

/// A day of the last hop is no further than the hop before it: what that one has not taken yet, or could not,
/// is not in Dialogporten.
void hold_back(DayTally& day, const DayTally* before) {
  const auto state = before == nullptr ? DayState::running : before->state;
  if (before != nullptr) {
    day.read += before->failed;
    day.failed += before->failed;
  }
  if (state == DayState::waiting || state == DayState::running) {
    if (day.state != DayState::waiting) day.state = DayState::running;
  } else if (state == DayState::parked && day.state == DayState::complete) {
    day.state = DayState::parked;
  }
}

/// Both lists are newest first.
void hold_back(std::vector<DayTally>& days, const std::vector<DayTally>& before) {
  auto at = before.begin();
  for (auto& day : days) {
    while (at != before.end() && at->day > day.day)
      ++at;
    hold_back(day, at != before.end() && at->day == day.day ? &*at : nullptr);
  }
}

std::vector<DayTally> days_of(const RowStages& stages, Day from, Day cutover, Instant now) {
  std::vector<DayTally> days;
  std::copy_if(stages.last->days.begin(), stages.last->days.end(), std::back_inserter(days),
               [&](const auto& day) { return day.day >= from && day.day <= cutover; });
  if (stages.before != nullptr) hold_back(days, stages.before->days);
  for (auto& day : days) {
    day.state = true_state(day, now);
    if (day.state != DayState::complete) day.verified = ledger::DayCheck::none;
  }
  return days;
}

void count_days(RowStatus& row) {
  row.numbers.planned = static_cast<std::uint64_t>(row.cutover->number - row.from->number) + 1;
  std::vector<DayMark> marks;
  marks.reserve(row.days.size());
  for (const auto& day : row.days) {
    marks.push_back({day.day, day.state});
    row.numbers.complete += day.state == DayState::complete ? 1 : 0;
    row.numbers.parked += day.state == DayState::parked ? 1 : 0;
    row.numbers.running += day.state == DayState::running ? 1 : 0;
    row.numbers.verified += day.verified == ledger::DayCheck::clean ? 1 : 0;
    row.days_that_differ += day.verified == ledger::DayCheck::differs ? 1 : 0;
  }
  auto reached = watermark(*row.from, *row.cutover, marks);
  row.migrated_back_to = reached.migrated_back_to;
  row.exceptions = std::move(reached.exceptions);
}

// -- history ----------------------------------------------------------------------

/// Records probably left down to `oldest`: days not done, each as large as the done ones are on average.
std::optional<double> remaining(const RowStatus& row, Day oldest) {
  double done_days = 0, done_records = 0, begun_records = 0, done_in_range = 0;
  for (const auto& day : row.days) {
    const bool done = day.state == DayState::complete || day.state == DayState::parked;
    const bool in_range = day.day >= oldest;
    done_days += done ? 1 : 0;
    done_records += done ? static_cast<double>(day.read) : 0;
    done_in_range += done && in_range ? 1 : 0;
    begun_records += !done && in_range ? static_cast<double>(day.read) : 0;
  }
  if (done_days == 0) return std::nullopt;
  const double left = static_cast<double>(row.cutover->number - oldest.number + 1) - done_in_range;
  if (left <= 0) return 0;
  // What is begun may hold more than an average day, but is never less than nothing from its end.
  return std::max(left * done_records / done_days - begun_records, 0.0);
}

/// How far the first of two stages has come by its own days.
std::optional<Day> first_hop(const RowStages& stages, Instant now) {
  if (stages.before == nullptr || !stages.before->plan) return std::nullopt;
  std::vector<DayMark> marks;
  for (const auto& day : stages.before->days)
    marks.push_back({day.day, true_state(day, now)});
  return watermark(stages.before->plan->from, stages.before->plan->cutover, marks).migrated_back_to;
}

void fill_history(RowStatus& row, const RowStages& stages, const RowConfig& config, Instant now) {
  const auto* planned = stages.last != nullptr && stages.last->plan ? stages.last : stages.before;
  const bool has_plan = planned != nullptr && planned->plan;
  row.from = has_plan ? planned->plan->from : config.from;
  row.cutover = has_plan ? planned->plan->cutover : config.cutover;
  row.first_hop_back_to = first_hop(stages, now);
  if (*row.cutover < *row.from) return;
  for (const auto* stage : {stages.last, stages.before})
    if (stage != nullptr) row.parked.insert(row.parked.end(), stage->parked.begin(), stage->parked.end());
  if (stages.last != nullptr) row.days = days_of(stages, *row.from, *row.cutover, now);
  count_days(row);
}

/// Days that are parked, and those of them for another reason than that some of their records wait.
void count_parked(RowStatus& row) {
  std::set<Day> waiting, others;
  for (const auto& shard : row.parked)
    (waits_only(shard.reason) ? waiting : others).insert(shard.key.day);
  for (const auto day : others)
    waiting.erase(day);
  row.parked_days = std::max<std::uint64_t>(row.numbers.parked, others.size() + waiting.size());
  row.days_in_need = row.parked_days - waiting.size();
}

// -- live ---------------------------------------------------------------------------

double seconds_since(Instant then, Instant now) {
  return std::max(static_cast<double>(now.ticks - then.ticks) / Instant::per_second, 0.0);
}

/// How far a live row is behind the newest change known. A running engine knows best; otherwise the ledger
/// tells: the event that waits longest, or the reading of a stream that was the longest ago.
std::optional<double> lag_of(const ledger::StageSnapshot* stage, const ledger::Waiting& waiting,
                             const RowProgress* live, Instant now) {
  if (live != nullptr && live->live_lag) return static_cast<double>(live->live_lag->count()) / 1000;
  auto oldest = waiting.oldest;
  if (stage != nullptr) {
    for (const auto& feed : stage->feeds) {
      if (feed.name.starts_with("reconcile/")) continue; // a pass is not late before the next one is due
      const auto known = std::max(feed.cursor.at, feed.up_to_date_at.value_or(feed.cursor.at));
      oldest = oldest ? std::min(*oldest, known) : known;
    }
  }
  return oldest ? std::optional(seconds_since(*oldest, now)) : std::nullopt;
}

void fill_live(RowStatus& row, const ledger::Snapshot& snapshot, const ledger::StageSnapshot* stage,
               const RowProgress* live, Instant now) {
  const auto found = snapshot.inbox.find(row.id);
  const auto waiting = found == snapshot.inbox.end() ? ledger::Waiting{} : found->second;
  row.waiting = waiting.records;
  row.live_lag_seconds = lag_of(stage, waiting, live, now);
}

/// What the watch over direct writes has noted.
void fill_watched(RowStatus& row, const ledger::StageSnapshot* stage) {
  std::optional<Instant> seen, refused;
  if (stage == nullptr) return;
  for (const auto& feed : stage->feeds) {
    if (feed.name == "refused") refused = feed.up_to_date_at;
    if (feed.name != "seen") continue;
    seen = feed.up_to_date_at;
    if (feed.cursor.at != Instant{}) row.newest_direct = feed.cursor.at;
  }
  row.cannot_look = refused && (!seen || *refused > *seen);
}

/// Behind by more than this, a live row wants a look: a minute, or three times the pause between readings.
double late_after(const RowStatus& row, const RowConfig& config) {
  const auto pause = row.id == "a3-app-instances-live" ? config.poll : config.interval;
  return std::max(60.0, 3 * std::chrono::duration<double>(pause).count());
}

// -- what holds it up ---------------------------------------------------------------

/// A part that waits is told of, but does not hide what needs somebody.
RowState state_of(const RowStatus& row, const RowConfig& config) {
  if (row.paused || (row.wait && row.wait->whole)) return RowState::paused;
  const bool late = row.live_lag_seconds && *row.live_lag_seconds > late_after(row, config);
  if (row.days_in_need > 0 || row.open_exceptions > 0 || row.days_that_differ > 0) return RowState::warning;
  if (row.wait) return RowState::paused;
  return row.numbers.parked > 0 || !row.parked.empty() || late ? RowState::warning : RowState::ok;
}

std::optional<ledger::Setting> pause_of(const ledger::Snapshot& snapshot, std::string_view row,
                                        const RowConfig& config) {
  const auto name = "rows." + std::string(row) + ".paused";
  for (const auto& setting : snapshot.settings)
    if (setting.name == name) return setting.value == "true" ? std::optional(setting) : std::nullopt;
  return config.paused ? std::optional(ledger::Setting{name, "true", {}, {}}) : std::nullopt;
}

/// What a running engine says, but that the row itself is paused, which `paused` tells.
std::optional<Wait> wait_of(const RowProgress* progress) {
  if (progress == nullptr || !progress->wait) return std::nullopt;
  const bool is_own_pause = progress->wait->code == WaitCode::by_operator && progress->wait->api.empty();
  return is_own_pause ? std::nullopt : progress->wait;
}

void fill_deferred(RowStatus& row, const ledger::Snapshot& snapshot) {
  std::uint64_t held = 0;
  for (const auto& one : snapshot.held) {
    if (one.row != row.id) continue;
    held += one.records;
    row.deferred.push_back({one.api, one.why, one.records, one.due});
  }
  const auto all = row.history ? row.counts[Outcome::deferred] : 0;
  if (all > held) row.deferred.push_back({{}, "import", all - held, std::nullopt});
}

/// Whom it speaks of: what is in force where a plan says so, for the configuration may have changed since.
std::vector<std::string> organisations_of(const RowStages& stages, const RowConfig& config) {
  if (config.organisations.empty() || stages.last == nullptr || !stages.last->plan)
    return config.organisations;
  return stages.last->plan->organisations;
}

/// What became of its records: of those that only the first of two hops has taken, nothing yet.
Counts counts_of(const ledger::Snapshot& snapshot, const RowStages& stages, std::string_view id) {
  if (stages.last != nullptr) return ledger::counts_of(snapshot, id);
  Counts counts;
  if (stages.before == nullptr) return counts;
  for (const auto outcome : {Outcome::excluded, Outcome::deferred, Outcome::failed})
    counts[outcome] = stages.before->counts[outcome];
  return counts;
}

} // namespace

RowStages stages_of(const ledger::Snapshot& snapshot, std::string_view row) {
  RowStages stages;
  for (const auto& stage : snapshot.stages) {
    if (stage.row != row) continue;
    (stage.stage == "migrate" ? stages.before : stages.last) = &stage;
  }
  return stages;
}

RowStatus row_status(std::string_view id, const ledger::Snapshot& snapshot, const RowConfig& config,
                     const ProgressSnapshot* live, Instant now) {
  RowStatus row;
  row.id = id;
  row.history = id.ends_with("-historic");
  const auto stages = stages_of(snapshot, id);
  const auto* progress = live_row(live, id);
  row.counts = counts_of(snapshot, stages, id);
  if (stages.last != nullptr) {
    row.restarts = stages.last->restarts;
    row.last_carried_at = stages.last->carried_at;
    row.rate = current_rate(stages.last->rates, now);
  }
  row.open_exceptions = ledger::unresolved_exceptions(snapshot, id);
  if (!config.enabled) return row;
  if (row.history)
    fill_history(row, stages, config, now);
  else
    fill_live(row, snapshot, stages.last, progress, now);
  if (id == "dialog-services") fill_watched(row, stages.last);
  row.organisations = organisations_of(stages, config);
  count_parked(row);
  fill_deferred(row, snapshot);
  row.paused = pause_of(snapshot, id, config);
  row.wait = worse(wait_of(progress), ledger::wait_of_held(snapshot, id, false));
  if (progress != nullptr) {
    row.in_flight = progress->in_flight;
    row.comparing = progress->comparing;
    row.not_compared = progress->not_compared;
  }
  row.state = state_of(row, config);
  if (row.history && !row.done() && row.from && *row.cutover >= *row.from)
    row.eta = estimate_down_to(row, snapshot, *row.from, now);
  return row;
}

std::optional<Eta> estimate_down_to(const RowStatus& row, const ledger::Snapshot& snapshot, Day oldest,
                                    Instant now) {
  const auto stages = stages_of(snapshot, row.id);
  if (stages.last == nullptr || row.paused) return std::nullopt;
  const auto records = remaining(row, oldest);
  return records ? estimate(*records, stages.last->rates, now) : std::nullopt;
}

} // namespace dialogferry::status
