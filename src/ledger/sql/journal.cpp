#include "sql_ledger.hpp"

namespace dialogferry::ledger::sql {

namespace {

constexpr std::int64_t journal_limit = 10'000; ///< older entries go

/// `a3-app-instances-live` of `rows.a3-app-instances-live.paused`; empty for what is no row's.
std::string row_of(std::string_view name) {
  constexpr std::string_view rows = "rows.";
  if (!name.starts_with(rows)) return {};
  name.remove_prefix(rows.size());
  return std::string(name.substr(0, name.find('.')));
}

JournalKind kind_of(const Setting& setting) {
  if (!setting.name.ends_with(".paused")) return JournalKind::setting;
  return setting.value == "true" ? JournalKind::paused : JournalKind::resumed;
}

} // namespace

void add_to_journal(Database& db, const JournalEntry& entry) {
  const auto id = db.value("INSERT INTO journal (at, kind, row, stage, day, who, subject, value) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                           entry.at, static_cast<int>(entry.kind), entry.row, entry.stage, entry.day,
                           entry.who, entry.subject, entry.value);
  if (id) db.change("DELETE FROM journal WHERE id <= ?", *id - journal_limit);
}

std::vector<JournalEntry> newest_of_journal(Database& db, std::size_t limit) {
  auto row = db.query("SELECT id, at, kind, row, stage, day, who, subject, value FROM journal "
                      "ORDER BY id DESC LIMIT ?",
                      static_cast<std::int64_t>(limit));
  std::vector<JournalEntry> entries;
  while (row.step())
    entries.push_back({row.integer(0), row.instant(1), static_cast<JournalKind>(row.integer(2)),
                       row.string(3), row.string(4), row.null(5) ? std::nullopt : std::optional(row.day(5)),
                       row.string(6), row.string(7), row.string(8)});
  return entries;
}

std::vector<Setting> all_settings(Database& db) {
  auto row = db.query("SELECT name, value, who, at FROM setting ORDER BY name");
  std::vector<Setting> settings;
  while (row.step())
    settings.push_back({row.string(0), row.string(1), row.string(2), row.instant(3)});
  return settings;
}

Result<void> SqlLedger::set(const Setting& setting) {
  return writing([&] {
    if (setting.name.empty()) throw Refusal{{"setting", "has no name", ""}};
    if (setting.value.empty())
      db_->change("DELETE FROM setting WHERE name = ?", setting.name);
    else
      db_->change(
          "INSERT INTO setting (name, value, who, at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
          "SET value = excluded.value, who = excluded.who, at = excluded.at",
          setting.name, setting.value, setting.who, setting.at);
    JournalEntry entry;
    entry.at = setting.at;
    entry.kind = kind_of(setting);
    entry.row = row_of(setting.name);
    entry.who = setting.who;
    entry.subject = setting.name;
    entry.value = setting.value;
    add_to_journal(*db_, entry);
  });
}

Result<std::vector<Setting>> SqlLedger::settings() const {
  return reading([&] { return all_settings(*db_); });
}

Result<void> SqlLedger::note_in_journal(const JournalEntry& entry) {
  return writing([&] { add_to_journal(*db_, entry); });
}

} // namespace dialogferry::ledger::sql
