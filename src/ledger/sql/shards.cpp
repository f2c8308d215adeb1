#include "../progress.hpp"
#include "sql_ledger.hpp"

#include <algorithm>

namespace dialogferry::ledger::sql {

namespace {

const std::string columns_of_shard =
    "day, code, part, state, retry_at, window_from, window_to, checkpoint, tie_ids, "
    "created, updated, unchanged, "
    "restored, deleted, purged, excluded, deferred, failed, read_high, read_low, "
    "acked_high, acked_low, restarts, "
    "reason, changed_at ";

/// A row of `from_shard`.
Shard shard_of(const Query& row, std::string_view row_id, std::string_view stage) {
  Shard shard;
  shard.key = {std::string(row_id), std::string(stage), row.day(0), row.string(1),
               static_cast<std::uint32_t>(row.integer(2))};
  shard.state = static_cast<ShardState>(row.integer(3));
  shard.retry_at = row.instant(4);
  shard.from = row.instant(5);
  shard.to = row.instant(6);
  shard.checkpoint = {row.instant(7), row.uuids(8)};
  for (std::size_t i = 0; i < outcome_count; ++i)
    shard.counts.of[i] = row.number(9 + static_cast<int>(i));
  shard.digest_read = {row.number(18), row.number(19)};
  shard.digest_acked = {row.number(20), row.number(21)};
  shard.restarts = static_cast<std::uint32_t>(row.integer(22));
  shard.reason = row.string(23);
  shard.changed_at = row.instant(24);
  return shard;
}

} // namespace

const std::string from_shard =
    "SELECT " + columns_of_shard + "FROM shard JOIN organisation ON organisation.id = shard.organisation ";

std::vector<Shard> read_shards(Query rows, std::string_view row, std::string_view stage) {
  std::vector<Shard> shards;
  while (rows.step())
    shards.push_back(shard_of(rows, row, stage));
  return shards;
}

// -- rows ---------------------------------------------------------------------------

std::optional<Shard> read_shard(Database& db, std::int64_t stage, std::int64_t organisation,
                                const ShardKey& key) {
  static const std::string sql =
      from_shard + "WHERE stage = ? AND day = ? AND shard.organisation = ? AND part = ?";
  auto row = db.query(sql, stage, key.day, organisation, key.part);
  if (!row.step()) return std::nullopt;
  return shard_of(row, key.row, key.stage);
}

void update_shard(Database& db, std::int64_t stage, std::int64_t organisation, const Shard& shard,
                  std::optional<std::int64_t> freed_by) {
  const auto& of = shard.counts.of;
  db.change(
      "UPDATE shard SET state = ?, retry_at = ?, window_from = ?, window_to = ?, checkpoint = ?, tie_ids = "
      "?, "
      "created = ?, updated = ?, unchanged = ?, restored = ?, deleted = ?, purged = ?, excluded = ?, "
      "deferred = ?, failed = ?, read_high = ?, read_low = ?, acked_high = ?, acked_low = ?, restarts = ?, "
      "reason = ?, changed_at = ?, engine = nullif(engine, ?) "
      "WHERE stage = ? AND day = ? AND organisation = ? AND part = ?",
      static_cast<int>(shard.state), shard.retry_at, shard.from, shard.to, shard.checkpoint.at,
      shard.checkpoint.tie_ids, of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], of[8],
      shard.digest_read.high, shard.digest_read.low, shard.digest_acked.high, shard.digest_acked.low,
      shard.restarts, shard.reason, shard.changed_at, freed_by, stage, shard.key.day, organisation,
      shard.key.part);
}

bool insert_shard(Database& db, std::int64_t stage, std::int64_t organisation, const Shard& shard,
                  std::optional<std::int64_t> engine) {
  return db.change(
             "INSERT INTO shard (stage, day, organisation, part, state, window_from, window_to, checkpoint, "
             "changed_at, engine) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
             stage, shard.key.day, organisation, shard.key.part, static_cast<int>(shard.state), shard.from,
             shard.to, shard.checkpoint.at, shard.changed_at, engine) != 0;
}

// -- names --------------------------------------------------------------------------

std::optional<std::int64_t> SqlLedger::find_stage(std::string_view row, std::string_view stage) const {
  const std::pair<std::string, std::string> name{row, stage};
  if (const auto known = stages_.find(name); known != stages_.end()) return known->second;
  const auto id = db_->value("SELECT id FROM stage WHERE row = ? AND stage = ?", row, stage);
  if (id) stages_.emplace(name, *id);
  return id;
}

std::optional<std::int64_t> SqlLedger::find_organisation(std::string_view code) const {
  if (const auto known = organisations_.find(code); known != organisations_.end()) return known->second;
  const auto id = db_->value("SELECT id FROM organisation WHERE code = ?", code);
  if (id) organisations_.emplace(code, *id);
  return id;
}

std::int64_t SqlLedger::stage_id(std::string_view row, std::string_view stage) {
  if (const auto known = find_stage(row, stage)) return *known;
  db_->change("INSERT INTO stage (row, stage) VALUES (?, ?) ON CONFLICT DO NOTHING", row, stage);
  return find_stage(row, stage).value();
}

std::int64_t SqlLedger::organisation_id(std::string_view code) {
  if (const auto known = find_organisation(code)) return *known;
  db_->change("INSERT INTO organisation (code) VALUES (?) ON CONFLICT DO NOTHING", code);
  return find_organisation(code).value();
}

void SqlLedger::forget_ids() const {
  stages_.clear();
  organisations_.clear();
}

// -- planning -----------------------------------------------------------------------

Result<void> SqlLedger::set_plan(const Plan& plan, Instant now) {
  return writing([&] {
    if (plan.from > plan.cutover) throw Refusal{{"rows." + plan.row, "begins after its cut-over", ""}};
    const auto stage = stage_id(plan.row, plan.stage);
    lock_stages({stage});
    std::set<std::int64_t> wanted;
    for (const auto& code : plan.organisations)
      wanted.insert(organisation_id(code));
    std::set<std::int64_t> planned;
    for (auto row = db_->query("SELECT organisation FROM planned WHERE stage = ?", stage); row.step();)
      planned.insert(row.integer(0));
    const bool same_range = db_->value("SELECT 1 FROM stage WHERE id = ? AND plan_from = ? AND cutover = ?",
                                       stage, plan.from, plan.cutover)
                                .has_value();
    if (same_range && wanted == planned) return;
    db_->change("UPDATE stage SET plan_from = ?, cutover = ?, organisations = ?, changed_at = ? WHERE id = ?",
                plan.from, plan.cutover, static_cast<std::int64_t>(wanted.size()), now, stage);
    if (wanted != planned) {
      db_->change("DELETE FROM planned WHERE stage = ?", stage);
      for (const auto organisation : wanted)
        db_->change("INSERT INTO planned (stage, organisation) VALUES (?, ?)", stage, organisation);
      rebuild_days(*db_, stage);
    }
    move_watermark(*db_, stage, {}, true, now);
  });
}

Result<StartedShards> SqlLedger::start_shards(std::span<const ShardStart> starts, Instant now,
                                              std::size_t most) {
  return writing([&] {
    StartedShards started;
    Tally tally;
    for (const auto& start : starts) {
      if (started.begun.size() >= most) break;
      const auto shard = first_shard(start, now);
      const auto stage = stage_id(shard.key.row, shard.key.stage);
      const auto organisation = organisation_id(shard.key.organisation);
      const bool is_new = insert_shard(*db_, stage, organisation, shard, engine());
      if (is_new) tally.begun(stage, organisation, shard);
      (is_new ? started.begun : started.known).push_back(start.key);
    }
    write(tally, *db_, now);
    return started;
  });
}

Result<void> SqlLedger::finished(std::string_view row, std::string_view stage,
                                 const std::function<void(const FinishedShard&)>& each) const {
  return reading([&] {
    const auto id = find_stage(row, stage);
    if (!id) return;
    std::map<std::int64_t, std::string> codes;
    for (auto names = db_->query("SELECT id, code FROM organisation"); names.step();)
      codes.emplace(names.integer(0), names.string(1));
    auto shard = db_->query(
        "SELECT day, organisation, part, state, retry_at FROM shard WHERE stage = ? AND state <> 0 "
        "ORDER BY day DESC, organisation, part",
        *id);
    while (shard.step()) {
      each({shard.day(0), codes.at(shard.integer(1)), static_cast<std::uint32_t>(shard.integer(2)),
            static_cast<ShardState>(shard.integer(3)), shard.instant(4)});
    }
  });
}

Result<std::vector<Shard>> SqlLedger::open_shards(std::string_view row, std::string_view stage) const {
  static const std::string sql =
      from_shard + "WHERE stage = ? AND state = 0 ORDER BY day DESC, shard.organisation, part";
  return reading([&] {
    const auto id = find_stage(row, stage);
    return id ? read_shards(db_->query(sql, *id), row, stage) : std::vector<Shard>{};
  });
}

Result<std::vector<Shard>> SqlLedger::due_shards(std::string_view row, std::string_view stage,
                                                 Instant now) const {
  static const std::string sql =
      from_shard +
      "WHERE stage = ? AND state = 2 AND retry_at <= ? ORDER BY day DESC, shard.organisation, part";
  return reading([&] {
    const auto id = find_stage(row, stage);
    return id ? read_shards(db_->query(sql, *id, now), row, stage) : std::vector<Shard>{};
  });
}

Result<std::optional<Shard>> SqlLedger::load(const ShardKey& key) const {
  return reading([&]() -> std::optional<Shard> {
    const auto stage = find_stage(key.row, key.stage);
    const auto organisation = find_organisation(key.organisation);
    if (!stage || !organisation) return std::nullopt;
    return read_shard(*db_, *stage, *organisation, key);
  });
}

Result<std::uint64_t> SqlLedger::forget(std::string_view row, std::string_view stage, Day from, Day to,
                                        Instant now) {
  static const std::string sql = from_shard + "WHERE stage = ? AND day BETWEEN ? AND ?";
  return writing([&]() -> std::uint64_t {
    const auto id = find_stage(row, stage);
    if (!id) return 0;
    lock_stages({*id});
    if (db_->value("SELECT 1 FROM shard WHERE stage = ? AND day BETWEEN ? AND ? AND engine IS NOT NULL AND "
                   "engine <> ? LIMIT 1",
                   *id, from, to, engine()))
      throw Refusal{{"rows." + std::string(row), "is carried on these days by another engine right now",
                     "try again once it is done with them, or stop it"}};
    Tally tally;
    for (const auto& shard : read_shards(db_->query(sql, *id, from, to), row, stage))
      tally.gone(*id, organisation_id(shard.key.organisation), shard);
    const auto count =
        db_->change("DELETE FROM shard WHERE stage = ? AND day BETWEEN ? AND ?", *id, from, to);
    db_->change("DELETE FROM block WHERE stage = ? AND day BETWEEN ? AND ?", *id, from, to);
    db_->change("UPDATE exception SET state = ?, last_at = ? WHERE stage = ? AND day BETWEEN ? AND ? AND "
                "state IN (0, 1)",
                static_cast<int>(ExceptionState::resolved), now, *id, from, to);
    write(tally, *db_, now);
    return count;
  });
}

} // namespace dialogferry::ledger::sql
