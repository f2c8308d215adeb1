#include "../progress.hpp"
#include "sql_ledger.hpp"

namespace dialogferry::ledger::sql {

Result<void> SqlLedger::commit(std::span<const Commit> shards, std::span<const FeedCommit> feeds,
                               Instant now) {
  return writing([&] { commit_rows(shards, feeds, now); });
}

void SqlLedger::commit_rows(std::span<const Commit> shards, std::span<const FeedCommit> feeds, Instant now) {
  lock_stages(stages_of(shards, feeds));
  Tally tally;
  for (const auto& shard : shards)
    commit_shard(shard, tally, now);
  for (const auto& feed : feeds)
    commit_feed(feed, tally, now);
  write(tally, *db_, now);
}

std::set<std::int64_t> SqlLedger::stages_of(std::span<const Commit> shards,
                                            std::span<const FeedCommit> feeds) {
  std::set<std::int64_t> stages;
  for (const auto& commit : shards) {
    stages.insert(stage_id(commit.key.row, commit.key.stage));
    if (!commit.next_stage.empty()) stages.insert(stage_id(commit.key.row, commit.next_stage));
  }
  for (const auto& commit : feeds)
    stages.insert(stage_id(commit.row, commit.stage));
  return stages;
}

void SqlLedger::commit_shard(const Commit& commit, Tally& tally, Instant now) {
  const auto stage = stage_id(commit.key.row, commit.key.stage);
  const auto organisation = organisation_id(commit.key.organisation);
  const auto before = read_shard(*db_, stage, organisation, commit.key);
  if (!before) throw Refusal{{"shard " + to_string(commit.key), "has not begun", ""}};
  auto after = *before;
  if (auto problem = apply(after, commit, now)) throw Refusal{std::move(*problem)};
  if (leaves_something(commit, after, stage, organisation)) hold_open(after, now);
  update_shard(*db_, stage, organisation, after, commit.lets_go ? std::optional(engine()) : std::nullopt);
  tally.changed(stage, organisation, *before, after);
  for (const auto& split : commit.split_off) {
    const auto part = split_shard(after, split, now);
    if (!insert_shard(*db_, stage, organisation, part))
      throw Refusal{{"shard " + to_string(part.key), "has been split off before", ""}};
    tally.begun(stage, organisation, part);
  }
  hand_over(commit, organisation, *before, after, tally, now);
  for (const auto& failure : commit.failures)
    keep_failure(stage, failure, &commit.key, now);
  resolve(commit.resolved, now);
  keep_wake_ups(commit.woken, commit.wake_ups);
}

void SqlLedger::commit_feed(const FeedCommit& commit, Tally& tally, Instant now) {
  const auto stage = stage_id(commit.row, commit.stage);
  if (commit.cursor) {
    db_->change(
        "INSERT INTO feed (stage, name, checkpoint, tie_ids, changed_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
        "(stage, name) DO UPDATE SET checkpoint = excluded.checkpoint, tie_ids = excluded.tie_ids, "
        "changed_at = excluded.changed_at",
        stage, commit.feed, commit.cursor->at, commit.cursor->tie_ids, now);
  }
  if (commit.up_to_date_at) {
    db_->change("UPDATE feed SET up_to_date_at = ? WHERE stage = ? AND name = ?", commit.up_to_date_at, stage,
                commit.feed);
    db_->change("DELETE FROM file WHERE until <= ?", now);
  }
  auto counts = commit.counts;
  auto taken_back = commit.taken_back;
  for (const auto& failure : commit.failures) {
    if (!has_exception(stage, failure.record_id)) ++counts[Outcome::failed];
    keep_failure(stage, failure, nullptr, now);
  }
  for (const auto& record : commit.settled)
    if (settle(stage, record, now)) ++taken_back[Outcome::failed];
  tally.counted(stage, counts, taken_back);
  for (const auto id : commit.handled)
    db_->change("DELETE FROM inbox WHERE id = ?", id);
  for (const auto& event : commit.found)
    note_event(event);
  keep_wake_ups(commit.woken, commit.wake_ups);
}

Result<std::optional<Checkpoint>> SqlLedger::cursor(std::string_view row, std::string_view stage,
                                                    std::string_view feed) const {
  return reading([&]() -> std::optional<Checkpoint> {
    const auto id = find_stage(row, stage);
    if (!id) return std::nullopt;
    auto found = db_->query("SELECT checkpoint, tie_ids FROM feed WHERE stage = ? AND name = ?", *id, feed);
    if (!found.step()) return std::nullopt;
    return Checkpoint{found.instant(0), found.uuids(1)};
  });
}

} // namespace dialogferry::ledger::sql
