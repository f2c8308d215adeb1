#include "sql_ledger.hpp"

namespace dialogferry::ledger::sql {

Waiting waiting_in(Database& db, std::string_view row) {
  Waiting waiting;
  waiting.records =
      static_cast<std::uint64_t>(db.value("SELECT records FROM inbox_size WHERE row = ?", row).value_or(0));
  if (const auto oldest = db.value("SELECT min(received_at) FROM inbox WHERE row = ?", row))
    waiting.oldest = Instant{*oldest};
  return waiting;
}

std::optional<std::int64_t> mask_of(const Partitions& partitions) {
  if (partitions.all()) return std::nullopt;
  return static_cast<std::int64_t>(partitions.to_ullong());
}

void SqlLedger::note_event(const InboxEvent& event) {
  auto received_at = event.received_at;
  auto listed = event.listed;
  std::int64_t events = 1;
  {
    auto waiting = db_->query(
        "DELETE FROM inbox WHERE row = ? AND record_id = ? RETURNING received_at, events, version IS NULL",
        event.row, event.record_id);
    while (waiting.step()) {
      received_at = waiting.instant(0);
      events += waiting.integer(1);
      if (waiting.integer(2) != 0) listed.reset();
    }
  }
  const auto version = listed ? std::optional(listed->last_changed) : std::nullopt;
  const auto content = listed ? std::optional(listed->content) : std::nullopt;
  db_->change(
      "INSERT INTO inbox (row, record_id, received_at, events, version, content) VALUES (?, ?, ?, ?, ?, ?)",
      event.row, event.record_id, received_at, events, version, content);
}

Result<void> SqlLedger::note_events(std::span<const InboxEvent> events) {
  return writing([&] {
    for (const auto& event : events)
      note_event(event);
  });
}

Result<std::vector<InboxEntry>> SqlLedger::inbox(std::string_view row, std::int64_t after, std::size_t limit,
                                                 const Partitions& partitions) const {
  return reading([&] {
    auto found = db_->query("SELECT id, record_id, received_at, events, version, content FROM inbox "
                            "WHERE row = ?1 AND id > ?2 "
                            "AND (?4 IS NULL OR ((?4 >> partition_of(record_id)) & 1) = 1) "
                            "ORDER BY id LIMIT ?3",
                            row, after, static_cast<std::int64_t>(limit), mask_of(partitions));
    std::vector<InboxEntry> entries;
    while (found.step()) {
      auto& entry = entries.emplace_back();
      entry = {found.integer(0), found.string(1), found.instant(2),
               static_cast<std::uint32_t>(found.integer(3))};
      if (!found.null(4)) entry.listed = {found.instant(4), found.number(5)};
    }
    return entries;
  });
}

Result<Waiting> SqlLedger::waiting(std::string_view row) const {
  return reading([&] { return waiting_in(*db_, row); });
}

void SqlLedger::keep_wake_up(const WakeUp& wake_up) {
  if (wake_up.payload.size() > 64 * 1024) throw Refusal{{"wake-up " + wake_up.key, "is over 64 KiB", ""}};
  db_->change(
      "INSERT INTO wake_up (row, stage, key, due, payload, api, why, since) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (row, stage, key) DO UPDATE SET due = excluded.due, "
      "payload = excluded.payload, api = excluded.api, why = excluded.why, since = excluded.since",
      wake_up.row, wake_up.stage, wake_up.key, wake_up.due, wake_up.payload, wake_up.api, wake_up.why,
      wake_up.since);
}

/// First what is done with: a new one of the same key stays.
void SqlLedger::keep_wake_ups(const std::vector<std::int64_t>& woken, const std::vector<WakeUp>& next) {
  for (const auto id : woken)
    db_->change("DELETE FROM wake_up WHERE id = ?", id);
  for (const auto& wake_up : next)
    keep_wake_up(wake_up);
}

Result<void> SqlLedger::set_wake_up(const WakeUp& wake_up) {
  return writing([&] { keep_wake_up(wake_up); });
}

Result<std::vector<WakeUp>> SqlLedger::wake_ups(std::string_view row, std::string_view stage, Instant until,
                                                std::size_t limit, const Partitions& partitions) const {
  return reading([&] {
    auto found = db_->query("SELECT id, row, stage, key, due, payload, api, why, since FROM wake_up "
                            "WHERE row = ?1 AND stage = ?2 AND due <= ?3 "
                            "AND (?5 IS NULL OR ((?5 >> partition_of(key)) & 1) = 1) ORDER BY due LIMIT ?4",
                            row, stage, until, static_cast<std::int64_t>(limit), mask_of(partitions));
    std::vector<WakeUp> due;
    while (found.step())
      due.push_back({found.integer(0), found.string(1), found.string(2), found.string(3), found.instant(4),
                     found.string(5), found.string(6), found.string(7), found.instant(8)});
    return due;
  });
}

Result<std::uint64_t> SqlLedger::held(std::string_view row, std::string_view stage) const {
  return reading([&] {
    return static_cast<std::uint64_t>(
        db_->value("SELECT count(*) FROM wake_up WHERE row = ? AND stage = ? AND api <> ''", row, stage)
            .value_or(0));
  });
}

} // namespace dialogferry::ledger::sql
