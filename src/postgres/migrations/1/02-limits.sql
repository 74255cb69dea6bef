-- How many requests Push still takes with each key: the same as the pure functions of upstream/limiter/bucket.ts, of which the
-- comments there say why. Emptied by a crash: what is not known counts as spent.
CREATE UNLOGGED TABLE bucket (
  id text PRIMARY KEY,
  level float8 NOT NULL, at float8 NOT NULL,
  slowed_at float8 NOT NULL, slowed_to float8 NOT NULL, paused_until float8 NOT NULL,
  -- Requests on their way, and when each counts as arrived.
  lease_ids text[] NOT NULL, lease_ends float8[] NOT NULL,
  -- Replicas at which somebody waits or waited of late: until when each goes before all background reading, and when it got a
  -- token last for somebody; whoever got one the longest ago goes first.
  turn_replicas text[] NOT NULL, turn_ends float8[] NOT NULL, turn_served float8[] NOT NULL,
  -- The start of the server that wrote it last: by another one, its last changes may be missing.
  boot timestamptz NOT NULL
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0.01);

CREATE FUNCTION bucket_recovered(b bucket, t float8, p_rate float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT least(p_rate, (b).slowed_to + p_rate * greatest(0, t - greatest((b).slowed_at, (b).paused_until)) / 15000)
$$;

CREATE FUNCTION bucket_rate(b bucket, t float8, p_rate float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT greatest(least(1, p_rate), bucket_recovered(b, t, p_rate))
$$;

CREATE FUNCTION bucket_refilled(b bucket, t float8, p_rate float8, p_burst float8) RETURNS bucket LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  by_ms float8 := t - b.at;
  begun float8;
  n int := cardinality(b.lease_ids);
BEGIN
  IF by_ms < 0 THEN
    -- Whatever was to last a while lasts no longer because the clock was set back.
    b.at := b.at + by_ms;
    b.slowed_at := b.slowed_at + by_ms;
    b.paused_until := b.paused_until + by_ms;
    b.lease_ends := ARRAY(SELECT e + by_ms FROM unnest(b.lease_ends) WITH ORDINALITY AS x(e, i) ORDER BY i);
    b.turn_ends := ARRAY(SELECT e + by_ms FROM unnest(b.turn_ends) WITH ORDINALITY AS x(e, i) ORDER BY i);
    b.turn_served := ARRAY(SELECT s + by_ms FROM unnest(b.turn_served) WITH ORDINALITY AS x(s, i) ORDER BY i);
  END IF;
  begun := greatest(b.at, least(b.paused_until, t));
  b.level := least(p_burst, b.level + (t - begun) * (bucket_rate(b, begun, p_rate) * 0.999::float8 / 1000));
  b.at := t;
  IF EXISTS (SELECT FROM unnest(b.lease_ends) AS e WHERE e <= t) THEN
    SELECT coalesce(array_agg(l ORDER BY i), '{}'), coalesce(array_agg(e ORDER BY i), '{}') INTO b.lease_ids, b.lease_ends
      FROM unnest(b.lease_ids, b.lease_ends) WITH ORDINALITY AS x(l, e, i) WHERE e > t;
    b.level := b.level - (n - cardinality(b.lease_ids));
  END IF;
  IF EXISTS (SELECT FROM unnest(b.turn_ends, b.turn_served) AS x(e, s) WHERE greatest(e, s + 5000) <= t) THEN
    SELECT coalesce(array_agg(r ORDER BY i), '{}'), coalesce(array_agg(e ORDER BY i), '{}'), coalesce(array_agg(s ORDER BY i), '{}')
      INTO b.turn_replicas, b.turn_ends, b.turn_served
      FROM unnest(b.turn_replicas, b.turn_ends, b.turn_served) WITH ORDINALITY AS x(r, e, s, i) WHERE greatest(e, s + 5000) > t;
  END IF;
  RETURN b;
END $$;

-- The bucket at this moment, which nobody else changes before this transaction is over.
CREATE FUNCTION bucket_now(p_id text, p_rate float8, p_burst float8) RETURNS bucket LANGUAGE plpgsql AS $$
DECLARE
  b bucket;
  t float8;
  here timestamptz := pg_postmaster_start_time();
BEGIN
  SELECT * INTO b FROM bucket WHERE id = p_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO bucket VALUES (p_id, 0, ms(), 0, p_rate, ms() + 1000 * p_burst / p_rate, '{}', '{}', '{}', '{}', '{}', here)
      ON CONFLICT DO NOTHING;
    SELECT * INTO b FROM bucket WHERE id = p_id FOR UPDATE;
  END IF;
  -- After the lock, so that no other change comes between.
  t := ms();
  b := bucket_refilled(b, t, p_rate, p_burst);
  IF b.boot <> here THEN
    b.boot := here;
    b.level := least(b.level, 0);
    -- This pause is none of Push's: what the rate has recovered by now stays.
    b.slowed_to := bucket_recovered(b, t, p_rate);
    b.paused_until := greatest(b.paused_until, t + 1000 * p_burst / p_rate);
  END IF;
  RETURN b;
END $$;

CREATE FUNCTION bucket_keep(b bucket) RETURNS void LANGUAGE sql AS $$
  UPDATE bucket SET level = (b).level, at = (b).at, slowed_at = (b).slowed_at, slowed_to = (b).slowed_to,
    paused_until = (b).paused_until, lease_ids = (b).lease_ids, lease_ends = (b).lease_ends,
    turn_replicas = (b).turn_replicas, turn_ends = (b).turn_ends, turn_served = (b).turn_served, boot = (b).boot WHERE id = (b).id
$$;

-- Counts what was settled or returned, and takes as many tokens of those wanted as there are: see upstream/limiter/bucket-step.ts.
-- For the first p_urgent of them somebody waits: where that is so at another replica, nothing else is granted here, and one token is
-- left to each of those whose turn comes before, as far as there is room for one more.
CREATE FUNCTION bucket_step(
  p_id text, p_rate float8, p_burst float8, p_settled text[], p_returned text[], p_wanted text[], p_urgent int,
  p_replica text, p_lease_ms float8,
  OUT granted int, OUT wait_ms float8, OUT level float8, OUT at float8, OUT slowed_at float8, OUT slowed_to float8,
  OUT paused_until float8, OUT lease_ids text[], OUT lease_ends float8[]
) LANGUAGE plpgsql AS $$
DECLARE
  b bucket := bucket_now(p_id, p_rate, p_burst);
  n int := cardinality(b.lease_ids);
  wanted int := cardinality(p_wanted);
  place int := array_position(b.turn_replicas, p_replica);
  -- Other replicas at which somebody waits, and how many of them go before this one.
  others int := 0;
  ahead int := 0;
  kept int;
  needed float8;
  paused_ms float8;
BEGIN
  IF cardinality(b.turn_replicas) > num_nonnulls(place) THEN
    -- Who never got one of late goes by when it began to wait.
    SELECT count(*), count(*) FILTER (WHERE (s, i) < (coalesce(b.turn_served[place], 0), coalesce(place, i + 1))) INTO others, ahead
      FROM unnest(b.turn_replicas, b.turn_ends, b.turn_served) WITH ORDINALITY AS x(r, e, s, i)
      WHERE e > b.at AND i IS DISTINCT FROM place;
  END IF;
  IF n > 0 AND (p_settled <> '{}' OR p_returned <> '{}') THEN
    b.level := b.level - (SELECT count(*) FROM unnest(b.lease_ids) AS l WHERE l = ANY (p_settled));
    SELECT coalesce(array_agg(l ORDER BY i), '{}'), coalesce(array_agg(e ORDER BY i), '{}') INTO b.lease_ids, b.lease_ends
      FROM unnest(b.lease_ids, b.lease_ends) WITH ORDINALITY AS x(l, e, i)
      WHERE l <> ALL (p_settled) AND l <> ALL (p_returned);
    n := cardinality(b.lease_ids);
  END IF;
  paused_ms := greatest(0, b.paused_until - b.at);
  -- Were all that a bucket can hold left to others, nobody would get any while these do not come.
  kept := least(ahead, greatest(0, floor(p_burst) - 1));
  granted := CASE WHEN paused_ms > 0 THEN 0 ELSE greatest(0, floor(b.level - n) - kept) END;
  granted := least(granted, CASE WHEN others > 0 THEN least(p_urgent, wanted) ELSE wanted END);
  IF granted > 0 THEN
    b.lease_ids := b.lease_ids || p_wanted[1:granted];
    b.lease_ends := b.lease_ends || array_fill(b.at + p_lease_ms, ARRAY[granted]);
    n := n + granted;
    -- Now all the others go before it.
    ahead := others;
  END IF;
  IF granted >= p_urgent THEN ahead := 0; END IF;
  needed := n + 1 + ahead - b.level;
  wait_ms := CASE
    WHEN needed <= 0 THEN paused_ms
    WHEN n + 1 > p_burst THEN NULL
    ELSE ceil(paused_ms + needed / (bucket_rate(b, b.at, p_rate) * 0.999::float8 / 1000)) END;
  IF p_urgent > 0 AND place IS NULL THEN
    place := cardinality(b.turn_replicas) + 1;
    b.turn_replicas[place] := p_replica;
    b.turn_ends[place] := 0;
    b.turn_served[place] := 0;
  END IF;
  IF place IS NOT NULL THEN
    -- Until whoever waits there asks again, and a little longer.
    b.turn_ends[place] := CASE WHEN granted < p_urgent THEN b.at + 300 + least(coalesce(wait_ms, 0), 2000) ELSE 0 END;
    IF least(granted, p_urgent) > 0 THEN b.turn_served[place] := b.at; END IF;
  END IF;
  IF granted >= p_urgent AND others > 0 AND granted < wanted THEN
    wait_ms := greatest(wait_ms, 50);
  END IF;
  PERFORM bucket_keep(b);
  level := b.level; at := b.at; slowed_at := b.slowed_at; slowed_to := b.slowed_to; paused_until := b.paused_until;
  lease_ids := b.lease_ids; lease_ends := b.lease_ends;
END $$;

-- Push answered 429 to a request that was sent p_ago_ms ago; p_random in [0, 1).
CREATE FUNCTION bucket_slow(
  p_id text, p_rate float8, p_burst float8, p_ago_ms float8, p_retry_after_ms float8, p_random float8
) RETURNS SETOF bucket LANGUAGE plpgsql AS $$
DECLARE
  b bucket := bucket_now(p_id, p_rate, p_burst);
  together boolean := b.at - p_ago_ms <= b.slowed_at;
  spread float8 := 0.5::float8 + p_random / 2;
  pause_ms float8;
BEGIN
  IF NOT together THEN
    b.slowed_to := greatest(p_rate / 128, bucket_recovered(b, b.at, p_rate) / 2);
    b.slowed_at := b.at;
  END IF;
  pause_ms := CASE
    WHEN p_retry_after_ms IS NULL THEN 250 * p_rate / b.slowed_to * spread
    ELSE greatest(p_retry_after_ms, 250 * spread) END;
  IF NOT together OR p_retry_after_ms IS NOT NULL THEN
    b.paused_until := greatest(b.paused_until, b.at + least(600000, pause_ms));
  END IF;
  b.level := least(b.level, 0);
  PERFORM bucket_keep(b);
  RETURN NEXT b;
END $$;

-- Push failed, and asked to be left alone for so many milliseconds.
CREATE FUNCTION bucket_pause(p_id text, p_rate float8, p_burst float8, p_ms float8) RETURNS SETOF bucket LANGUAGE plpgsql AS $$
DECLARE
  b bucket := bucket_now(p_id, p_rate, p_burst);
BEGIN
  b.paused_until := greatest(b.paused_until, b.at + least(600000, p_ms));
  PERFORM bucket_keep(b);
  RETURN NEXT b;
END $$;

-- A key that took the place of another goes on with what was known under the old one.
CREATE TABLE key_identity (id text PRIMARY KEY, kept_as text NOT NULL, changed_at float8 NOT NULL);

-- What was learnt with each key: facts about Push's API, sizes and latency, and what questions came to. `at`: when it held.
CREATE TABLE key_fact (
  id text NOT NULL, name text NOT NULL, value text NOT NULL, at float8 NOT NULL, changed_at float8 NOT NULL,
  PRIMARY KEY (id, name)
);
CREATE TABLE key_measure (
  id text NOT NULL, name text NOT NULL, value float8 NOT NULL, at float8 NOT NULL, changed_at float8 NOT NULL,
  PRIMARY KEY (id, name)
) WITH (fillfactor = 70);
CREATE TABLE key_seen (
  id text NOT NULL, name text NOT NULL, value float8 NOT NULL, at float8 NOT NULL, changed_at float8 NOT NULL,
  PRIMARY KEY (id, name)
);
CREATE INDEX ON key_fact (changed_at);
CREATE INDEX ON key_measure (changed_at);
CREATE INDEX ON key_seen (changed_at);

-- What is left of the requests of each caller, by a hash of it. One of whom nothing stands here has asked nothing of late.
CREATE UNLOGGED TABLE caller_rate (id text PRIMARY KEY, level float8 NOT NULL, at float8 NOT NULL)
  WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);

-- Counts so many requests of each caller, each named once, and what is left to it then: below 0 where it was too much.
CREATE FUNCTION caller_use(p_ids text[], p_used float8[], p_rate float8, p_burst float8)
RETURNS TABLE (id text, level float8) LANGUAGE plpgsql AS $$
DECLARE
  each record;
BEGIN
  -- In one order, so that two who count the same never wait for each other in a circle.
  FOR each IN SELECT x.id, x.used FROM unnest(p_ids, p_used) AS x(id, used) ORDER BY x.id LOOP
    id := each.id;
    INSERT INTO caller_rate AS r VALUES (each.id, p_burst - each.used, ms())
      ON CONFLICT ON CONSTRAINT caller_rate_pkey DO UPDATE SET
        level = least(p_burst, r.level + greatest(0, ms() - r.at) * p_rate / 1000) - each.used, at = ms()
      RETURNING r.level INTO level;
    RETURN NEXT;
  END LOOP;
  IF random() < 0.01 THEN
    DELETE FROM caller_rate AS r WHERE r.id IN
      (SELECT o.id FROM caller_rate AS o WHERE o.at < ms() - 60000 - 1000 * p_burst / p_rate FOR UPDATE SKIP LOCKED);
  END IF;
END $$;
