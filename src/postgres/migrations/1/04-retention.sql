-- The stretches of time that have tables of their own, and what is past its time.

-- Makes the tables of the stretch of `p_span` seconds around that moment; whether there are any now: others may hold what is needed.
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
  IF EXISTS (SELECT FROM event_part WHERE p_at >= from_at AND p_at < until_at) THEN RETURN true; END IF;
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

-- Puts the events that happened and came before that moment (UNIX seconds) past their time; how many those were that it was not over for
-- before, and what is past its time now, be it that another replica said so.
CREATE FUNCTION event_end(p_before float8, OUT many bigint, OUT over_at bigint, OUT over_came_at float8, OUT over_late boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  store event_store; last bigint; late boolean;
  -- What came within an hour stays so much longer: then the time at which it happened says all, unless something came late.
  up_to bigint := floor(p_before)::bigint - 3600;
BEGIN
  SELECT * INTO store FROM event_store;
  many := 0;
  IF p_before > store.over_came_at THEN
    -- Others store meanwhile.
    SELECT max(sequence) FILTER (WHERE received_at < p_before), bool_or(received_at >= p_before),
        count(*) FILTER (WHERE received_at < p_before
          AND NOT (occurred_at < store.over_at AND received_at < store.over_came_at))
      INTO last, late, many FROM event
      WHERE occurred_at < up_to AND occurred_at >= CASE WHEN store.over_late THEN -9007199254740991 ELSE store.over_at END;
    PERFORM event_hold();
    UPDATE event_store AS held SET over_at = up_to, over_came_at = p_before,
        over_late = coalesce(late, false)
          OR EXISTS (SELECT FROM event WHERE event.sequence > store.given AND event.occurred_at < up_to),
        purged = greatest(held.purged, last), gone = held.gone + many
      WHERE held.over_came_at = store.over_came_at;
    -- Another replica was quicker.
    IF NOT FOUND THEN many := 0; END IF;
  END IF;
  SELECT held.over_at, held.over_came_at, held.over_late INTO over_at, over_came_at, over_late FROM event_store AS held;
END $$;

-- Whether each event in the table of that name is past its time. `p_came_at`: what came before that is.
CREATE FUNCTION event_part_is_over(p_name text, p_came_at float8) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE is_over boolean;
BEGIN
  EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I WHERE received_at >= $1)', 'event_' || p_name) INTO is_over USING p_came_at;
  RETURN is_over;
END $$;

-- The oldest stretch of which every event is past its time; null where there is none.
CREATE FUNCTION event_old_part() RETURNS event_part LANGUAGE plpgsql AS $$
DECLARE part event_part;
BEGIN
  SELECT event_part.* INTO part FROM event_part, event_store
    WHERE until_at <= over_at AND event_part_is_over(name, over_came_at) ORDER BY from_at LIMIT 1;
  RETURN part;
END $$;

-- Before the tables of such a stretch are dropped: forgets what ids its next `p_most` events behind that sequence have, while others
-- store. The last sequence of those; null where there are no more.
CREATE FUNCTION event_forget_ids(p_after bigint, p_most int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE part event_part := event_old_part(); last bigint;
BEGIN
  IF part.name IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('WITH old AS MATERIALIZED (
      SELECT sequence, connector, id FROM %I WHERE sequence > $1 ORDER BY sequence LIMIT $2
    ), ids AS (
      DELETE FROM event_id USING old
        WHERE event_id.connector = old.connector AND event_id.id = old.id AND event_id.sequence = old.sequence
    ) SELECT max(sequence) FROM old', 'event_' || part.name) INTO last USING p_after, p_most;
  RETURN last;
END $$;

-- Drops the tables of such a stretch, whose ids are forgotten, while nobody reads. Whether it did: there may be none, or somebody reads.
CREATE FUNCTION event_drop_part() RETURNS boolean LANGUAGE plpgsql
  SECURITY DEFINER AS $$
DECLARE part event_part := event_old_part();
BEGIN
  IF part.name IS NULL THEN RETURN false; END IF;
  PERFORM event_hold();
  -- Something may have come late, or another replica was quicker.
  IF part IS DISTINCT FROM event_old_part() THEN RETURN false; END IF;
  PERFORM set_config('lock_timeout', '100ms', true);
  BEGIN
    -- Not those of other weeks, which the database may be tidying up.
    EXECUTE format('LOCK TABLE ONLY event, ONLY event_body, %I, %I IN ACCESS EXCLUSIVE MODE',
      'event_' || part.name, 'event_body_' || part.name);
    EXECUTE format('DROP TABLE %I, %I', 'event_' || part.name, 'event_body_' || part.name);
  EXCEPTION WHEN lock_not_available THEN
    RETURN false;
  END;
  DELETE FROM event_part WHERE name = part.name;
  RETURN true;
END $$;

-- Deletes up to `p_most` events that are past their time and whose table does not go: one that something came to late, or that of all
-- stretches without tables. How many there were.
CREATE FUNCTION event_purge(p_most int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE store event_store; part text; step bigint; many bigint := 0;
BEGIN
  PERFORM event_hold();
  SELECT * INTO store FROM event_store;
  FOR part IN
    SELECT 'default' UNION ALL
      SELECT name FROM event_part WHERE until_at <= store.over_at AND NOT event_part_is_over(name, store.over_came_at)
  LOOP
    EXECUTE format('WITH old AS MATERIALIZED (
        SELECT sequence, connector, id FROM %1$I WHERE received_at < $1 AND occurred_at < $2 ORDER BY received_at, sequence LIMIT $3
      ), ids AS (
        DELETE FROM event_id USING old
          WHERE event_id.connector = old.connector AND event_id.id = old.id AND event_id.sequence = old.sequence
      ), bodies AS (
        DELETE FROM %2$I AS kept USING old WHERE kept.sequence = old.sequence
      ), rows AS (
        DELETE FROM %1$I AS kept USING old WHERE kept.sequence = old.sequence
      ) SELECT count(*) FROM old', 'event_' || part, 'event_body_' || part)
      INTO step USING store.over_came_at, store.over_at, p_most - many;
    many := many + step;
    EXIT WHEN many >= p_most;
  END LOOP;
  RETURN many;
END $$;

-- They do what their caller may not: nobody can put tables of his own in the place of these.
DO $$
DECLARE signature text;
BEGIN
  FOREACH signature IN ARRAY ARRAY[
    'event_make_part(bigint, bigint)', 'event_part_is_over(text, float8)', 'event_forget_ids(bigint, int)', 'event_drop_part()',
    'event_purge(int)'
  ] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', signature, current_schema());
  END LOOP;
END $$;
