#include "sql_ledger.hpp"

#include <algorithm>

namespace dialogferry::ledger::sql {

namespace {

/// The order of the tables: newest day first.
bool goes_before(const Shard& a, const Shard& b) {
  if (a.key.day != b.key.day) return a.key.day > b.key.day;
  if (a.key.organisation != b.key.organisation) return a.key.organisation < b.key.organisation;
  return a.key.part < b.key.part;
}

/// Whether there is anything to be claimed, and anything that others have.
ClaimedShards look(Database& db, std::int64_t stage, const ShardClaim& claim, std::int64_t engine,
                   Instant now) {
  auto seen = db.query(
      "SELECT EXISTS (SELECT 1 FROM shard WHERE stage = ?1 AND state = 0 AND day BETWEEN ?2 AND ?3 AND "
      "engine "
      "IS NULL), EXISTS (SELECT 1 FROM shard WHERE stage = ?1 AND state = 2 AND day BETWEEN ?2 AND ?3 AND "
      "engine IS NULL AND retry_at <= ?4), EXISTS (SELECT 1 FROM shard WHERE engine IS NOT NULL AND stage = "
      "?1 AND day BETWEEN ?2 AND ?3 AND engine <> ?5)",
      stage, claim.from, claim.to, now, engine);
  ClaimedShards found;
  if (!seen.step()) return found;
  found.more = seen.integer(0) != 0 || seen.integer(1) != 0;
  found.elsewhere = seen.integer(2) != 0;
  return found;
}

} // namespace

Result<ClaimedShards> SqlLedger::claim_shards(const ShardClaim& claim, Instant now) {
  static const std::string newest = " ORDER BY day DESC, shard.organisation, part LIMIT ? ";
  static const std::string open =
      from_shard + "WHERE stage = ? AND state = 0 AND day BETWEEN ? AND ? AND engine IS NULL" + newest;
  static const std::string due = from_shard +
                                 "WHERE stage = ? AND state = 2 AND day BETWEEN ? AND ? AND "
                                 "engine IS NULL AND retry_at <= ?" +
                                 newest;
  auto found = reading([&] {
    const auto stage = find_stage(claim.row, claim.stage);
    return stage ? look(*db_, *stage, claim, engine(), now) : ClaimedShards{};
  });
  if (!found || !found->more || claim.most == 0) return found;
  const bool elsewhere = found->elsewhere;
  return writing([&] {
    const auto stage = stage_id(claim.row, claim.stage);
    const auto limit = static_cast<std::int64_t>(claim.most) + 1;
    const auto passing_by = std::string(passing_by_others());
    ClaimedShards claimed;
    claimed.elsewhere = elsewhere;
    claimed.shards = read_shards(db_->query(open + passing_by, stage, claim.from, claim.to, limit), claim.row,
                                 claim.stage);
    auto parked = read_shards(db_->query(due + passing_by, stage, claim.from, claim.to, now, limit),
                              claim.row, claim.stage);
    std::move(parked.begin(), parked.end(), std::back_inserter(claimed.shards));
    std::stable_sort(claimed.shards.begin(), claimed.shards.end(), goes_before);
    claimed.more = claimed.shards.size() > claim.most;
    if (claimed.more) claimed.shards.resize(claim.most);
    for (const auto& shard : claimed.shards)
      db_->change("UPDATE shard SET engine = ? WHERE stage = ? AND day = ? AND organisation = ? AND part = ?",
                  engine(), stage, shard.key.day, organisation_id(shard.key.organisation), shard.key.part);
    return claimed;
  });
}

} // namespace dialogferry::ledger::sql
