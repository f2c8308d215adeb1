#include "schema.hpp"

namespace dialogferry::ledger::postgres {

// Several engines: each has one lease, and what it works on hangs on it.
const std::string_view several_engines = R"sql(
DROP FUNCTION fence(bigint, bigint);
DROP TABLE writer;

ALTER TABLE ledger ADD lease bigint NOT NULL DEFAULT 5000; -- ms: an engine that is not heard of for so long is ended

-- Engines, also those that have left. Times by the clock of this database. Whoever ends one raises its epoch; what
-- comes late from it is refused.
CREATE TABLE engine (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name      text   COLLATE "C" NOT NULL,
  host      text   NOT NULL,
  machine   text   NOT NULL,                  -- where its process id means what it does there
  process   bigint NOT NULL,
  version   text   NOT NULL,
  configuration text NOT NULL,
  started   bigint NOT NULL,
  seen      bigint NOT NULL,
  expires   bigint NOT NULL,
  steady    bigint NOT NULL,                  -- since when its lease has never run out
  epoch     bigint NOT NULL DEFAULT 0,
  committed bigint NOT NULL DEFAULT 0,        -- number of the last commit: whether one whose answer was lost happened
  records   bigint NOT NULL DEFAULT 0,
  rate      bigint NOT NULL DEFAULT 0,
  left_at   bigint,
  left_why  text   NOT NULL DEFAULT '') WITH (fillfactor = 20);
CREATE UNIQUE INDEX engine_name ON engine (name) WHERE left_at IS NULL;

-- What one engine does for all, and which one.
CREATE TABLE duty (
  name   text   COLLATE "C" PRIMARY KEY,
  engine bigint NOT NULL);

ALTER TABLE shard ADD engine bigint;          -- who carries it; null: nobody
CREATE INDEX shard_claimed ON shard (stage, day) WHERE engine IS NOT NULL;

CREATE FUNCTION ticks() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 10000000)::bigint
$$;

-- Renews a lease. Nobody else has the engine's work as long as its epoch is what it was, however late it comes.
CREATE FUNCTION renew(of_engine bigint, of_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  at bigint := ticks();
BEGIN
  UPDATE engine SET seen = at, steady = CASE WHEN expires < at THEN at ELSE steady END,
    expires = at + (SELECT lease FROM ledger) * 10000 WHERE id = of_engine AND epoch = of_epoch;
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'DF002', MESSAGE = 'the lease was lost'; END IF;
END $$;

-- Numbers a commit, and renews the lease of its engine.
CREATE FUNCTION fence(of_engine bigint, of_epoch bigint, number bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  at bigint := ticks();
BEGIN
  UPDATE engine SET committed = number, seen = at, steady = CASE WHEN expires < at THEN at ELSE steady END,
    expires = at + (SELECT lease FROM ledger) * 10000 WHERE id = of_engine AND epoch = of_epoch;
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'DF002', MESSAGE = 'the lease was lost'; END IF;
END $$;

-- Frees what an engine has; one that was lost only where its lease has not been renewed meanwhile. 7 is
-- JournalKind::engine_ended.
CREATE FUNCTION end_engine(of_engine bigint, why text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE engine SET epoch = epoch + 1, left_at = ticks(), left_why = why
    WHERE id = of_engine AND left_at IS NULL AND (why <> 'lost' OR expires < ticks());
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM FROM stage WHERE id IN (SELECT stage FROM shard WHERE engine = of_engine) ORDER BY id FOR NO KEY UPDATE;
  UPDATE shard SET engine = NULL WHERE engine = of_engine;
  DELETE FROM duty WHERE engine = of_engine;
  IF why IN ('gone', 'lost') THEN
    INSERT INTO journal (at, kind, row, stage, who, subject, value)
      SELECT ticks(), 7, '', '', '', name, why FROM engine WHERE id = of_engine;
  END IF;
  RETURN true;
END $$;
)sql";

} // namespace dialogferry::ledger::postgres
