#include "sql_ledger.hpp"

#include <algorithm>

namespace dialogferry::ledger::sql {

/// The next stage gets what was carried, and its day is due where it waits for that or was done already.
void SqlLedger::hand_over(const Commit& commit, std::int64_t organisation, const Shard& before,
                          const Shard& after, Tally& tally, Instant now) {
  for (const auto id : commit.gone_on_with)
    db_->change("DELETE FROM block WHERE id = ?", id);
  if (commit.next_stage.empty()) return;
  const auto next = stage_id(commit.key.row, commit.next_stage);
  if (!commit.handed.empty())
    db_->change("INSERT INTO block (stage, day, organisation, records) VALUES (?, ?, ?, ?)", next,
                commit.key.day, organisation, commit.handed);
  const bool is_complete = after.state == ShardState::complete;
  if (is_complete && before.state != after.state)
    db_->change("DELETE FROM file WHERE day = ?1 AND until IS NULL AND NOT EXISTS "
                "(SELECT 1 FROM shard WHERE stage = ?2 AND day = ?1 AND state <> 1)",
                commit.key.day, stage_id(commit.key.row, commit.key.stage));
  if (commit.handed.empty() && before.state == after.state) return;
  ShardKey key{commit.key.row, commit.next_stage, commit.key.day, commit.key.organisation, 0};
  const auto shard = read_shard(*db_, next, organisation, key);
  if (!shard || shard->state == ShardState::open) return;
  if (shard->state == ShardState::complete && commit.handed.empty()) return;
  auto due = *shard;
  due.state = ShardState::parked; // where it stays until it is complete: the watermark does not jump
  if (due.reason.empty()) due.reason = "more came from " + commit.key.stage;
  due.retry_at = now;
  update_shard(*db_, next, organisation, due);
  tally.changed(next, organisation, *shard, due);
}

/// A record of an earlier stage that was carried late, while the shard was ending.
bool SqlLedger::leaves_something(const Commit& commit, const Shard& after, std::int64_t stage,
                                 std::int64_t organisation) const {
  if (!commit.state || after.state != ShardState::complete || !commit.next_stage.empty()) return false;
  const auto& gone = commit.gone_on_with;
  auto block = db_->query("SELECT id FROM block WHERE stage = ? AND day = ? AND organisation = ? LIMIT ?",
                          stage, commit.key.day, organisation, static_cast<std::int64_t>(gone.size() + 1));
  while (block.step())
    if (std::find(gone.begin(), gone.end(), block.integer(0)) == gone.end()) return true;
  return false;
}

Result<std::vector<ShardKey>> SqlLedger::to_go_on_with(std::string_view row, std::string_view before,
                                                       std::string_view stage, std::size_t limit) const {
  return reading([&] {
    std::vector<ShardKey> keys;
    const auto first = find_stage(row, before);
    if (!first) return keys;
    auto found = db_->query(
        "SELECT shard.day, code FROM shard JOIN organisation ON organisation.id = shard.organisation "
        "WHERE stage = ?1 AND part = 0 AND state <> 0 AND NOT EXISTS "
        "(SELECT 1 FROM shard AS part WHERE part.stage = ?1 AND part.day = shard.day AND "
        "part.organisation = shard.organisation AND part.state = 0) AND NOT EXISTS "
        "(SELECT 1 FROM shard AS next WHERE next.stage = ?2 AND next.day = shard.day AND "
        "next.organisation = shard.organisation AND next.part = 0) "
        "ORDER BY shard.day DESC LIMIT ?3",
        *first, find_stage(row, stage).value_or(0), static_cast<std::int64_t>(limit));
    while (found.step())
      keys.push_back({std::string(row), std::string(stage), found.day(0), found.string(1), 0});
    return keys;
  });
}

Result<HandedOver> SqlLedger::handed_over(const ShardKey& key, std::string_view before, std::int64_t after,
                                          std::size_t limit) const {
  return reading([&] {
    HandedOver over;
    const auto organisation = find_organisation(key.organisation);
    const auto first = find_stage(key.row, before);
    if (!organisation || !first) return over;
    over.is_whole = !db_->value("SELECT 1 FROM shard WHERE stage = ? AND day = ? AND organisation = ? AND "
                                "state <> 1 LIMIT 1",
                                *first, key.day, *organisation)
                         .has_value();
    const auto stage = find_stage(key.row, key.stage);
    if (!stage) return over;
    auto found = db_->query("SELECT id, records FROM block WHERE stage = ? AND day = ? AND organisation = ? "
                            "AND id > ? ORDER BY id LIMIT ?",
                            *stage, key.day, *organisation, after, static_cast<std::int64_t>(limit));
    while (found.step())
      over.blocks.push_back({found.integer(0), found.handed(1)});
    return over;
  });
}

Result<DayState> SqlLedger::state_of(std::string_view row, std::string_view stage, Day day) const {
  return reading([&] {
    const auto id = find_stage(row, stage);
    if (!id) return DayState::waiting;
    auto found = db_->query("SELECT started, open, parked, organisations FROM day JOIN stage ON stage.id = "
                            "day.stage WHERE day.stage = ? AND day = ?",
                            *id, day);
    if (!found.step()) return DayState::waiting;
    return day_state(found.number(0), found.number(1), found.number(2), found.number(3));
  });
}

Result<void> SqlLedger::note_files(std::span<const TakenFile> files) {
  return writing([&] {
    for (const auto& file : files)
      db_->change("INSERT INTO file (source_id, target_id, day, until) VALUES (?, ?, ?, ?) "
                  "ON CONFLICT DO NOTHING",
                  file.source_id, std::vector{file.target_id}, file.day, file.until);
  });
}

Result<std::vector<std::optional<Uuid>>> SqlLedger::files(std::span<const std::string> source_ids) const {
  return reading([&] {
    std::vector<std::optional<Uuid>> ids;
    for (const auto& source_id : source_ids) {
      auto found = db_->query("SELECT target_id FROM file WHERE source_id = ?", source_id);
      ids.push_back(found.step() ? std::optional(found.uuids(0).at(0)) : std::nullopt);
    }
    return ids;
  });
}

} // namespace dialogferry::ledger::sql
