#pragma once

#include <string_view>

namespace dialogferry::ledger::postgres {

/// A step of the schema: where several engines keep one rate an API between them (one_rate.hpp). What is in
/// here is of the moment: it is not written through, nor copied, and a crash of the server may empty it.
/// Moments are microseconds of the database's clock. How long a share and the lead last stands in
/// one_rate.hpp as well.
inline constexpr std::string_view one_rate_step = R"sql(
CREATE UNLOGGED TABLE api_rate (
  api          text   COLLATE "C" PRIMARY KEY,
  leader       text   COLLATE "C" NOT NULL DEFAULT '',
  leads_until  bigint NOT NULL DEFAULT 0,
  found_limit  float8 NOT NULL DEFAULT 0,       -- requests a second; 0: none
  pace         float8 NOT NULL DEFAULT 0,
  reduction    bigint NOT NULL DEFAULT 0,
  paused_until bigint NOT NULL DEFAULT 0,
  passed       bigint NOT NULL DEFAULT 0,       -- answers that who leads has not heard of
  throttled    bigint NOT NULL DEFAULT 0,
  late         bigint NOT NULL DEFAULT 0,
  held_back    bigint NOT NULL DEFAULT 0) WITH (fillfactor = 10);

CREATE UNLOGGED TABLE rate_share (
  api     text   COLLATE "C" NOT NULL,
  engine  text   COLLATE "C" NOT NULL,
  share   float8 NOT NULL DEFAULT 0,
  is_new  boolean NOT NULL DEFAULT true,
  until   bigint NOT NULL,
  wanted  float8 NOT NULL,                      -- requests a second
  PRIMARY KEY (api, engine)) WITH (fillfactor = 10);

CREATE FUNCTION rate_clock() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
$$;

-- What an engine gets of one API: what it wants, or the same as the others; what nobody wants is spread evenly.
-- It gets no more than the others have left at the moment, so that all shares together are never more than 1.
CREATE FUNCTION rate_shares(of_api text, whole float8, me text, at bigint,
  OUT engines bigint, OUT share float8)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  WITH living AS (
    SELECT *, CASE WHEN whole > 0 THEN wanted / whole ELSE 1 END AS wish, engine <> me AS other
      FROM rate_share WHERE api = of_api AND until BETWEEN at AND at + 300000),
  ranked AS (
    SELECT *, count(*) OVER () AS n, row_number() OVER w AS position, sum(wish) OVER w - wish AS smaller
      FROM living WINDOW w AS (ORDER BY wish, engine ROWS UNBOUNDED PRECEDING))
  SELECT count(*),
    greatest(0, least(
      least(max(wish) FILTER (WHERE NOT other), max((1 - smaller) / (n - position + 1)))
        + greatest(0, 1 - sum(wish)) / count(*),
      1 - coalesce(sum(share) FILTER (WHERE other), 0)))
  INTO engines, share FROM ranked;
END $$;

-- Tells what an engine did, and says what the others have told. Rates and shares come and go in millionths. APIs
-- come in the order of their names, so that no two engines wait for each other.
CREATE FUNCTION exchange_rates(me text, apis text[], rates bigint[], wishes bigint[],
  passes bigint[], throttles bigint[], lates bigint[], helds bigint[],
  limits bigint[], paces bigint[], reductions bigint[], pauses bigint[])
RETURNS TABLE (share bigint, engines bigint, leads bigint, passed bigint, throttled bigint, late bigint, held_back bigint,
  found_limit bigint, pace bigint, reduction bigint, pause bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  u record;
  r api_rate%ROWTYPE;
  s record;
  at bigint;
  led boolean;
  is_new boolean;
BEGIN
  FOR u IN SELECT * FROM unnest(apis, rates, wishes, passes, throttles, lates, helds, limits, paces, reductions, pauses)
      AS n (api, rate, wish, passed, throttled, late, held_back, found_limit, pace, reduction, pause) LOOP
    SELECT * INTO r FROM api_rate a WHERE a.api = u.api FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO api_rate (api) VALUES (u.api) ON CONFLICT DO NOTHING;
      SELECT * INTO r FROM api_rate a WHERE a.api = u.api FOR UPDATE;
    END IF;
    at := rate_clock();

    led := r.leader = me;
    IF led THEN
      r.found_limit := u.found_limit / 1e6;
      r.pace := u.pace / 1e6;
      r.reduction := u.reduction;
    END IF;
    IF u.pause > 0 THEN r.paused_until := greatest(r.paused_until, at + u.pause); END IF;
    r.passed := r.passed + u.passed;
    IF u.reduction = r.reduction THEN
      r.throttled := r.throttled + u.throttled;
      r.late := r.late + u.late;
    ELSE
      r.late := r.late + u.throttled + u.late;
    END IF;
    r.held_back := greatest(r.held_back, u.held_back);
    leads := (led OR r.leads_until NOT BETWEEN at AND at + 1000000)::int;
    passed := 0; throttled := 0; late := 0; held_back := 0;
    IF leads = 1 THEN
      r.leader := me;
      r.leads_until := at + 1000000;
      passed := r.passed; throttled := r.throttled; late := r.late; held_back := r.held_back;
      r.passed := 0; r.throttled := 0; r.late := 0; r.held_back := 0;
    END IF;
    UPDATE api_rate a SET leader = r.leader, leads_until = r.leads_until, found_limit = r.found_limit, pace = r.pace,
      reduction = r.reduction, paused_until = r.paused_until, passed = r.passed, throttled = r.throttled, late = r.late,
      held_back = r.held_back WHERE a.api = u.api;

    INSERT INTO rate_share AS x (api, engine, until, wanted) VALUES (u.api, me, at + 300000, u.wish / 1e6)
      ON CONFLICT (api, engine) DO UPDATE SET until = excluded.until, wanted = excluded.wanted,
        is_new = x.until NOT BETWEEN at AND excluded.until
      RETURNING x.is_new INTO is_new;
    SELECT * INTO s FROM rate_shares(u.api, least(nullif(u.rate / 1e6, 0), nullif(r.pace, 0)), me, at);
    IF is_new THEN -- somebody may go on with a share of before: the first one is given next time
      s.share := 0;
      DELETE FROM rate_share x WHERE x.api = u.api AND x.until NOT BETWEEN at - 10000000 AND at + 300000;
    END IF;
    UPDATE rate_share x SET share = s.share WHERE x.api = u.api AND x.engine = me;

    share := floor(s.share * 1e6)::bigint;
    engines := s.engines;
    found_limit := (r.found_limit * 1e6)::bigint;
    pace := (r.pace * 1e6)::bigint;
    reduction := r.reduction;
    pause := greatest(0, r.paused_until - at);
    RETURN NEXT;
  END LOOP;
END $$;

CREATE FUNCTION leave_rates(me text) RETURNS void LANGUAGE sql AS $$
  SELECT FROM api_rate ORDER BY api FOR UPDATE;
  UPDATE api_rate SET leads_until = 0 WHERE leader = me;
  DELETE FROM rate_share WHERE engine = me;
$$;
)sql";

} // namespace dialogferry::ledger::postgres
