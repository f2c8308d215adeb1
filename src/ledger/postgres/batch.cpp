#include "batch.hpp"

#include <algorithm>
#include <string_view>

namespace dialogferry::ledger::postgres {

namespace {

constexpr std::string_view insert_shards = R"sql(
INSERT INTO shard (stage, day, organisation, part, state, window_from, window_to, checkpoint, changed_at)
SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9))sql";

constexpr std::string_view update_shards = R"sql(
WITH changed AS (
  UPDATE shard s SET state = n.state, retry_at = n.retry_at, window_from = n.window_from, window_to = n.window_to,
    checkpoint = n.checkpoint, tie_ids = n.tie_ids, created = n.created, updated = n.updated,
    unchanged = n.unchanged, restored = n.restored, deleted = n.deleted, purged = n.purged, excluded = n.excluded,
    deferred = n.deferred, failed = n.failed, read_high = n.read_high, read_low = n.read_low,
    acked_high = n.acked_high, acked_low = n.acked_low, restarts = n.restarts, reason = n.reason, changed_at = $1,
    version = s.version + 1, engine = nullif(s.engine, n.freed_by)
  FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28) AS n (stage, day, organisation, part, version, state, retry_at, window_from, window_to,
    checkpoint, tie_ids, created, updated, unchanged, restored, deleted, purged, excluded, deferred, failed,
    read_high, read_low, acked_high, acked_low, restarts, reason, freed_by)
  WHERE s.stage = n.stage AND s.day = n.day AND s.organisation = n.organisation AND s.part = n.part
    AND s.version = n.version
  RETURNING 1)
SELECT refuse_unless((SELECT count(*) FROM changed) = cardinality($2), 'DF003', 'a shard has changed'))sql";

constexpr std::string_view insert_blocks = R"sql(
INSERT INTO block (stage, day, organisation, records) SELECT * FROM unnest($1, $2, $3, $4))sql";

constexpr std::string_view delete_blocks = "DELETE FROM block WHERE id = ANY ($1)";

constexpr std::string_view delete_files = R"sql(
DELETE FROM file USING unnest($1, $2) AS done (stage, day) WHERE file.day = done.day AND until IS NULL AND NOT EXISTS
  (SELECT FROM shard s WHERE s.stage = done.stage AND s.day = done.day AND s.state <> 1))sql";

// A next stage's shard that was done becomes parked, where it stays until it is complete: the watermark does
// not jump.
constexpr std::string_view make_shards_due = R"sql(
WITH due AS (
  UPDATE shard s SET state = 2, retry_at = $1, reason = CASE WHEN s.reason = '' THEN n.reason ELSE s.reason END,
    version = s.version + 1
  FROM (SELECT stage, day, organisation, max(more_came) AS more_came, min(reason) AS reason
        FROM unnest($2, $3, $4, $5, $6) AS g (stage, day, organisation, more_came, reason) GROUP BY 1, 2, 3) n
    JOIN shard was USING (stage, day, organisation)
  WHERE was.part = 0 AND (was.state = 2 OR (was.state = 1 AND n.more_came = 1))
    AND s.stage = n.stage AND s.day = n.day AND s.organisation = n.organisation AND s.part = 0
  RETURNING s.stage, s.day, s.organisation, was.state = 1 AS was_complete),
touched AS (
  UPDATE stage SET changed_at = $1 WHERE id IN (SELECT stage FROM due)),
unverified AS (
  DELETE FROM verification v USING due JOIN stage ON stage.id = due.stage
  WHERE was_complete AND v.row = stage.row AND v.day = due.day)
INSERT INTO day AS d (stage, day, complete, parked)
SELECT stage, day, -count(*), count(*) FROM due JOIN planned USING (stage, organisation) WHERE was_complete
GROUP BY stage, day
ON CONFLICT (stage, day) DO UPDATE SET complete = d.complete + excluded.complete, parked = d.parked + excluded.parked
)sql";

constexpr std::string_view add_to_days = R"sql(
INSERT INTO day AS d (stage, day, started, open, complete, parked, read, failed)
SELECT stage, day, sum(started), sum(open), sum(complete), sum(parked), sum(read), sum(failed)
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS n (stage, day, organisation, started, open, complete, parked, read,
  failed) JOIN planned USING (stage, organisation) GROUP BY stage, day ORDER BY stage, day
ON CONFLICT (stage, day) DO UPDATE SET started = d.started + excluded.started, open = d.open + excluded.open,
  complete = d.complete + excluded.complete, parked = d.parked + excluded.parked, read = d.read + excluded.read,
  failed = d.failed + excluded.failed)sql";

// A day whose last parked shard is complete: 4 is JournalKind::day_recovered.
constexpr std::string_view note_recoveries = R"sql(
WITH noted AS (
  INSERT INTO journal (at, kind, row, stage, day, who, subject, value)
  SELECT DISTINCT $1, 4, stage.row, stage.stage, day.day, '', '', ''
  FROM unnest($2, $3, $4) AS n (stage, day, organisation) JOIN planned USING (stage, organisation)
    JOIN day USING (stage, day) JOIN stage ON stage.id = day.stage
  WHERE day.open + day.parked = 0 AND day.started = stage.organisations
  RETURNING id)
DELETE FROM journal WHERE id <= (SELECT max(id) FROM noted) - 10000)sql";

constexpr std::string_view add_to_sums = R"sql(
WITH settled AS (
  UPDATE exception e SET state = 2, last_at = $1 FROM unnest($18, $19) AS s (stage, record_id)
  WHERE e.stage = s.stage AND e.record_id = s.record_id AND e.state <> 2 RETURNING e.stage),
gone AS (SELECT stage, count(*) AS n FROM settled GROUP BY stage),
fresh AS (
  SELECT f.stage, count(*) AS n FROM unnest($16, $17) AS f (stage, record_id) WHERE NOT EXISTS
    (SELECT FROM exception e WHERE e.stage = f.stage AND e.record_id = f.record_id AND e.state <> 2)
  GROUP BY f.stage),
sum AS (
  SELECT n.*, coalesce(fresh.n, 0) AS fresh, coalesce(gone.n, 0) AS gone
  FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS n (stage, created, updated, unchanged,
    restored, deleted, purged, excluded, deferred, failed, restarts, read, back)
    LEFT JOIN fresh USING (stage) LEFT JOIN gone USING (stage)),
rates AS (
  INSERT INTO rate AS r (stage, at, read) SELECT stage, $2, read + fresh - back - gone FROM sum
  WHERE read + fresh > back + gone ON CONFLICT (stage, at) DO UPDATE SET read = r.read + excluded.read)
UPDATE stage s SET created = s.created + n.created, updated = s.updated + n.updated,
  unchanged = s.unchanged + n.unchanged, restored = s.restored + n.restored, deleted = s.deleted + n.deleted,
  purged = s.purged + n.purged, excluded = s.excluded + n.excluded, deferred = s.deferred + n.deferred,
  failed = s.failed + n.failed + n.fresh - n.gone, restarts = s.restarts + n.restarts, changed_at = $1,
  carried_at = CASE WHEN n.read + n.fresh > 0 THEN $1 ELSE s.carried_at END
FROM sum n WHERE s.id = n.stage)sql";

constexpr std::string_view keep_failures = R"sql(
INSERT INTO exception AS e (stage, day, organisation, part, record_id, last_changed, member, message, hint,
  body_excerpt, http_status, attempts, first_at, last_at, state)
SELECT n.stage, n.day, n.organisation, n.part, n.record_id, n.last_changed, n.member, n.message, n.hint,
  n.body_excerpt, n.http_status, n.attempts, $1, $1, 0
FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY AS n (stage, day, organisation, part,
  record_id, last_changed, member, message, hint, body_excerpt, http_status, attempts, position) ORDER BY n.position
ON CONFLICT (stage, record_id) DO UPDATE SET day = excluded.day, organisation = excluded.organisation,
  part = excluded.part, last_changed = excluded.last_changed, member = excluded.member, message = excluded.message,
  hint = excluded.hint, http_status = excluded.http_status, attempts = e.attempts + excluded.attempts,
  last_at = excluded.last_at, state = excluded.state, closed_reason = '', closed_by = '',
  body_excerpt = excluded.body_excerpt)sql";

constexpr std::string_view resolve_exceptions =
    "UPDATE exception SET state = 2, last_at = $1 WHERE id = ANY ($2)";

constexpr std::string_view delete_wake_ups = "DELETE FROM wake_up WHERE id = ANY ($1)";

constexpr std::string_view keep_wake_ups = R"sql(
INSERT INTO wake_up (row, stage, key, due, payload, api, why, since)
SELECT n.row, n.stage, n.key, n.due, n.payload, n.api, n.why, n.since
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS n (row, stage, key, due, payload, api, why, since,
  position) ORDER BY n.position
ON CONFLICT (row, stage, key) DO UPDATE SET due = excluded.due, payload = excluded.payload, api = excluded.api,
  why = excluded.why, since = excluded.since)sql";

constexpr std::string_view move_cursors = R"sql(
INSERT INTO feed (stage, name, checkpoint, tie_ids, changed_at)
SELECT stage, name, checkpoint, tie_ids, $1 FROM unnest($2, $3, $4, $5) AS n (stage, name, checkpoint, tie_ids)
ON CONFLICT (stage, name) DO UPDATE SET checkpoint = excluded.checkpoint, tie_ids = excluded.tie_ids,
  changed_at = excluded.changed_at)sql";

constexpr std::string_view note_up_to_dates = R"sql(
UPDATE feed SET up_to_date_at = n.at FROM unnest($1, $2, $3) AS n (stage, name, at)
WHERE feed.stage = n.stage AND feed.name = n.name)sql";

constexpr std::string_view delete_inbox = "DELETE FROM inbox WHERE id = ANY ($1)";

constexpr std::string_view forget_verifications = R"sql(
DELETE FROM verification v USING unnest($1, $2) AS moved (stage, day) JOIN stage ON stage.id = moved.stage
WHERE v.row = stage.row AND v.day = moved.day)sql";

Parameters with(Instant now) {
  return Parameters::of(now);
}

} // namespace

// -- collecting -----------------------------------------------------------------------

void Batch::begin(const KnownShard& known) {
  const auto& shard = known.shard;
  begun_.add(known.stage, shard.key.day, known.organisation, shard.key.part, static_cast<int>(shard.state),
             shard.from, shard.to, shard.checkpoint.at, now_);
  tally_.begun(known.stage, known.organisation, shard);
}

void Batch::change(KnownShard& after, const Shard& before, std::int64_t freed_by) {
  const auto& key = after.shard.key;
  if (key.part == 0 && due_shards_.contains({after.stage, key.day, after.organisation})) send();
  auto& freed = changed_[&after];
  freed = std::max(freed, freed_by);
  tally_.changed(after.stage, after.organisation, before, after.shard);
}

void Batch::hand_over(std::int64_t next, const KnownShard& shard, const std::vector<Handed>& records) {
  blocks_.add(next, shard.shard.key.day, shard.organisation, sql::bytes_of(records));
}

void Batch::make_due(std::int64_t next, const KnownShard& shard, bool more_came) {
  const auto& key = shard.shard.key;
  due_.add(next, key.day, shard.organisation, more_came ? 1 : 0, "more came from " + key.stage);
  due_shards_.emplace(next, key.day, shard.organisation);
}

void Batch::forget_files(const KnownShard& shard) {
  completed_.add(shard.stage, shard.shard.key.day);
}

void Batch::touch(std::int64_t stage, const std::string& record_id) {
  if (!resolved_.empty() || records_.contains({stage, record_id})) send();
  records_.emplace(stage, record_id);
}

void Batch::fail(std::int64_t stage, const Failure& failure, const ShardKey* shard) {
  touch(stage, failure.record_id);
  const Day day = shard != nullptr ? shard->day : day_of(failure.last_changed);
  const bool of_shard = shard != nullptr && failure.organisation.empty();
  failures_.add(stage, day, of_shard ? shard->organisation : failure.organisation,
                shard != nullptr ? shard->part : 0U, failure.record_id, failure.last_changed,
                failure.problem.member, failure.problem.message, failure.problem.hint, failure.body_excerpt,
                failure.http_status, failure.attempts);
  if (shard != nullptr) return;
  fresh_.add(stage, failure.record_id);
  tally_.counted(stage, {}, {});
}

void Batch::settle(std::int64_t stage, const std::string& record_id) {
  touch(stage, record_id);
  settled_.add(stage, record_id);
  tally_.counted(stage, {}, {});
}

void Batch::count(std::int64_t stage, const Counts& added, const Counts& taken_back) {
  tally_.counted(stage, added, taken_back);
}

void Batch::move_cursor(std::int64_t stage, const std::string& feed, const Checkpoint& cursor) {
  cursors_[{stage, feed}] = cursor;
}

void Batch::note_up_to_date(std::int64_t stage, const std::string& feed, Instant at) {
  up_to_date_[{stage, feed}] = at;
}

void Batch::woken(std::int64_t wake_up) {
  if (!wake_ups_.empty()) send();
  woken_.add(wake_up);
}

void Batch::keep(const WakeUp& wake_up) {
  auto key = wake_up.row + '\n' + wake_up.stage + '\n' + wake_up.key;
  if (wake_up_keys_.contains(key)) send();
  wake_up_keys_.insert(std::move(key));
  wake_ups_.add(wake_up.row, wake_up.stage, wake_up.key, wake_up.due, wake_up.payload, wake_up.api,
                wake_up.why, wake_up.since);
}

// -- sending --------------------------------------------------------------------------

void Batch::send(std::string_view sql, const Table& rows) {
  send(sql, {}, rows);
}

void Batch::send(std::string_view sql, Parameters parameters, const Table& rows) {
  if (rows.empty()) return;
  rows.add_to(parameters);
  connection_->send(sql, parameters);
}

void Batch::send() {
  send_shards();
  send_between_stages();
  send_days();
  send_sums();
  send_exceptions();
  send_waiting();
  send_feeds();
  send_moved_days();
  *this = Batch(*connection_, now_);
}

void Batch::send_shards() {
  send(insert_shards, begun_);
  Table rows("iiiiiiiiiibiiiiiiiiiiiiiiti");
  for (const auto& [known, freed_by] : changed_) {
    const auto& shard = known->shard;
    const auto& of = shard.counts.of;
    rows.add(known->stage, shard.key.day, known->organisation, shard.key.part, known->version,
             static_cast<int>(shard.state), shard.retry_at, shard.from, shard.to, shard.checkpoint.at,
             sql::bytes_of(shard.checkpoint.tie_ids), of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7],
             of[8], shard.digest_read.high, shard.digest_read.low, shard.digest_acked.high,
             shard.digest_acked.low, shard.restarts, shard.reason, freed_by);
    ++known->version;
  }
  send(update_shards, with(now_), rows);
}

void Batch::send_between_stages() {
  send(insert_blocks, blocks_);
  send(delete_blocks, blocks_done_);
  send(delete_files, completed_);
  send(make_shards_due, with(now_), due_);
}

void Batch::send_days() {
  Table days("iiiiiiiii");
  Table perhaps_recovered("iii");
  for (const auto& [key, change] : tally_.days()) {
    if (change == sql::Tally::DayChange{}) continue;
    days.add(key.stage, key.day, key.organisation, change.started, change.open, change.complete,
             change.parked, change.read, change.failed);
    if (change.parked < 0 && change.started == 0) perhaps_recovered.add(key.stage, key.day, key.organisation);
  }
  send(add_to_days, days);
  send(note_recoveries, with(now_), perhaps_recovered);
}

void Batch::send_sums() {
  Table sums("iiiiiiiiiiiii");
  for (const auto& [stage, change] : tally_.stages()) {
    const auto by = [&sum = change](Outcome outcome) {
      return static_cast<std::int64_t>(sum.added[outcome] - sum.taken_back[outcome]);
    };
    sums.add(stage, by(Outcome::created), by(Outcome::updated), by(Outcome::unchanged), by(Outcome::restored),
             by(Outcome::deleted), by(Outcome::purged), by(Outcome::excluded), by(Outcome::deferred),
             by(Outcome::failed), change.restarts, change.added.read(), change.taken_back.read());
  }
  if (sums.empty()) return;
  auto parameters = Parameters::of(now_, sql::rate_period_of(now_));
  sums.add_to(parameters);
  fresh_.add_to(parameters);
  settled_.add_to(parameters);
  connection_->send(add_to_sums, parameters);
}

void Batch::send_exceptions() {
  send(keep_failures, with(now_), failures_);
  send(resolve_exceptions, with(now_), resolved_);
}

void Batch::send_waiting() {
  send(delete_wake_ups, woken_);
  send(keep_wake_ups, wake_ups_);
  send(delete_inbox, handled_);
}

void Batch::send_feeds() {
  Table cursors("itib");
  for (const auto& [feed, cursor] : cursors_)
    cursors.add(feed.first, feed.second, cursor.at, sql::bytes_of(cursor.tie_ids));
  send(move_cursors, with(now_), cursors);
  Table up_to_date("iti");
  for (const auto& [feed, at] : up_to_date_)
    up_to_date.add(feed.first, feed.second, at);
  send(note_up_to_dates, up_to_date);
  if (!up_to_date.empty()) connection_->send("DELETE FROM file WHERE until <= $1", with(now_));
}

void Batch::send_moved_days() {
  std::set<std::pair<std::int64_t, Day>> days;
  for (const auto& [stage, day, organisation] : due_shards_)
    days.emplace(stage, day);
  Table moved("ii");
  for (const auto& [stage, change] : tally_.stages())
    for (const auto day : change.moved) {
      moved.add(stage, day);
      days.emplace(stage, day);
    }
  send(forget_verifications, moved);
  send_moves(*connection_, days, now_);
}

void send_moves(Connection& connection, const std::set<std::pair<std::int64_t, Day>>& days, Instant now) {
  for (auto first = days.begin(); first != days.end();) {
    auto moved = integers();
    auto next = first;
    for (; next != days.end() && next->first == first->first; ++next)
      moved.add(next->second);
    connection.send("SELECT move_watermark($1, $2, $3)", Parameters::of(first->first, moved, now));
    first = next;
  }
}

} // namespace dialogferry::ledger::postgres
