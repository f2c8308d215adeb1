#include <dialogferry/status/status.hpp>

#include <algorithm>
#include <set>

namespace dialogferry::status {

namespace {

bool is_history(std::string_view id) {
  return id.ends_with("-historic");
}

const RowProgress* live_row(const ProgressSnapshot* live, std::string_view id) {
  if (live == nullptr) return nullptr;
  const auto found = std::find_if(live->rows.begin(), live->rows.end(),
                                  [id](const RowProgress& row) { return row.id == id; });
  return found == live->rows.end() ? nullptr : &*found;
}

// -- history ----------------------------------------------------------------------

/// A day that is not over is not complete, whatever was read of it (observed.md OR-1).
DayState true_state(const ledger::DayTally& day, Instant now) {
  return day.state == DayState::complete && day.day.end() > now ? DayState::running : day.state;
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
  }
  auto reached = watermark(*row.from, *row.cutover, marks);
  row.migrated_back_to = reached.migrated_back_to;
  row.exceptions = std::move(reached.exceptions);
}

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

std::optional<Eta> estimate_down_to(const RowStatus& row, std::span<const ledger::RateSample> rates,
                                    Day oldest, Instant now) {
  const auto records = remaining(row, oldest);
  return records ? estimate(*records, rates, now) : std::nullopt;
}

void fill_history(RowStatus& row, const ledger::StageSnapshot* stage, const RowConfig& config, Instant now) {
  const bool planned = stage != nullptr && stage->plan;
  row.from = planned ? stage->plan->from : config.from;
  row.cutover = planned ? stage->plan->cutover : config.cutover;
  if (*row.cutover < *row.from) return;
  if (stage != nullptr) {
    row.parked = stage->parked;
    std::copy_if(stage->days.begin(), stage->days.end(), std::back_inserter(row.days),
                 [&](const auto& day) { return day.day >= *row.from && day.day <= *row.cutover; });
    for (auto& day : row.days)
      day.state = true_state(day, now);
  }
  count_days(row);
  if (stage != nullptr && !row.done()) row.eta = estimate_down_to(row, stage->rates, *row.from, now);
}

/// Of the first of two stages: by its own days, whatever the second has done of them.
std::optional<Day> first_hop(const ledger::Snapshot& snapshot, std::string_view row, Instant now) {
  const auto* last = ledger::last_stage(snapshot, row);
  for (const auto& stage : snapshot.stages) {
    if (stage.row != row || &stage == last || !stage.plan) continue;
    std::vector<DayMark> marks;
    for (const auto& day : stage.days)
      marks.push_back({day.day, true_state(day, now)});
    return watermark(stage.plan->from, stage.plan->cutover, marks).migrated_back_to;
  }
  return std::nullopt;
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

/// Behind by more than this, a live row wants a look: a minute, or three times the pause between readings.
double late_after(const RowStatus& row, const RowConfig& config) {
  const auto pause = row.id == "a3-app-instances-live" ? config.poll : config.interval;
  return std::max(60.0, 3 * std::chrono::duration<double>(pause).count());
}

/// A part that waits is told of, but does not hide what needs somebody.
RowState state_of(const RowStatus& row, const RowConfig& config) {
  if (row.wait && row.wait->whole) return RowState::paused;
  const bool late = row.live_lag_seconds && *row.live_lag_seconds > late_after(row, config);
  if (row.days_in_need > 0 || row.open_exceptions > 0) return RowState::warning;
  if (row.wait) return RowState::paused;
  return row.numbers.parked > 0 || !row.parked.empty() || late ? RowState::warning : RowState::ok;
}

/// Days that are parked for another reason than that some of their records wait.
std::uint64_t days_in_need(const RowStatus& row) {
  std::set<Day> waiting, others;
  for (const auto& shard : row.parked)
    (waits_only(shard.reason) ? waiting : others).insert(shard.key.day);
  for (const auto day : others)
    waiting.erase(day);
  const auto parked = std::max<std::uint64_t>(row.numbers.parked, others.size() + waiting.size());
  return parked - waiting.size();
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

RowStatus row_status(std::string_view id, const ledger::Snapshot& snapshot, const RowConfig& config,
                     const ProgressSnapshot* live, Instant now) {
  RowStatus row;
  row.id = id;
  row.history = is_history(id);
  const auto* stage = ledger::last_stage(snapshot, id);
  const auto* progress = live_row(live, id);
  if (stage != nullptr) {
    row.counts = ledger::counts_of(snapshot, id);
    row.restarts = stage->restarts;
    row.last_carried_at = stage->carried_at;
    row.rate = current_rate(stage->rates, now);
  }
  row.open_exceptions = unresolved_exceptions(snapshot, id);
  if (!config.enabled) return row;
  if (row.history)
    fill_history(row, stage, config, now);
  else
    fill_live(row, snapshot, stage, progress, now);
  if (row.history) row.first_hop_back_to = first_hop(snapshot, id, now);
  if (id == "dialog-services") fill_watched(row, stage);
  row.organisations = config.organisations;
  row.days_in_need = days_in_need(row);
  fill_deferred(row, snapshot);
  row.wait =
      worse(progress != nullptr ? progress->wait : std::nullopt, ledger::wait_of_held(snapshot, id, false));
  row.state = state_of(row, config);
  return row;
}

// -- goals --------------------------------------------------------------------------

const RowStatus* find_row(const StatusModel& model, std::string_view id) {
  const auto found =
      std::find_if(model.rows.begin(), model.rows.end(), [id](const RowStatus& row) { return row.id == id; });
  return found == model.rows.end() ? nullptr : &*found;
}

GoalState goal_state(const std::optional<Eta>& eta, Day deadline, Instant now) {
  if (now >= deadline.end()) return GoalState::late;
  if (!eta) return GoalState::unknown;
  if (eta->to < deadline.end()) return GoalState::on_track;
  return eta->from < deadline.end() ? GoalState::at_risk : GoalState::late;
}

GoalStatus goal_status(const GoalConfig& goal, const StatusModel& model, const ledger::Snapshot& snapshot) {
  GoalStatus status{goal, GoalState::reached, std::nullopt};
  bool told = true;
  for (const auto& id : goal.rows) {
    const auto* row = find_row(model, id);
    const bool known = row != nullptr && row->from;
    const Day oldest = known ? std::max(goal.from, *row->from) : goal.from;
    if (known && row->migrated_back_to && *row->migrated_back_to <= oldest) continue;
    status.state = GoalState::unknown;
    const auto* stage = known ? ledger::last_stage(snapshot, id) : nullptr;
    const auto eta =
        stage != nullptr ? estimate_down_to(*row, stage->rates, oldest, model.as_of) : std::nullopt;
    told = told && eta;
    if (!eta) continue;
    status.eta =
        status.eta ? Eta{std::max(status.eta->from, eta->from), std::max(status.eta->to, eta->to)} : *eta;
  }
  if (!told) status.eta.reset();
  if (status.state != GoalState::reached) status.state = goal_state(status.eta, goal.deadline, model.as_of);
  return status;
}

} // namespace

bool waits_only(std::string_view reason) {
  const auto words = reason.find_first_not_of("0123456789");
  if (words == 0 || words == std::string_view::npos) return false;
  return reason.substr(words) == " deferred" || reason.substr(words) == " not complete at the source yet";
}

bool StatusModel::stands_still() const {
  bool any = false;
  for (const auto& row : rows) {
    if (row.state == RowState::off) continue;
    if (!row.wait || !row.wait->whole) return false;
    any = true;
  }
  return any;
}

std::string_view name_of(RowState state) {
  switch (state) {
  case RowState::ok: return "ok";
  case RowState::warning: return "warning";
  case RowState::paused: return "paused";
  case RowState::off: return "off";
  }
  return "off";
}

std::string_view name_of(GoalState state) {
  switch (state) {
  case GoalState::reached: return "reached";
  case GoalState::on_track: return "on_track";
  case GoalState::at_risk: return "at_risk";
  case GoalState::late: return "late";
  case GoalState::unknown: return "unknown";
  }
  return "unknown";
}

StatusModel make_status(const ledger::Snapshot& snapshot, const Config& config, const ProgressSnapshot* live,
                        Instant now) {
  StatusModel model;
  model.as_of = now;
  model.environment =
      snapshot.environment.empty() ? std::string(name_of(config.environment)) : snapshot.environment;
  model.engine_runs = live != nullptr;
  for (const auto id : row_ids)
    model.rows.push_back(row_status(id, snapshot, config.rows.find(id)->second, live, now));
  for (const auto& goal : snapshot.goals.empty() ? config.goals : snapshot.goals)
    model.goals.push_back(goal_status(goal, model, snapshot));
  std::copy_if(snapshot.causes.begin(), snapshot.causes.end(), std::back_inserter(model.causes),
               [](const auto& cause) { return is_unresolved(cause.state); });
  model.changelog = snapshot.changelog;
  model.notes = snapshot.notes;
  if (live != nullptr) {
    model.apis = live->apis;
    model.events = live->events;
    model.draining = live->draining;
  }
  return model;
}

} // namespace dialogferry::status
