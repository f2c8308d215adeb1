#include "schema.hpp"

namespace dialogferry::ledger::postgres {

// Live rows that engines share: pools of duties, of which each engine that wants them has as many as the
// others.
const std::string_view pools = R"sql(
ALTER TABLE inbox ADD version bigint, ADD content bigint; -- what a list has shown of a change that was found there

-- As ledger/partitions.hpp has it.
CREATE FUNCTION partition_of(id text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN right(id, 2) ~ '^[0-9A-Fa-f]{2}$' THEN get_byte(decode(right(id, 2), 'hex'), 0) & 63 ELSE 0 END
$$;

ALTER TABLE duty ADD pool text COLLATE "C" NOT NULL DEFAULT ''; -- empty: of none
CREATE INDEX duty_engine ON duty (engine);

-- Who wants a share of a pool.
CREATE TABLE wish (
  pool   text   COLLATE "C" NOT NULL,
  engine bigint NOT NULL,
  PRIMARY KEY (pool, engine));

CREATE FUNCTION forget_wishes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM wish WHERE engine = NEW.id;
  RETURN NEW;
END $$;
CREATE TRIGGER engine_left AFTER UPDATE ON engine FOR EACH ROW
  WHEN (OLD.left_at IS NULL AND NEW.left_at IS NOT NULL) EXECUTE FUNCTION forget_wishes();

-- How many duties of a pool that has so many an engine may have: as many as the others, or one more where that does
-- not come out even, for those that were there first.
CREATE FUNCTION fair_share(of_pool text, duties bigint, of_engine bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT duties / greatest(n, 1) + CASE WHEN before < duties % greatest(n, 1) THEN 1 ELSE 0 END
  FROM (SELECT count(*) AS n, count(*) FILTER (WHERE engine < of_engine) AS before FROM wish WHERE pool = of_pool) w
$$;
)sql";

} // namespace dialogferry::ledger::postgres
