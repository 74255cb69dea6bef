-- What keyed texts are made with, on all replicas: whoever reads one learns nothing of the values in it.
CREATE TABLE write_secret (one boolean PRIMARY KEY DEFAULT true CHECK (one), bytes bytea NOT NULL);

-- What was asked for under a clientMutationId, recorded before it is sent.
CREATE TABLE write (
  -- A hash of who asked, of which connector, under which clientMutationId.
  id text COLLATE "C" PRIMARY KEY,
  -- A hash of what was asked.
  input text COLLATE "C" NOT NULL,
  begun_at float8 NOT NULL,
  -- JSON, sealed where a key is given; null as long as nobody knows what came of it.
  result text
);
CREATE INDEX write_by_age ON write (begun_at);

-- Records that a write is about to be sent; instead, what is recorded under that id already. What was begun more than
-- `p_remembered` ms from now is forgotten.
CREATE FUNCTION begin_write(p_id text, p_input text, p_now float8, p_remembered float8)
  RETURNS TABLE (input text, result text, begun_at float8) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  -- What is sent after this must not be sent again after a crash.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  DELETE FROM write WHERE begun_at NOT BETWEEN p_now - p_remembered AND p_now + p_remembered;
  LOOP
    INSERT INTO write VALUES (p_id, p_input, p_now, NULL) ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY SELECT w.input, w.result, w.begun_at FROM write AS w WHERE w.id = p_id;
    IF FOUND THEN RETURN; END IF;
    -- It was forgotten in between.
  END LOOP;
END $$;

-- What was changed by a write, for the other replicas to follow; kept as long as one of them may be late. Emptied by a crash.
CREATE UNLOGGED TABLE written (
  sequence bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  replica text NOT NULL,
  at float8 NOT NULL,
  connector text COLLATE "C" NOT NULL,
  -- JSON, sealed where a key is given.
  change text NOT NULL
);
CREATE INDEX written_by_age ON written (at);

-- Tells the others of it: the call holds nothing but its number.
CREATE FUNCTION tell_written(p_replica text, p_connector text, p_change text, p_keep_ms float8) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  told bigint;
BEGIN
  DELETE FROM written WHERE at NOT BETWEEN ms() - p_keep_ms AND ms() + p_keep_ms;
  INSERT INTO written (replica, at, connector, change) VALUES (p_replica, ms(), p_connector, p_change) RETURNING sequence INTO told;
  PERFORM pg_notify('written', told::text);
END $$;
