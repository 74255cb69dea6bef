-- One row, which whoever stores or deletes events holds: so the order of sequences is that of commits, and none is left out.
CREATE TABLE event_store (
  -- What tells these events from those that are kept anywhere else.
  identity text NOT NULL,
  -- The last sequence that was given, be it to what has gone; up to which one events have gone with their time, and how many.
  given bigint NOT NULL,
  purged bigint NOT NULL,
  gone bigint NOT NULL,
  -- Another one begins where commits may have been lost, as by a failover; `timeline` is that of the server which began it.
  epoch int NOT NULL,
  timeline text NOT NULL,
  -- Whether a data folder is being taken over into it: nothing else is stored meanwhile.
  importing boolean NOT NULL DEFAULT false,
  -- Events that happened before `over_at` and came before `over_came_at` (UNIX seconds) are past their time: no question finds them,
  -- though they are there until their tables go. `over_late`: some that happened before that came since.
  over_at bigint NOT NULL DEFAULT 0,
  over_came_at float8 NOT NULL DEFAULT 0,
  over_late boolean NOT NULL DEFAULT false
) WITH (fillfactor = 30);
CREATE UNIQUE INDEX event_store_one ON event_store ((true));

-- Where each epoch but the first began: what was given after `began_after` before is lost, and its numbers are never given again:
-- the epoch gives those after `given_from`.
CREATE TABLE event_epoch (
  epoch int PRIMARY KEY, began_after bigint NOT NULL, given_from bigint NOT NULL, began_at float8 NOT NULL
);

-- Which history of commits this server writes: a standby that takes over begins another one. Empty where it does not say.
CREATE FUNCTION event_timeline() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN left(pg_walfile_name(pg_current_wal_lsn()), 8);
EXCEPTION WHEN OTHERS THEN
  RETURN '';
END $$;

INSERT INTO event_store
  VALUES (left(replace(gen_random_uuid()::text, '-', ''), 16), 0, 0, 0, 0, event_timeline());

CREATE TABLE event (
  sequence bigint NOT NULL,
  connector text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  category text COLLATE "C" NOT NULL,
  object text COLLATE "C" NOT NULL,
  -- Keys are the text in the form in which filters compare it and lists order it.
  object_key text COLLATE "C" NOT NULL,
  type text COLLATE "C",
  object_name text COLLATE "C", object_name_key text COLLATE "C",
  description text COLLATE "C", description_key text COLLATE "C",
  occurred_at bigint NOT NULL,
  happened_at bigint NOT NULL,
  received_at float8 NOT NULL,
  entity_id text COLLATE "C",
  employee_id text COLLATE "C",
  account_id text COLLATE "C",
  app_id text COLLATE "C",
  app_type text COLLATE "C",
  browser_id text COLLATE "C",
  email text COLLATE "C", email_key text COLLATE "C",
  source_ip_address text COLLATE "C", source_ip_address_key text COLLATE "C",
  url text COLLATE "C", url_key text COLLATE "C",
  -- What Push did not say of an event and was inferred, as words with blanks between them.
  inferred text COLLATE "C",
  body_bytes int NOT NULL
) PARTITION BY RANGE (occurred_at);
CREATE INDEX ON event (sequence);
CREATE INDEX ON event (occurred_at, sequence);
CREATE INDEX ON event (happened_at, sequence);
CREATE INDEX ON event (received_at, sequence);
CREATE INDEX ON event (object_key, occurred_at, sequence);
-- An entry of an index takes 2,704 bytes, and these texts may be longer: their beginnings say where to look.
CREATE INDEX ON event (left(email_key, 600), occurred_at, sequence) WHERE email_key IS NOT NULL;
CREATE INDEX ON event (left(source_ip_address_key, 600), occurred_at) WHERE source_ip_address_key IS NOT NULL;
CREATE INDEX ON event (left(url, 600), occurred_at) WHERE url IS NOT NULL;
CREATE INDEX ON event (entity_id, occurred_at) WHERE entity_id IS NOT NULL;
CREATE INDEX ON event (employee_id, occurred_at) WHERE employee_id IS NOT NULL;
CREATE INDEX ON event (account_id, occurred_at) WHERE account_id IS NOT NULL;
CREATE INDEX ON event (app_id, occurred_at) WHERE app_id IS NOT NULL;
CREATE INDEX ON event (app_type, occurred_at) WHERE app_id IS NULL AND app_type IS NOT NULL;
CREATE INDEX ON event (browser_id, occurred_at) WHERE browser_id IS NOT NULL;
-- Counts over a stretch of time are answered from here alone.
CREATE INDEX ON event (occurred_at, connector, category, object, object_key, type);
-- What lies beyond the stretches of time that have a table of their own.
CREATE TABLE event_default PARTITION OF event DEFAULT;

-- Beside the events, so that whoever looks through many of them reads no bodies; as text, since JSON of PostgreSQL refuses \u0000.
CREATE TABLE event_body (
  sequence bigint NOT NULL,
  occurred_at bigint NOT NULL,
  body text COLLATE "C" NOT NULL
) PARTITION BY RANGE (occurred_at);
CREATE INDEX ON event_body (sequence);
CREATE TABLE event_body_default PARTITION OF event_body DEFAULT;

-- What makes an event the same one: not its time, which may be inferred, and another one when it is sent again.
CREATE TABLE event_id (
  connector text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (connector, id)
);

-- The stretches of time (UNIX seconds) that have tables of their own, `event_NAME` and `event_body_NAME`.
CREATE TABLE event_part (name text PRIMARY KEY, from_at bigint NOT NULL, until_at bigint NOT NULL);

-- What Push knows by webhook alone, as its events last left it. `times`: when each field was last told of.
CREATE TABLE other_account (
  sequence bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  connector text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  employee_id text COLLATE "C",
  other_app_id text COLLATE "C",
  email text COLLATE "C",
  email_key text COLLATE "C",
  password_login smallint,
  oidc_login text COLLATE "C",
  oidc_login_key text COLLATE "C",
  saml_login text COLLATE "C",
  saml_login_key text COLLATE "C",
  created_at bigint,
  last_used_at bigint,
  times text NOT NULL,
  gone_at bigint,
  UNIQUE (connector, id)
);
CREATE TABLE other_app (
  sequence bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  connector text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  domain text COLLATE "C",
  domain_key text COLLATE "C",
  oauth_app_id text COLLATE "C",
  name text COLLATE "C",
  name_key text COLLATE "C",
  hidden smallint,
  request_support_status text COLLATE "C",
  request_support_status_key text COLLATE "C",
  created_at bigint,
  times text NOT NULL,
  gone_at bigint,
  UNIQUE (connector, id)
);

-- Holds the store until the end of the transaction; the last sequence that was given. `p_seen`: one that was given for certain.
-- Where the store knows nothing of it, or another server writes, another epoch begins, far beyond what can have been lost.
CREATE FUNCTION event_hold(p_seen bigint DEFAULT 0) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE store event_store; here text := event_timeline(); from_here bigint;
BEGIN
  PERFORM set_config('lock_timeout', '1000ms', true);
  SELECT * INTO store FROM event_store FOR UPDATE;
  IF store.given >= p_seen AND store.timeline = here THEN RETURN store.given; END IF;
  from_here := greatest(store.given, p_seen) + 1000000000;
  UPDATE event_store SET epoch = store.epoch + 1, timeline = here, given = from_here;
  INSERT INTO event_epoch VALUES (store.epoch + 1, store.given, from_here, ms());
  RETURN from_here;
END $$;

-- An event as it is told to the database.
CREATE TYPE told_event AS (
  connector text, id text, category text, object text, object_key text, type text, object_name text, object_name_key text,
  description text, description_key text, occurred_at bigint, happened_at bigint, received_at float8, entity_id text,
  employee_id text, account_id text, app_id text, app_type text, browser_id text, email text, email_key text,
  source_ip_address text, source_ip_address_key text, url text, url_key text, inferred text, body text
);

-- Stores those of the events that are not stored yet: the place of each in `p_rows` (from 1), and its sequence. Tells all replicas
-- which one did.
CREATE FUNCTION event_append(p_rows json, p_seen bigint, p_replica text)
RETURNS TABLE (place bigint, sequence bigint) LANGUAGE plpgsql
-- Planned once, and by way of the index: of tables that have just been made, nobody knows yet how large they will be.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  last bigint; many bigint;
  -- Read before the store is held: others store meanwhile.
  events told_event[] := ARRAY(SELECT event::told_event FROM json_populate_recordset(NULL::told_event, p_rows) AS event);
BEGIN
  -- What was acknowledged must be on disk.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  last := event_hold(p_seen);
  IF (SELECT importing FROM event_store) THEN RAISE object_in_use; END IF;
  RETURN QUERY
  WITH told AS MATERIALIZED (
    SELECT * FROM unnest(events) WITH ORDINALITY
  ), numbered AS MATERIALIZED (
    SELECT first.place, last + row_number() OVER (ORDER BY first.place) AS sequence FROM (
      SELECT min(ordinality) AS place FROM told
        -- Looked up one by one: joined, all ids of a connector might be.
        WHERE (SELECT true FROM event_id AS known WHERE known.connector = told.connector AND known.id = told.id) IS NULL
        GROUP BY told.connector COLLATE "C", told.id COLLATE "C"
    ) AS first
  ), fresh AS MATERIALIZED (
    SELECT numbered.sequence, told.* FROM numbered JOIN told ON told.ordinality = numbered.place
  ), ids AS (
    INSERT INTO event_id (connector, id, sequence) SELECT connector, id, sequence FROM fresh
  ), rows AS (
    INSERT INTO event (
      sequence, connector, id, category, object, object_key, type, object_name, object_name_key, description, description_key,
      occurred_at, happened_at, received_at, entity_id, employee_id, account_id, app_id, app_type, browser_id, email, email_key,
      source_ip_address, source_ip_address_key, url, url_key, inferred, body_bytes
    ) SELECT
      sequence, connector, id, category, object, object_key, type, object_name, object_name_key, description, description_key,
      occurred_at, happened_at, received_at, entity_id, employee_id, account_id, app_id, app_type, browser_id, email, email_key,
      source_ip_address, source_ip_address_key, url, url_key, inferred, octet_length(body) FROM fresh
  ), bodies AS (
    INSERT INTO event_body (sequence, occurred_at, body) SELECT sequence, occurred_at, body FROM fresh
  )
  SELECT numbered.place, numbered.sequence FROM numbered ORDER BY numbered.place;
  GET DIAGNOSTICS many = ROW_COUNT;
  IF many > 0 THEN
    UPDATE event_store SET given = last + many,
      over_late = over_late OR EXISTS (SELECT FROM unnest(events) AS told WHERE told.occurred_at < over_at);
    PERFORM pg_notify('event', p_replica);
  END IF;
END $$;
