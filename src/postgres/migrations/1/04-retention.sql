-- The stretches of time that have tables of their own, and what is past its time.

-- Makes the tables of the stretch of `p_span` seconds around that moment, unless there are some or others hold what is needed.
-- Whoever stores events need not have the right to make tables.
CREATE FUNCTION event_make_part(p_at bigint, p_span bigint) RETURNS boolean LANGUAGE plpgsql
  SECURITY DEFINER AS $$
DECLARE
  -- A Monday.
  began bigint := floor((p_at - 345600)::float8 / p_span)::bigint * p_span + 345600;
  lower bigint; upper bigint; part text; kind text;
BEGIN
  PERFORM event_hold();
  PERFORM set_config('lock_timeout', '100ms', true);
  IF EXISTS (SELECT FROM event_part WHERE p_at >= from_at AND p_at < until_at) THEN RETURN false; END IF;
  -- Another span may have been asked for before.
  lower := greatest(began, (SELECT max(until_at) FROM event_part WHERE until_at <= p_at));
  upper := least(began + p_span, (SELECT min(from_at) FROM event_part WHERE from_at > p_at));
  part := replace(lower::text, '-', 'm');
  BEGIN
    LOCK TABLE event_default, event_body_default IN ACCESS EXCLUSIVE MODE;
    FOREACH kind IN ARRAY ARRAY['event', 'event_body'] LOOP
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', kind || '_' || part, kind);
      EXECUTE format(
        'WITH moved AS (DELETE FROM %I WHERE occurred_at >= %s AND occurred_at < %s RETURNING *)
          INSERT INTO %I SELECT * FROM moved', kind || '_default', lower, upper, kind || '_' || part);
      EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', kind, kind || '_' || part, lower, upper);
    END LOOP;
  EXCEPTION WHEN lock_not_available THEN
    RETURN false;
  END;
  INSERT INTO event_part VALUES (part, lower, upper);
  RETURN true;
END $$;

-- The oldest of them of which every event happened and arrived before that moment (UNIX seconds); null where there is none.
CREATE FUNCTION event_old_part(p_before float8) RETURNS event_part LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE part event_part; newest float8;
BEGIN
  FOR part IN SELECT * FROM event_part WHERE until_at <= p_before ORDER BY from_at LOOP
    EXECUTE format('SELECT max(received_at) FROM %I', 'event_' || part.name) INTO newest;
    IF newest >= p_before THEN CONTINUE; END IF;
    RETURN part;
  END LOOP;
  RETURN NULL;
END $$;

-- Before the tables of such a stretch are dropped: forgets what ids its next `p_most` events behind that sequence have, while others
-- store. The last sequence of those; null where there are no more.
CREATE FUNCTION event_forget_ids(p_before float8, p_after bigint, p_most int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE part event_part := event_old_part(p_before); last bigint;
BEGIN
  IF part.name IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('WITH old AS MATERIALIZED (
      SELECT sequence, connector, id FROM %I WHERE sequence > $1 ORDER BY sequence LIMIT $2
    ), ids AS (
      DELETE FROM event_id USING old WHERE event_id.connector = old.connector AND event_id.id = old.id
    ) SELECT max(sequence) FROM old', 'event_' || part.name) INTO last USING p_after, p_most;
  RETURN last;
END $$;

-- Drops the tables of such a stretch, whose ids are forgotten, while nobody reads; how many events there were. Null where there is none,
-- or somebody reads.
CREATE FUNCTION event_drop_part(p_before float8) RETURNS bigint LANGUAGE plpgsql
  SECURITY DEFINER AS $$
DECLARE part event_part := event_old_part(p_before); last bigint; many bigint;
BEGIN
  IF part.name IS NULL THEN RETURN NULL; END IF;
  -- Before others have to wait.
  EXECUTE format('SELECT max(sequence), count(*) FROM %I', 'event_' || part.name) INTO last, many;
  PERFORM event_hold();
  -- Something may have come late, or another replica was quicker.
  IF part IS DISTINCT FROM event_old_part(p_before) THEN RETURN NULL; END IF;
  PERFORM set_config('lock_timeout', '100ms', true);
  BEGIN
    -- Not those of other weeks, which the database may be tidying up.
    EXECUTE format('LOCK TABLE ONLY event, ONLY event_body, %I, %I IN ACCESS EXCLUSIVE MODE',
      'event_' || part.name, 'event_body_' || part.name);
    EXECUTE format('DROP TABLE %I, %I', 'event_' || part.name, 'event_body_' || part.name);
  EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
  END;
  DELETE FROM event_part WHERE name = part.name;
  UPDATE event_store SET purged = greatest(purged, last), gone = gone + many;
  RETURN many;
END $$;

-- Deletes up to `p_most` of the events that happened and arrived before that moment (UNIX seconds); how many there were.
CREATE FUNCTION event_purge(p_before float8, p_most int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE last bigint; many bigint;
BEGIN
  PERFORM event_hold();
  WITH old AS MATERIALIZED (
    SELECT sequence, occurred_at, connector, id FROM event
      WHERE received_at < p_before AND occurred_at < p_before ORDER BY received_at, sequence LIMIT p_most
  ), ids AS (
    DELETE FROM event_id USING old WHERE event_id.connector = old.connector AND event_id.id = old.id
  ), bodies AS (
    DELETE FROM event_body USING old
      WHERE event_body.sequence = old.sequence AND event_body.occurred_at = old.occurred_at
  ), rows AS (
    DELETE FROM event USING old WHERE event.sequence = old.sequence AND event.occurred_at = old.occurred_at
  )
  SELECT max(sequence), count(*) INTO last, many FROM old;
  UPDATE event_store SET purged = greatest(purged, last), gone = gone + many;
  RETURN many;
END $$;

-- They do what their caller may not: nobody can put tables of his own in the place of these.
DO $$
DECLARE signature text;
BEGIN
  FOREACH signature IN ARRAY ARRAY[
    'event_make_part(bigint, bigint)', 'event_old_part(float8)', 'event_forget_ids(float8, bigint, int)', 'event_drop_part(float8)'
  ] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', signature, current_schema());
  END LOOP;
END $$;
