#include "tally.hpp"

#include "../progress.hpp"
#include "sql_ledger.hpp"

namespace dialogferry::ledger::sql {

namespace {

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

Instant rate_period_of(Instant now) {
  constexpr auto period = RateSample::seconds * Instant::per_second;
  return {now.ticks - now.ticks % period};
}

Problem too_much_taken_back() {
  return {"ledger", "more records would be taken back than were counted", ""};
}

// -- collecting -------------------------------------------------------------------

void Tally::DayChange::add(ShardState state, std::int64_t by) {
  switch (state) {
  case ShardState::open: open += by; break;
  case ShardState::complete: complete += by; break;
  case ShardState::parked: parked += by; break;
  }
}

Tally::DayChange& Tally::DayChange::operator+=(const DayChange& more) {
  started += more.started;
  open += more.open;
  complete += more.complete;
  parked += more.parked;
  read += more.read;
  failed += more.failed;
  return *this;
}

void Tally::begun(std::int64_t stage, std::int64_t organisation, const Shard& shard) {
  stages_[stage].moved.insert(shard.key.day);
  auto& day = days_[{stage, shard.key.day, organisation}];
  if (shard.key.part == 0) day.started += 1;
  day.add(shard.state, 1);
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
  auto& day = days_[{stage, after.key.day, organisation}];
  day.add(before.state, -1);
  day.add(after.state, 1);
  day.read += static_cast<std::int64_t>(after.counts.read() - before.counts.read());
  day.failed += static_cast<std::int64_t>(after.counts[Outcome::failed] - before.counts[Outcome::failed]);
}

void Tally::gone(std::int64_t stage, std::int64_t organisation, const Shard& shard) {
  auto& sums = stages_[stage];
  sums.taken_back += shard.counts;
  sums.restarts -= shard.restarts;
  sums.moved.insert(shard.key.day);
  auto& day = days_[{stage, shard.key.day, organisation}];
  if (shard.key.part == 0) day.started -= 1;
  day.add(shard.state, -1);
  day.read -= static_cast<std::int64_t>(shard.counts.read());
  day.failed -= static_cast<std::int64_t>(shard.counts[Outcome::failed]);
}

void Tally::counted(std::int64_t stage, const Counts& added, const Counts& taken_back) {
  auto& sums = stages_[stage];
  sums.added += added;
  sums.taken_back += taken_back;
}

// -- writing ----------------------------------------------------------------------

namespace {

bool is_planned(Database& db, std::int64_t stage, std::int64_t organisation) {
  return db.value("SELECT 1 FROM planned WHERE stage = ? AND organisation = ?", stage, organisation)
      .has_value();
}

/// Notes a day whose last parked shard is complete.
void note_recovery(Database& db, std::int64_t stage, Day day, Instant now) {
  auto row =
      db.query("SELECT row, stage.stage FROM day JOIN stage ON stage.id = day.stage WHERE day.stage = ? "
               "AND day.day = ? AND open + parked = 0 AND started = organisations",
               stage, day);
  if (!row.step()) return;
  JournalEntry entry;
  entry.at = now;
  entry.kind = JournalKind::day_recovered;
  entry.row = row.string(0);
  entry.stage = row.string(1);
  entry.day = day;
  add_to_journal(db, entry);
}

void write_day(Database& db, std::int64_t stage, Day day, const Tally::DayChange& change, Instant now) {
  db.change("INSERT INTO day (stage, day, started, open, complete, parked, read, failed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stage, day) DO UPDATE SET "
            "started = day.started + excluded.started, open = day.open + excluded.open, "
            "complete = day.complete + excluded.complete, parked = day.parked + excluded.parked, "
            "read = day.read + excluded.read, failed = day.failed + excluded.failed",
            stage, day, change.started, change.open, change.complete, change.parked, change.read,
            change.failed);
  if (change.started < 0)
    db.change("DELETE FROM day WHERE stage = ? AND day = ? AND open + complete + parked = 0", stage, day);
  if (change.parked < 0 && change.started == 0) note_recovery(db, stage, day, now);
}

void write_stage(Database& db, std::int64_t stage, const Tally::StageChange& change, Instant now) {
  Counts counts;
  {
    auto row = db.query("SELECT created, updated, unchanged, restored, deleted, purged, excluded, deferred, "
                        "failed FROM stage WHERE id = ?",
                        stage);
    if (row.step()) counts = read_counts(row, 0);
  }
  if (!add_counts(counts, change.added, change.taken_back)) throw Refusal{too_much_taken_back()};
  const auto& of = counts.of;
  db.change(
      "UPDATE stage SET created = ?, updated = ?, unchanged = ?, restored = ?, deleted = ?, purged = ?, "
      "excluded = ?, deferred = ?, failed = ?, restarts = restarts + ?, changed_at = ?, "
      "carried_at = CASE WHEN ? > 0 THEN ? ELSE carried_at END WHERE id = ?",
      of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], of[8], change.restarts, now,
      change.added.read(), now, stage);
}

void write_rate(Database& db, std::int64_t stage, const Tally::StageChange& change, Instant now) {
  const auto added = change.added.read();
  const auto back = change.taken_back.read();
  if (added <= back) return;
  const auto at = rate_period_of(now);
  const auto known =
      db.change("UPDATE rate SET read = read + ? WHERE stage = ? AND at = ?", added - back, stage, at);
  if (known != 0) return;
  db.change("INSERT INTO rate (stage, at, read) VALUES (?, ?, ?)", stage, at, added - back);
  db.change("DELETE FROM rate WHERE stage = ? AND at < ?", stage, at.ticks - Instant::per_day);
}

} // namespace

void write(const Tally& tally, Database& db, Instant now) {
  std::map<std::pair<std::int64_t, Day>, Tally::DayChange> days;
  for (const auto& [key, change] : tally.days())
    if (is_planned(db, key.stage, key.organisation)) days[{key.stage, key.day}] += change;
  for (const auto& [key, change] : days)
    write_day(db, key.first, key.second, change, now);
  for (const auto& [stage, change] : tally.stages()) {
    write_stage(db, stage, change, now);
    write_rate(db, stage, change, now);
    for (const auto day : change.moved) // what was compared is not what is there
      db.change("DELETE FROM verification WHERE row = (SELECT row FROM stage WHERE id = ?) AND day = ?",
                stage, day);
    if (!change.moved.empty()) move_watermark(db, stage, change.moved, false, now);
  }
}

void rebuild_days(Database& db, std::int64_t stage) {
  db.change("DELETE FROM day WHERE stage = ?", stage);
  db.change(
      "INSERT INTO day (stage, day, started, open, complete, parked, read, failed) "
      "SELECT stage, day, count(*) FILTER (WHERE part = 0), count(*) FILTER (WHERE state = 0), "
      "count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), "
      "sum(created + updated + unchanged + restored + deleted + purged + excluded + deferred + failed), "
      "sum(failed) FROM shard WHERE stage = ?1 AND organisation IN "
      "(SELECT organisation FROM planned WHERE stage = ?1) GROUP BY stage, day ORDER BY day DESC",
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
  db.change("INSERT INTO change (on_day, stage, at, before, after, exceptions) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (on_day, stage) DO UPDATE SET at = excluded.at, after = excluded.after, exceptions "
            "= excluded.exceptions",
            day_of(now), stage, now, course->mark, mark, exceptions);
}

} // namespace dialogferry::ledger::sql
