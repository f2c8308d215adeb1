#include "sql_ledger.hpp"

#include <algorithm>

namespace dialogferry::ledger::sql {

namespace {

std::optional<Day> optional_day(const Query& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(row.day(column));
}

std::optional<Instant> optional_instant(const Query& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(row.instant(column));
}

std::vector<std::string> planned_organisations(Database& db, std::int64_t stage) {
  auto row = db.query("SELECT code FROM planned JOIN organisation ON organisation.id = planned.organisation "
                      "WHERE stage = ? ORDER BY code",
                      stage);
  std::vector<std::string> codes;
  while (row.step())
    codes.push_back(row.string(0));
  return codes;
}

DayCheck day_check(const Query& row, int first) {
  if (row.null(first)) return DayCheck::none;
  Verification verification;
  verification.how = static_cast<VerifyMethod>(row.integer(first));
  verification.wrong = row.number(first + 1);
  verification.repaired = row.number(first + 2);
  return check_of(verification);
}

std::vector<DayTally> days_of(Database& db, std::int64_t stage, std::string_view of,
                              std::uint64_t organisations) {
  auto row = db.query(
      "SELECT day.day, started, open, parked, read, failed, how, missing + unexpected + stale + wrong, "
      "repaired FROM day LEFT JOIN verification ON row = ?2 AND verification.day = day.day "
      "WHERE stage = ?1 ORDER BY day.day DESC",
      stage, of);
  std::vector<DayTally> days;
  while (row.step()) {
    days.push_back({row.day(0), day_state(row.number(1), row.number(2), row.number(3), organisations),
                    row.number(4), row.number(5), day_check(row, 6)});
  }
  return days;
}

std::vector<ParkedShard> parked_of(Database& db, std::int64_t stage, const StageSnapshot& of) {
  auto row =
      db.query("SELECT day, code, part, reason, retry_at FROM shard JOIN organisation "
               "ON organisation.id = shard.organisation WHERE stage = ? AND state = 2 ORDER BY day DESC, "
               "shard.organisation, part LIMIT ?",
               stage, static_cast<std::int64_t>(Ledger::parked_limit));
  std::vector<ParkedShard> parked;
  while (row.step()) {
    const ShardKey key{of.row, of.stage, row.day(0), row.string(1),
                       static_cast<std::uint32_t>(row.integer(2))};
    parked.push_back({key, row.string(3), row.instant(4)});
  }
  return parked;
}

std::vector<RateSample> rates_of(Database& db, std::int64_t stage) {
  auto row = db.query("SELECT at, read FROM rate WHERE stage = ? ORDER BY at", stage);
  std::vector<RateSample> rates;
  while (row.step())
    rates.push_back({row.instant(0), row.number(1)});
  return rates;
}

std::vector<Feed> feeds_of(Database& db, std::int64_t stage) {
  auto row = db.query("SELECT name, checkpoint, tie_ids, changed_at, up_to_date_at FROM feed WHERE stage = ? "
                      "ORDER BY name",
                      stage);
  std::vector<Feed> feeds;
  while (row.step())
    feeds.push_back(
        {row.string(0), {row.instant(1), row.uuids(2)}, row.instant(3), optional_instant(row, 4)});
  return feeds;
}

std::vector<StageSnapshot> stages(Database& db) {
  auto row = db.query(
      "SELECT id, row, stage, plan_from, cutover, organisations, created, updated, unchanged, restored, "
      "deleted, purged, excluded, deferred, failed, restarts, changed_at, carried_at FROM stage ORDER BY id");
  std::vector<StageSnapshot> stages;
  while (row.step()) {
    const auto id = row.integer(0);
    StageSnapshot stage;
    stage.row = row.string(1);
    stage.stage = row.string(2);
    if (!row.null(3))
      stage.plan = Plan{stage.row, stage.stage, row.day(3), row.day(4), planned_organisations(db, id)};
    for (std::size_t i = 0; i < outcome_count; ++i)
      stage.counts.of[i] = row.number(6 + static_cast<int>(i));
    stage.days = days_of(db, id, stage.row, row.number(5));
    stage.parked = parked_of(db, id, stage);
    stage.open_shards = static_cast<std::uint64_t>(
        db.value("SELECT count(*) FROM shard WHERE stage = ? AND state = 0", id).value_or(0));
    stage.restarts = row.number(15);
    stage.rates = rates_of(db, id);
    stage.feeds = feeds_of(db, id);
    stage.changed_at = optional_instant(row, 16);
    stage.carried_at = optional_instant(row, 17);
    stages.push_back(std::move(stage));
  }
  return stages;
}

std::map<std::string, Waiting> inboxes(Database& db) {
  auto row = db.query("SELECT row FROM inbox_size WHERE records > 0");
  std::map<std::string, Waiting> inboxes;
  while (row.step())
    inboxes.emplace(row.string(0), waiting_in(db, row.text(0)));
  return inboxes;
}

std::vector<CauseCount> causes(Database& db) {
  auto row =
      db.query("SELECT row, stage.stage, member, http_status, state, count(*) FROM exception "
               "JOIN stage ON stage.id = exception.stage "
               "GROUP BY stage.id, state, member, http_status ORDER BY count(*) DESC, stage.id, state, "
               "member, http_status");
  std::vector<CauseCount> causes;
  while (row.step()) {
    causes.push_back({row.string(0), row.string(1), row.string(2), static_cast<int>(row.integer(3)),
                      static_cast<ExceptionState>(row.integer(4)), row.number(5)});
  }
  return causes;
}

std::vector<HeldCount> held_counts(Database& db) {
  auto row =
      db.query("SELECT row, stage, api, why, count(*), min(since), min(due) FROM wake_up "
               "WHERE api <> '' GROUP BY row, stage, api, why ORDER BY count(*) DESC, row, stage, api, why");
  std::vector<HeldCount> counts;
  while (row.step())
    counts.push_back({row.string(0), row.string(1), row.string(2), row.string(3), row.number(4),
                      row.instant(5), row.instant(6)});
  return counts;
}

std::vector<Change> changelog(Database& db) {
  auto row = db.query("SELECT row, stage.stage, at, after, before, change.exceptions FROM change "
                      "JOIN stage ON stage.id = change.stage ORDER BY on_day DESC, at DESC LIMIT ?",
                      static_cast<std::int64_t>(Ledger::changelog_limit));
  std::vector<Change> lines;
  while (row.step()) {
    lines.push_back({row.string(0), row.string(1), row.instant(2), optional_day(row, 3), optional_day(row, 4),
                     row.number(5)});
  }
  return lines;
}

std::vector<Note> notes(Database& db) {
  auto row = db.query("SELECT id, at, who FROM note ORDER BY at DESC, id DESC");
  std::vector<Note> notes;
  while (row.step()) {
    Note note{row.integer(0), row.instant(1), row.string(2), {}};
    for (auto text = db.query("SELECT language, text FROM note_text WHERE note = ?", note.id); text.step();)
      note.text.emplace(text.string(0), text.string(1));
    notes.push_back(std::move(note));
  }
  return notes;
}

std::vector<GoalConfig> goals(Database& db) {
  auto row = db.query("SELECT id, name_en, name_nb, from_day, deadline FROM goal ORDER BY id");
  std::vector<GoalConfig> goals;
  while (row.step()) {
    GoalConfig goal{{row.string(1), row.string(2)}, {}, row.day(3), row.day(4)};
    auto rows = db.query("SELECT row FROM goal_row WHERE goal = ? ORDER BY position", row.integer(0));
    while (rows.step())
      goal.rows.push_back(rows.string(0));
    goals.push_back(std::move(goal));
  }
  return goals;
}

} // namespace

Result<Snapshot> SqlLedger::snapshot() const {
  return reading_at_once([&] {
    Snapshot snapshot;
    {
      auto row = db_->query("SELECT environment, created_at FROM ledger");
      if (row.step()) {
        snapshot.environment = row.string(0);
        snapshot.created_at = row.instant(1);
      }
    }
    snapshot.stages = stages(*db_);
    snapshot.inbox = inboxes(*db_);
    snapshot.causes = causes(*db_);
    snapshot.held = held_counts(*db_);
    snapshot.changelog = changelog(*db_);
    snapshot.journal = newest_of_journal(*db_, Ledger::changelog_limit);
    snapshot.settings = all_settings(*db_);
    snapshot.notes = notes(*db_);
    snapshot.goals = goals(*db_);
    snapshot.engines = engines();
    return snapshot;
  });
}

Result<std::int64_t> SqlLedger::add_note(const Note& note) {
  return writing([&] {
    const auto id =
        db_->value("INSERT INTO note (at, who) VALUES (?, ?) RETURNING id", note.at, note.who).value();
    for (const auto& [language, text] : note.text)
      db_->change("INSERT INTO note_text (note, language, text) VALUES (?, ?, ?)", id, language, text);
    return id;
  });
}

Result<void> SqlLedger::set_goals(std::span<const GoalConfig> goals) {
  return writing([&] {
    db_->change("DELETE FROM goal");
    db_->change("DELETE FROM goal_row");
    for (const auto& goal : goals) {
      const auto id =
          db_->value("INSERT INTO goal (name_en, name_nb, from_day, deadline) VALUES (?, ?, ?, ?) "
                     "RETURNING id",
                     goal.name.en, goal.name.nb, goal.from, goal.deadline)
              .value();
      std::int64_t position = 0;
      for (const auto& row : goal.rows)
        db_->change("INSERT INTO goal_row (goal, position, row) VALUES (?, ?, ?)", id, position++, row);
    }
  });
}

} // namespace dialogferry::ledger::sql
