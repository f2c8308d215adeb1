#include "../progress.hpp"
#include "postgres_ledger.hpp"

namespace dialogferry::ledger::postgres {

namespace {

constexpr std::size_t most_known = 4096;
constexpr int most_conflicts = 1; ///< before a commit is made row by row

constexpr std::string_view start_sql = R"sql(
WITH asked AS (
  SELECT n.*, EXISTS (SELECT FROM shard s WHERE s.stage = n.stage AND s.day = n.day AND
    s.organisation = n.organisation AND s.part = n.part) AS is_known
  FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY AS n (stage, day, organisation, part, window_from, window_to,
    position)),
made AS (
  INSERT INTO shard (stage, day, organisation, part, state, window_from, window_to, checkpoint, changed_at, engine)
  SELECT stage, day, organisation, part, 0, window_from, window_to, window_to, $1, $8
  FROM (SELECT * FROM asked WHERE NOT is_known ORDER BY position LIMIT $9) AS fresh
  ON CONFLICT DO NOTHING RETURNING stage, day, organisation, part),
days AS (
  INSERT INTO day AS d (stage, day, started, open)
  SELECT stage, day, count(*) FILTER (WHERE part = 0), count(*) FROM made JOIN planned USING (stage, organisation)
  GROUP BY stage, day ORDER BY stage, day
  ON CONFLICT (stage, day) DO UPDATE SET started = d.started + excluded.started, open = d.open + excluded.open),
unverified AS (
  DELETE FROM verification v USING made JOIN stage ON stage.id = made.stage
  WHERE v.row = stage.row AND v.day = made.day),
touched AS (
  UPDATE stage SET changed_at = $1 WHERE id IN (SELECT stage FROM made))
SELECT position, is_known FROM asked LEFT JOIN made USING (stage, day, organisation, part)
WHERE is_known OR made.stage IS NOT NULL ORDER BY position)sql";

/// Rows whose inbox a commit changes.
std::set<std::string> inboxes_of(std::span<const FeedCommit> feeds) {
  std::set<std::string> rows;
  for (const auto& feed : feeds)
    if (!feed.handled.empty() || !feed.found.empty()) rows.insert(feed.row);
  return rows;
}

} // namespace

// -- shards that begin ------------------------------------------------------------------

Result<StartedShards> PostgresLedger::start_shards(std::span<const ShardStart> starts, Instant now,
                                                   std::size_t most) {
  conflicts_ = 0;
  std::vector<KnownShard> given; ///< by position
  std::set<ShardKey> keys;
  std::vector<std::size_t> begun;
  auto started = writing([&] {
    given.clear();
    keys.clear();
    begun.clear();
    StartedShards started;
    Table rows("iiiiii");
    std::set<std::pair<std::int64_t, Day>> days;
    std::set<std::int64_t> stages;
    for (const auto& start : starts) {
      const auto& key = start.key;
      if (!keys.insert(key).second) continue;
      const auto& known = given.emplace_back(KnownShard{first_shard(start, now), stage_id(key.row, key.stage),
                                                        organisation_id(key.organisation)});
      rows.add(known.stage, key.day, known.organisation, key.part, start.from, start.to);
      stages.insert(known.stage);
    }
    if (rows.empty()) return started;
    lock_stages(stages);
    auto parameters = Parameters::of(now);
    rows.add_to(parameters);
    parameters.add(engine());
    parameters.add(static_cast<std::int64_t>(most));
    const auto reply = connection().ask(start_sql, parameters);
    for (int row = 0; row < reply.rows(); ++row) {
      const auto at = static_cast<std::size_t>(reply.integer(row, 0)) - 1;
      const auto& known = given.at(at);
      if (reply.integer(row, 1) != 0) {
        started.known.push_back(known.shard.key);
        continue;
      }
      started.begun.push_back(known.shard.key);
      begun.push_back(at);
      days.emplace(known.stage, known.shard.key.day);
    }
    send_moves(connection(), days, now);
    return started;
  });
  if (!started) return started;
  for (const auto at : begun)
    shards_.insert_or_assign(given[at].shard.key, given[at]);
  limit_known();
  return started;
}

// -- commits ----------------------------------------------------------------------------

Result<void> PostgresLedger::commit(std::span<const Commit> shards, std::span<const FeedCommit> feeds,
                                    Instant now) {
  conflicts_ = 0;
  auto committed = writing([&] {
    if (conflicts_ > most_conflicts) return commit_rows(shards, feeds, now);
    lock_stages(stages_of(shards, feeds));
    lock_inboxes(inboxes_of(feeds));
    Batch batch(connection(), now);
    for (const auto& shard : shards)
      add(batch, shard, now);
    for (const auto& feed : feeds)
      add(batch, feed);
    batch.send();
    for (const auto& feed : feeds)
      send_events(feed.found);
    if (const auto period = sql::rate_period_of(now); period != rates_since_)
      connection().send("DELETE FROM rate WHERE at < $1", Parameters::of(period.ticks - Instant::per_day));
  });
  if (committed) rates_since_ = sql::rate_period_of(now);
  if (!committed || conflicts_ > most_conflicts) shards_.clear();
  limit_known();
  return committed;
}

KnownShard& PostgresLedger::known(const ShardKey& key) {
  if (const auto found = shards_.find(key); found != shards_.end()) return found->second;
  KnownShard known;
  known.stage = stage_id(key.row, key.stage);
  known.organisation = organisation_id(key.organisation);
  const auto version =
      db_->value("SELECT version FROM shard WHERE stage = ? AND day = ? AND organisation = ? AND part = ?",
                 known.stage, key.day, known.organisation, key.part);
  auto shard = sql::read_shard(*db_, known.stage, known.organisation, key);
  if (!version || !shard) throw sql::Refusal{{"shard " + to_string(key), "has not begun", ""}};
  known.version = *version;
  known.shard = std::move(*shard);
  return shards_.emplace(key, std::move(known)).first->second;
}

void PostgresLedger::limit_known() {
  if (shards_.size() <= most_known) return;
  std::erase_if(shards_, [](const auto& known) { return known.second.shard.state != ShardState::open; });
  if (shards_.size() > most_known) shards_.clear();
}

void PostgresLedger::add(Batch& batch, const Commit& commit, Instant now) {
  auto& known = this->known(commit.key);
  const bool ends = commit.state && commit.state->state == ShardState::complete && commit.next_stage.empty();
  if (ends) batch.send(); // with what others have handed over
  const auto before = known.shard;
  if (auto problem = apply(known.shard, commit, now)) throw sql::Refusal{std::move(*problem)};
  if (ends && leaves_something(commit, known.shard, known.stage, known.organisation))
    hold_open(known.shard, now);
  batch.change(known, before, commit.lets_go ? engine() : 0);
  for (const auto& split : commit.split_off) {
    KnownShard part{split_shard(known.shard, split, now), known.stage, known.organisation};
    const auto [place, is_new] = shards_.emplace(part.shard.key, part);
    if (!is_new) throw sql::Refusal{{"shard " + to_string(part.shard.key), "has been split off before", ""}};
    batch.begin(place->second);
  }
  add_hand_over(batch, commit, known, before.state);
  for (const auto& failure : commit.failures)
    batch.fail(known.stage, failure, &commit.key);
  for (const auto id : commit.resolved)
    batch.resolve(id);
  for (const auto id : commit.woken)
    batch.woken(id);
  for (const auto& wake_up : commit.wake_ups)
    batch.keep(wake_up);
}

void PostgresLedger::add_hand_over(Batch& batch, const Commit& commit, const KnownShard& after,
                                   ShardState before) {
  for (const auto block : commit.gone_on_with)
    batch.gone_on_with(block);
  if (commit.next_stage.empty()) return;
  const auto next = stage_id(commit.key.row, commit.next_stage);
  const bool has_moved = before != after.shard.state;
  if (!commit.handed.empty()) batch.hand_over(next, after, commit.handed);
  if (has_moved && after.shard.state == ShardState::complete) batch.forget_files(after);
  if (has_moved || !commit.handed.empty()) batch.make_due(next, after, !commit.handed.empty());
}

void PostgresLedger::add(Batch& batch, const FeedCommit& commit) {
  const auto stage = stage_id(commit.row, commit.stage);
  if (commit.cursor) batch.move_cursor(stage, commit.feed, *commit.cursor);
  if (commit.up_to_date_at) batch.note_up_to_date(stage, commit.feed, *commit.up_to_date_at);
  batch.count(stage, commit.counts, commit.taken_back);
  for (const auto& failure : commit.failures)
    batch.fail(stage, failure, nullptr);
  for (const auto& record : commit.settled)
    batch.settle(stage, record);
  for (const auto id : commit.handled)
    batch.handled(id);
  for (const auto id : commit.woken)
    batch.woken(id);
  for (const auto& wake_up : commit.wake_ups)
    batch.keep(wake_up);
}

} // namespace dialogferry::ledger::postgres
