#include "postgres_ledger.hpp"

#include "engines.hpp"

#include <limits>

namespace dialogferry::ledger::postgres {

namespace {

constexpr std::int64_t finished_at_a_time = 10'000;

constexpr std::string_view note_events_sql = R"sql(
INSERT INTO inbox AS i (row, record_id, received_at, events, version, content)
SELECT row, record_id, (array_agg(received_at ORDER BY position))[1], count(*),
  CASE WHEN bool_and(version IS NOT NULL) THEN (array_agg(version ORDER BY position DESC))[1] END,
  CASE WHEN bool_and(version IS NOT NULL) THEN (array_agg(content ORDER BY position DESC))[1] END
FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS n (row, record_id, received_at, version, content, position)
GROUP BY row, record_id ORDER BY min(position)
ON CONFLICT (row, record_id) DO UPDATE SET id = excluded.id, events = i.events + excluded.events,
  version = CASE WHEN i.version IS NOT NULL THEN excluded.version END,
  content = CASE WHEN i.version IS NOT NULL THEN excluded.content END)sql";

// Ids are given in the order in which entries become visible: whoever reads on from the last one misses none.
constexpr std::string_view lock_inboxes_sql = R"sql(
INSERT INTO inbox_size AS s SELECT row, 0 FROM unnest($1) AS n (row) ORDER BY row
ON CONFLICT (row) DO UPDATE SET records = s.records)sql";

constexpr std::string_view note_files_sql = R"sql(
INSERT INTO file (source_id, target_id, day, until) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view files_sql = R"sql(
SELECT target_id FROM unnest($1) WITH ORDINALITY AS n (source_id, position) LEFT JOIN file USING (source_id)
ORDER BY position)sql";

Uuid uuid_in(std::string_view bytes) {
  Uuid id;
  std::copy_n(bytes.begin(), std::min(bytes.size(), id.bytes.size()), id.bytes.begin());
  return id;
}

} // namespace

PostgresLedger::PostgresLedger(std::unique_ptr<Database> db, std::unique_ptr<Session> session)
    : SqlLedger(std::move(db))
    , session_(std::move(session)) {
  auto& database = static_cast<Database&>(*db_);
  database.begin_writing_with([this](Connection& connection) { session_->begin_writing(connection); });
  database.tell_when_done([this] { session_->note_success(); });
  if (!session_->is_engine()) database.come_back_by([this] { return session_->connect_again(); });
}

Problem PostgresLedger::problem_of(const sql::Error& error) const {
  if (session_->lost_to()) return *session_->lost_to();
  return postgres::problem_of(static_cast<const Error&>(error), session_->place());
}

sql::Recovery PostgresLedger::recover(const sql::Error& error) const {
  const auto recovery = session_->recover(static_cast<const Error&>(error), static_cast<Database&>(*db_));
  if (recovery != sql::Recovery::happened) shards_.clear();
  if (static_cast<const Error&>(error).state == "DF003") ++conflicts_;
  return recovery;
}

Result<std::uint64_t> PostgresLedger::forget(std::string_view row, std::string_view stage, Day from, Day to,
                                             Instant now) {
  shards_.clear();
  return SqlLedger::forget(row, stage, from, to, now);
}

Result<void> PostgresLedger::finished(std::string_view row, std::string_view stage,
                                      const std::function<void(const FinishedShard&)>& each) const {
  struct Found {
    Day day;
    std::int64_t organisation = 0;
    std::uint32_t part = 0;
    ShardState state = ShardState::complete;
    Instant retry_at;
    std::string code;
  };
  Found last;
  last.day = {std::numeric_limits<std::int32_t>::max()};
  std::vector<Found> page;
  do {
    auto read = reading([&] {
      std::vector<Found> found;
      auto shard = db_->query(
          "SELECT day, shard.organisation, part, state, retry_at, code FROM shard "
          "JOIN organisation ON organisation.id = shard.organisation "
          "WHERE stage = ?1 AND state <> 0 AND day <= ?2 AND "
          "(day < ?2 OR shard.organisation > ?3 OR (shard.organisation = ?3 AND part > ?4)) "
          "ORDER BY day DESC, shard.organisation, part LIMIT ?5",
          find_stage(row, stage).value_or(0), last.day, last.organisation, last.part, finished_at_a_time);
      while (shard.step())
        found.push_back({shard.day(0), shard.integer(1), static_cast<std::uint32_t>(shard.integer(2)),
                         static_cast<ShardState>(shard.integer(3)), shard.instant(4), shard.string(5)});
      return found;
    });
    if (!read) return tl::unexpected<Problem>(read.error());
    page = std::move(*read);
    for (const auto& found : page)
      each({found.day, found.code, found.part, found.state, found.retry_at});
    if (!page.empty()) last = page.back();
  } while (page.size() == finished_at_a_time);
  return {};
}

Result<void> PostgresLedger::note_events(std::span<const InboxEvent> events) {
  if (events.empty()) return {};
  return writing([&] {
    std::set<std::string> rows;
    for (const auto& event : events)
      rows.insert(event.row);
    lock_inboxes(rows);
    send_events(events);
  });
}

void PostgresLedger::lock_inboxes(const std::set<std::string>& rows) {
  if (rows.empty()) return;
  auto names = texts();
  for (const auto& row : rows)
    names.add(row);
  connection().send(lock_inboxes_sql, Parameters::of(names));
}

/// Within a transaction that has locked the inboxes of their rows.
void PostgresLedger::send_events(std::span<const InboxEvent> events) {
  if (events.empty()) return;
  Table rows("ttiii");
  std::set<std::string> wake;
  for (const auto& event : events) {
    const auto version = event.listed ? std::optional(event.listed->last_changed) : std::nullopt;
    rows.add(event.row, event.record_id, event.received_at, version,
             event.listed ? event.listed->content : std::uint64_t{0});
    if (others_carry(event.row)) wake.insert(event.row);
  }
  connection().send(note_events_sql, rows.parameters());
  for (const auto& row : wake)
    connection().send("SELECT pg_notify($1, $2)", Parameters::of(inbox_channel, std::string_view(row)));
}

/// Whether other engines carry events of a row, some or all: names of duties and pools begin with the row's.
bool PostgresLedger::others_carry(const std::string& row) const {
  const auto has = [prefix = row + '/'](const std::set<std::string>& names) {
    const auto first = names.lower_bound(prefix);
    return first != names.end() && first->starts_with(prefix);
  };
  return has(shared_) || !has(duties_);
}

Result<void> PostgresLedger::note_files(std::span<const TakenFile> files) {
  if (files.empty()) return {};
  return writing([&] {
    Table rows("tbii");
    for (const auto& file : files)
      rows.add(file.source_id, sql::bytes_of(std::vector{file.target_id}), file.day, file.until);
    connection().send(note_files_sql, rows.parameters());
  });
}

Result<std::vector<std::optional<Uuid>>>
PostgresLedger::files(std::span<const std::string> source_ids) const {
  return reading([&] {
    Table rows("t");
    for (const auto& id : source_ids)
      rows.add(id);
    const auto found = connection().ask(files_sql, rows.parameters());
    std::vector<std::optional<Uuid>> ids;
    for (int row = 0; row < found.rows(); ++row)
      ids.push_back(found.null(row, 0) ? std::nullopt : std::optional(uuid_in(found.text(row, 0))));
    return ids;
  });
}

// -- several engines ----------------------------------------------------------------------

void PostgresLedger::lock_stages(const std::set<std::int64_t>& stages) {
  auto ids = integers();
  for (const auto id : stages)
    ids.add(id);
  connection().send("SELECT id FROM stage WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE",
                    Parameters::of(ids));
}

Result<Heard> PostgresLedger::tell(const News& news, Instant) {
  std::set<std::string> shared;
  auto heard = writing([&] {
    Heard heard;
    auto& line = connection();
    const auto me = engine();
    line.send(
        "UPDATE engine SET records = records + $2, rate = $3 WHERE id = $1",
        Parameters::of(me, static_cast<std::int64_t>(news.records), static_cast<std::int64_t>(news.rate)));
    share_duties(line, me, news, heard);
    shared = shared_pools(line);
    for (auto row = db_->query("SELECT e.name FROM engine e, engine me WHERE me.id = ? AND e.left_at IS NULL "
                               "AND e.configuration <> me.configuration ORDER BY e.name",
                               me);
         row.step();)
      heard.others.push_back(row.string(0));
    heard.settings = sql::all_settings(*db_);
    return heard;
  });
  if (!heard) return heard;
  auto ended = reading([&] { return end_the_dead(connection(), engine()); });
  if (!ended) return tl::unexpected<Problem>(ended.error());
  duties_ = {heard->duties.begin(), heard->duties.end()};
  shared_ = std::move(shared);
  heard->ended = std::move(*ended);
  heard->next = session_->lease() / 3;
  return heard;
}

void PostgresLedger::leave(std::string_view why) noexcept {
  session_->leave(connection(), why);
}

std::vector<EngineEntry> PostgresLedger::engines() const {
  return engines_of(connection());
}

Result<bool> PostgresLedger::changed_elsewhere() {
  return reading([&] {
    const auto times = db_->value("SELECT times FROM written_by_tools");
    const bool changed = times != written_by_tools_;
    written_by_tools_ = times;
    return changed;
  });
}

} // namespace dialogferry::ledger::postgres
