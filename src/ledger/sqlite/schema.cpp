#include "schema.hpp"

#include <array>
#include <string>

namespace dialogferry::ledger::sqlite {

namespace {

// Times are ticks of 100 ns, days numbers since 1970-01-01 (model/time.hpp). Keys put the newest day first:
// history is written newest first, and rows that come in key order are several times cheaper to add.
constexpr std::string_view history = R"sql(
CREATE TABLE ledger (
  only_one    INTEGER PRIMARY KEY CHECK (only_one = 1),
  environment TEXT    NOT NULL,
  created_at  INTEGER NOT NULL);

CREATE TABLE stage (
  id            INTEGER PRIMARY KEY,
  row           TEXT    NOT NULL,
  stage         TEXT    NOT NULL,
  plan_from     INTEGER,                      -- null: no plan
  cutover       INTEGER,
  organisations INTEGER NOT NULL DEFAULT 0,   -- how many are planned
  watermark     INTEGER,                      -- a day
  exceptions    INTEGER NOT NULL DEFAULT 0,   -- parked days from there to the cut-over
  -- sums over all shards and feeds
  created INTEGER NOT NULL DEFAULT 0, updated  INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, purged    INTEGER NOT NULL DEFAULT 0,
  excluded INTEGER NOT NULL DEFAULT 0, deferred INTEGER NOT NULL DEFAULT 0, failed   INTEGER NOT NULL DEFAULT 0,
  restarts      INTEGER NOT NULL DEFAULT 0,
  changed_at    INTEGER,
  UNIQUE (row, stage));

CREATE TABLE organisation (
  id   INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE);

CREATE TABLE planned (
  stage        INTEGER NOT NULL,
  organisation INTEGER NOT NULL,
  PRIMARY KEY (stage, organisation)) WITHOUT ROWID;

CREATE TABLE shard (
  stage        INTEGER NOT NULL,
  day          INTEGER NOT NULL,
  organisation INTEGER NOT NULL,
  part         INTEGER NOT NULL,
  state        INTEGER NOT NULL,              -- ShardState
  retry_at     INTEGER NOT NULL DEFAULT 0,
  window_from  INTEGER NOT NULL,
  window_to    INTEGER NOT NULL,
  checkpoint   INTEGER NOT NULL,
  tie_ids      BLOB,                          -- 16 bytes each
  created INTEGER NOT NULL DEFAULT 0, updated  INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, purged    INTEGER NOT NULL DEFAULT 0,
  excluded INTEGER NOT NULL DEFAULT 0, deferred INTEGER NOT NULL DEFAULT 0, failed   INTEGER NOT NULL DEFAULT 0,
  read_high    INTEGER NOT NULL DEFAULT 0,    -- digests
  read_low     INTEGER NOT NULL DEFAULT 0,
  acked_high   INTEGER NOT NULL DEFAULT 0,
  acked_low    INTEGER NOT NULL DEFAULT 0,
  restarts     INTEGER NOT NULL DEFAULT 0,
  reason       TEXT    NOT NULL DEFAULT '',
  changed_at   INTEGER NOT NULL,
  PRIMARY KEY (stage, day DESC, organisation, part)) WITHOUT ROWID;
CREATE INDEX shard_open ON shard (stage, day DESC) WHERE state = 0;
CREATE INDEX shard_parked ON shard (stage, day DESC) WHERE state = 2;

CREATE TABLE day (                            -- sums over the shards of planned organisations
  stage    INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  started  INTEGER NOT NULL DEFAULT 0,        -- organisations
  open     INTEGER NOT NULL DEFAULT 0,        -- shards
  complete INTEGER NOT NULL DEFAULT 0,
  parked   INTEGER NOT NULL DEFAULT 0,
  read     INTEGER NOT NULL DEFAULT 0,        -- records
  failed   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stage, day DESC)) WITHOUT ROWID;
CREATE INDEX day_parked ON day (stage, day DESC) WHERE parked > 0;

CREATE TABLE exception (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  stage        INTEGER NOT NULL,
  day          INTEGER NOT NULL,
  organisation TEXT    NOT NULL,
  part         INTEGER NOT NULL,
  record_id    TEXT    NOT NULL,
  last_changed INTEGER NOT NULL,
  member       TEXT    NOT NULL,              -- problem
  message      TEXT    NOT NULL,
  hint         TEXT    NOT NULL,
  http_status  INTEGER NOT NULL,
  attempts     INTEGER NOT NULL,
  first_at     INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  state        INTEGER NOT NULL,              -- ExceptionState
  closed_reason TEXT   NOT NULL DEFAULT '',
  closed_by    TEXT    NOT NULL DEFAULT '',
  body_excerpt TEXT    NOT NULL,
  UNIQUE (stage, record_id));
CREATE INDEX exception_day ON exception (stage, day);
CREATE INDEX exception_cause ON exception (stage, state, member, http_status);
CREATE INDEX exception_retrying ON exception (id) WHERE state = 1;

CREATE TABLE feed (
  stage      INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  checkpoint INTEGER NOT NULL,
  tie_ids    BLOB,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (stage, name)) WITHOUT ROWID;

CREATE TABLE rate (                           -- records read in ten seconds
  stage INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  read  INTEGER NOT NULL,
  PRIMARY KEY (stage, at)) WITHOUT ROWID;

CREATE TABLE change (                         -- how far a stage came on one day
  on_day     INTEGER NOT NULL,
  stage      INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  before     INTEGER,
  after      INTEGER,
  exceptions INTEGER NOT NULL,
  PRIMARY KEY (on_day, stage)) WITHOUT ROWID;

CREATE TABLE note (
  id  INTEGER PRIMARY KEY AUTOINCREMENT,
  at  INTEGER NOT NULL,
  who TEXT    NOT NULL);
CREATE TABLE note_text (
  note     INTEGER NOT NULL,
  language TEXT    NOT NULL,
  text     TEXT    NOT NULL,
  PRIMARY KEY (note, language)) WITHOUT ROWID;

CREATE TABLE goal (
  id        INTEGER PRIMARY KEY,
  name_en   TEXT    NOT NULL,
  name_nb   TEXT    NOT NULL,
  from_day  INTEGER NOT NULL,
  deadline  INTEGER NOT NULL);
CREATE TABLE goal_row (
  goal     INTEGER NOT NULL,
  position INTEGER NOT NULL,
  row      TEXT    NOT NULL,
  PRIMARY KEY (goal, position)) WITHOUT ROWID;
)sql";

constexpr std::string_view live = R"sql(
CREATE TABLE inbox (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  row         TEXT    NOT NULL,
  record_id   TEXT    NOT NULL,
  received_at INTEGER NOT NULL,
  events      INTEGER NOT NULL,
  UNIQUE (row, record_id));

CREATE TABLE wake_up (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  row     TEXT    NOT NULL,
  stage   TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  due     INTEGER NOT NULL,
  payload TEXT    NOT NULL,
  UNIQUE (row, stage, key));
CREATE INDEX wake_up_due ON wake_up (row, due);
)sql";

// How much waits is kept beside what waits: counting it would cost more the more there is.
constexpr std::string_view freshness = R"sql(
CREATE TABLE inbox_size (
  row     TEXT    NOT NULL PRIMARY KEY,
  records INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO inbox_size SELECT row, count(*) FROM inbox GROUP BY row;
CREATE TRIGGER inbox_more AFTER INSERT ON inbox BEGIN
  INSERT INTO inbox_size VALUES (new.row, 1) ON CONFLICT DO UPDATE SET records = records + 1;
END;
CREATE TRIGGER inbox_less AFTER DELETE ON inbox BEGIN
  UPDATE inbox_size SET records = records - 1 WHERE row = old.row;
END;
CREATE INDEX inbox_oldest ON inbox (row, received_at);

ALTER TABLE feed ADD COLUMN up_to_date_at INTEGER;
ALTER TABLE stage ADD COLUMN carried_at INTEGER;
)sql";

// For whom a record waits: api is empty where it waits for nobody.
constexpr std::string_view moments = R"sql(
ALTER TABLE wake_up ADD COLUMN api   TEXT    NOT NULL DEFAULT '';
ALTER TABLE wake_up ADD COLUMN why   TEXT    NOT NULL DEFAULT '';
ALTER TABLE wake_up ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
CREATE INDEX wake_up_held ON wake_up (row, stage, api, why) WHERE api <> '';
)sql";

// What one stage hands to the next, and the files that were sent before their records.
constexpr std::string_view stages = R"sql(
CREATE TABLE block (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  stage        INTEGER NOT NULL,              -- that goes on with it
  day          INTEGER NOT NULL,
  organisation INTEGER NOT NULL,
  records      BLOB    NOT NULL);             -- 20 bytes each: source id, target id
CREATE INDEX block_day ON block (stage, day, organisation, id);

CREATE TABLE file (
  source_id TEXT    NOT NULL PRIMARY KEY,
  target_id BLOB    NOT NULL,
  day       INTEGER NOT NULL,
  until     INTEGER) WITHOUT ROWID;
CREATE INDEX file_day ON file (day);
CREATE INDEX file_until ON file (until) WHERE until IS NOT NULL;
)sql";

// What operators change, what has happened besides, and what comparing days has shown.
constexpr std::string_view operating = R"sql(
CREATE TABLE setting (
  name  TEXT    NOT NULL PRIMARY KEY,
  value TEXT    NOT NULL,
  who   TEXT    NOT NULL,
  at    INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE journal (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  kind    INTEGER NOT NULL,                   -- JournalKind
  row     TEXT    NOT NULL,
  stage   TEXT    NOT NULL,
  day     INTEGER,
  who     TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  value   TEXT    NOT NULL);
CREATE UNIQUE INDEX journal_goal ON journal (subject) WHERE kind = 3;

CREATE TABLE verification (
  row        TEXT    NOT NULL,
  day        INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  how        INTEGER NOT NULL,                -- VerifyMethod
  source     INTEGER NOT NULL,
  target     INTEGER NOT NULL,
  compared   INTEGER NOT NULL,
  missing    INTEGER NOT NULL,
  unexpected INTEGER NOT NULL,
  stale      INTEGER NOT NULL,
  wrong      INTEGER NOT NULL,
  repaired   INTEGER NOT NULL,
  PRIMARY KEY (row, day DESC)) WITHOUT ROWID;
CREATE TABLE difference (
  row       TEXT    NOT NULL,
  day       INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  kind      INTEGER NOT NULL,                 -- DifferenceKind
  record_id TEXT    NOT NULL,
  dialog    BLOB    NOT NULL,
  member    TEXT    NOT NULL,
  source    TEXT    NOT NULL,
  target    TEXT    NOT NULL,
  repaired  INTEGER NOT NULL,
  PRIMARY KEY (row, day, position)) WITHOUT ROWID;
CREATE TRIGGER verification_gone AFTER DELETE ON verification BEGIN
  DELETE FROM difference WHERE row = old.row AND day = old.day;
END;
)sql";

// Who carries a shard: the one engine there is, or nobody.
constexpr std::string_view claims = R"sql(
ALTER TABLE shard ADD COLUMN engine INTEGER;
CREATE INDEX shard_claimed ON shard (stage, day DESC) WHERE engine IS NOT NULL;
)sql";

// What a list has shown of a change that was found there.
constexpr std::string_view found_changes = R"sql(
ALTER TABLE inbox ADD COLUMN version INTEGER;
ALTER TABLE inbox ADD COLUMN content INTEGER;
)sql";

constexpr std::array<std::string_view, 8> steps = {history, live,      freshness, moments,
                                                   stages,  operating, claims,    found_changes};

} // namespace

std::span<const std::string_view> migrations() {
  return steps;
}

void migrate(Database& db, std::int64_t version) {
  sql::Transaction transaction(db, sql::Access::write);
  for (auto step = version; step < schema_version(); ++step)
    db.run(std::string(steps.at(static_cast<std::size_t>(step))).c_str());
  db.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
  db.run(("PRAGMA user_version = " + std::to_string(schema_version())).c_str());
  transaction.commit();
}

} // namespace dialogferry::ledger::sqlite
