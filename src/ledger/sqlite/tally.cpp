#include "tally.hpp"

#include "../progress.hpp"
#include "sqlite_ledger.hpp"

namespace dialogferry::ledger::sqlite {

namespace {

constexpr std::int64_t rate_period = RateSample::seconds * Instant::per_second;

Counts read_counts(const Query& row, int first) {
  Counts counts;
  for (auto& count : counts.of)
    count = row.number(first++);
  return counts;
}

} // namespace

DayState day_state(std::uint64_t started, std::uint64_t open, std::uint64_t parked,
                   std::uint64_t organisations) {
  if (started == 0) return DayState::waiting;
  if (open > 0 || started < organisations) return DayState::running;
  return parked > 0 ? DayState::parked : DayState::complete;
}

// -- collecting -------------------------------------------------------------------

void Tally::add_state(DayChange& change, ShardState state, std::int64_t by) {
  switch (state) {
  case ShardState::open: change.open += by; break;
  case ShardState::complete: change.complete += by; break;
  case ShardState::parked: change.parked += by; break;
  }
}

bool Tally::planned(std::int64_t stage, std::int64_t organisation) {
  return db_.value("SELECT 1 FROM planned WHERE stage = ? AND organisation = ?", stage, organisation)
      .has_value();
}

void Tally::begun(std::int64_t stage, std::int64_t organisation, const Shard& shard) {
  stages_[stage].moved.insert(shard.key.day);
  if (!planned(stage, organisation)) return;
  auto& day = days_[{stage, shard.key.day}];
  if (shard.key.part == 0) day.started += 1;
  add_state(day, shard.state, 1);
}

void Tally::changed(std::int64_t stage, std::int64_t organisation, const Shard& before, const Shard& after) {
  auto& sums = stages_[stage];
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (after.counts.of[i] >= before.counts.of[i])
      sums.added.of[i] += after.counts.of[i] - before.counts.of[i];
    else
      sums.taken_back.of[i] += before.counts.of[i] - after.counts.of[i];
  }
  sums.restarts += std::int64_t{after.restarts} - std::int64_t{before.restarts};
  if (before.state != after.state) sums.moved.insert(after.key.day);
  if (!planned(stage, organisation)) return;
  auto& day = days_[{stage, after.key.day}];
  add_state(day, before.state, -1);
  add_state(day, after.state, 1);
  day.read += static_cast<std::int64_t>(after.counts.read() - before.counts.read());
  day.failed += static_cast<std::int64_t>(after.counts[Outcome::failed] - before.counts[Outcome::failed]);
}

void Tally::gone(std::int64_t stage, std::int64_t organisation, const Shard& shard) {
  auto& sums = stages_[stage];
  sums.taken_back += shard.counts;
  sums.restarts -= shard.restarts;
  sums.moved.insert(shard.key.day);
  if (!planned(stage, organisation)) return;
  auto& day = days_[{stage, shard.key.day}];
  if (shard.key.part == 0) day.started -= 1;
  add_state(day, shard.state, -1);
  day.read -= static_cast<std::int64_t>(shard.counts.read());
  day.failed -= static_cast<std::int64_t>(shard.counts[Outcome::failed]);
}

void Tally::counted(std::int64_t stage, const Counts& added, const Counts& taken_back) {
  auto& sums = stages_[stage];
  sums.added += added;
  sums.taken_back += taken_back;
}

// -- writing ----------------------------------------------------------------------

void Tally::write() {
  for (const auto& [key, change] : days_)
    write_day(key.first, key.second, change);
  for (const auto& [stage, change] : stages_) {
    write_stage(stage, change);
    write_rate(stage, change);
    for (const auto day : change.moved) // what was compared is not what is there
      db_.change("DELETE FROM verification WHERE row = (SELECT row FROM stage WHERE id = ?) AND day = ?",
                 stage, day);
    if (!change.moved.empty()) move_watermark(db_, stage, change.moved, false, now_);
  }
}

void Tally::write_day(std::int64_t stage, Day day, const DayChange& change) {
  db_.change(
      "INSERT INTO day (stage, day, started, open, complete, parked, read, failed) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET started = started + excluded.started, "
      "open = open + excluded.open, complete = complete + excluded.complete, "
      "parked = parked + excluded.parked, read = read + excluded.read, failed = failed + excluded.failed",
      stage, day, change.started, change.open, change.complete, change.parked, change.read, change.failed);
  if (change.started < 0)
    db_.change("DELETE FROM day WHERE stage = ? AND day = ? AND open + complete + parked = 0", stage, day);
  if (change.parked < 0 && change.started == 0) note_recovery(stage, day);
}

/// Notes a day whose last parked shard is complete.
void Tally::note_recovery(std::int64_t stage, Day day) {
  auto row =
      db_.query("SELECT row, stage.stage FROM day JOIN stage ON stage.id = day.stage WHERE day.stage = ? "
                "AND day.day = ? AND open + parked = 0 AND started = organisations",
                stage, day);
  if (!row.step()) return;
  JournalEntry entry;
  entry.at = now_;
  entry.kind = JournalKind::day_recovered;
  entry.row = row.string(0);
  entry.stage = row.string(1);
  entry.day = day;
  add_to_journal(db_, entry);
}

void Tally::write_stage(std::int64_t stage, const StageChange& change) {
  Counts counts;
  {
    auto row = db_.query("SELECT created, updated, unchanged, restored, deleted, purged, excluded, deferred, "
                         "failed FROM stage WHERE id = ?",
                         stage);
    if (row.step()) counts = read_counts(row, 0);
  }
  if (!add_counts(counts, change.added, change.taken_back))
    throw Refusal{{"ledger", "more records would be taken back than were counted", ""}};
  const auto& of = counts.of;
  db_.change(
      "UPDATE stage SET created = ?, updated = ?, unchanged = ?, restored = ?, deleted = ?, purged = ?, "
      "excluded = ?, deferred = ?, failed = ?, restarts = restarts + ?, changed_at = ?, "
      "carried_at = CASE WHEN ? > 0 THEN ? ELSE carried_at END WHERE id = ?",
      of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], of[8], change.restarts, now_,
      change.added.read(), now_, stage);
}

void Tally::write_rate(std::int64_t stage, const StageChange& change) {
  const auto added = change.added.read();
  const auto back = change.taken_back.read();
  if (added <= back) return;
  const Instant at{now_.ticks - now_.ticks % rate_period};
  const auto known =
      db_.change("UPDATE rate SET read = read + ? WHERE stage = ? AND at = ?", added - back, stage, at);
  if (known != 0) return;
  db_.change("INSERT INTO rate (stage, at, read) VALUES (?, ?, ?)", stage, at, added - back);
  db_.change("DELETE FROM rate WHERE stage = ? AND at < ?", stage, at.ticks - Instant::per_day);
}

void rebuild_days(Database& db, std::int64_t stage) {
  db.change("DELETE FROM day WHERE stage = ?", stage);
  db.change(
      "INSERT INTO day (stage, day, started, open, complete, parked, read, failed) "
      "SELECT stage, day, sum(part = 0), sum(state = 0), sum(state = 1), sum(state = 2), "
      "sum(created + updated + unchanged + restored + deleted + purged + excluded + deferred + failed), "
      "sum(failed) FROM shard WHERE stage = ?1 AND organisation IN "
      "(SELECT organisation FROM planned WHERE stage = ?1) GROUP BY day ORDER BY day DESC",
      stage);
}

// -- watermark --------------------------------------------------------------------

namespace {

constexpr std::int32_t chunk = 64;

struct Course {
  Day from;
  Day cutover;
  std::uint64_t organisations = 0;
  std::optional<Day> mark;
  std::int64_t exceptions = 0;
};

std::optional<Course> read_course(Database& db, std::int64_t stage) {
  auto row =
      db.query("SELECT plan_from, cutover, organisations, watermark, exceptions FROM stage WHERE id = ? "
               "AND plan_from IS NOT NULL",
               stage);
  if (!row.step()) return std::nullopt;
  Course course{row.day(0), row.day(1), row.number(2), std::nullopt, row.integer(4)};
  if (!row.null(3)) course.mark = row.day(3);
  return course;
}

std::vector<DayMark> marks_below(Database& db, std::int64_t stage, Day newest, std::uint64_t organisations) {
  auto row = db.query("SELECT day, started, open, parked FROM day WHERE stage = ? AND day <= ? "
                      "ORDER BY day DESC LIMIT ?",
                      stage, newest, chunk);
  std::vector<DayMark> marks;
  while (row.step())
    marks.push_back({row.day(0), day_state(row.number(1), row.number(2), row.number(3), organisations)});
  return marks;
}

bool undone(Database& db, std::int64_t stage, const Course& course, const std::set<Day>& moved) {
  if (!course.mark) return false;
  for (auto day = moved.lower_bound(*course.mark); day != moved.end() && *day <= course.cutover; ++day) {
    const auto marks = marks_below(db, stage, *day, course.organisations);
    if (!watermark(*day, *day, marks).migrated_back_to) return true;
  }
  return false;
}

std::optional<Day> walk(Database& db, std::int64_t stage, const Course& course, std::optional<Day> mark) {
  while (true) {
    const Day newest = mark ? mark->previous() : course.cutover;
    const auto marks = marks_below(db, stage, newest, course.organisations);
    const auto reached = watermark(course.from, newest, marks).migrated_back_to;
    if (!reached) return mark;
    mark = reached;
    if (newest.number - reached->number + 1 < chunk) return mark;
  }
}

std::int64_t count_parked(Database& db, std::int64_t stage, Day from, Day cutover) {
  return db
      .value("SELECT count(*) FROM day WHERE stage = ? AND parked > 0 AND day BETWEEN ? AND ?", stage, from,
             cutover)
      .value_or(0);
}

} // namespace

void move_watermark(Database& db, std::int64_t stage, const std::set<Day>& moved, bool anew, Instant now) {
  const auto course = read_course(db, stage);
  if (!course) return;
  const bool restart = anew || undone(db, stage, *course, moved);
  const auto mark = walk(db, stage, *course, restart ? std::nullopt : course->mark);
  const auto exceptions = mark ? count_parked(db, stage, *mark, course->cutover) : 0;
  if (mark == course->mark && exceptions == course->exceptions) return;
  db.change("UPDATE stage SET watermark = ?, exceptions = ? WHERE id = ?", mark, exceptions, stage);
  db.change(
      "INSERT INTO change (on_day, stage, at, before, after, exceptions) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET at = excluded.at, after = excluded.after, exceptions = excluded.exceptions",
      day_of(now), stage, now, course->mark, mark, exceptions);
}

} // namespace dialogferry::ledger::sqlite
