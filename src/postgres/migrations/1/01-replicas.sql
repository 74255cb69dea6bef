-- The database's time in milliseconds since 1970, as it is at that moment: now() is the beginning of the transaction.
CREATE FUNCTION ms() RETURNS float8 LANGUAGE sql VOLATILE AS
  $$ SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 $$;

-- Who is alive. Emptied by a crash, after which each replica comes back by itself. `settings`: what all should have alike, as JSON;
-- '' where that is not told.
CREATE UNLOGGED TABLE replica (id text PRIMARY KEY, beat_at float8 NOT NULL, settings text NOT NULL DEFAULT '');

-- A sign of life; the database's time. Who has given none for a minute is forgotten.
CREATE FUNCTION beat(p_replica text, p_settings text DEFAULT '') RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE t float8 := ms();
BEGIN
  INSERT INTO replica VALUES (p_replica, t, p_settings)
    ON CONFLICT (id) DO UPDATE SET beat_at = t, settings = p_settings;
  DELETE FROM replica WHERE beat_at NOT BETWEEN t - 60000 AND t + 60000;
  RETURN t;
END $$;

-- Whether a replica has given a sign of life lately. One from the future was given before the clock was set back.
CREATE FUNCTION is_alive(p_replica text) RETURNS boolean LANGUAGE sql VOLATILE AS
  $$ SELECT EXISTS (SELECT FROM replica WHERE id = p_replica AND beat_at BETWEEN ms() - 1500 AND ms() + 1500) $$;

-- What one replica at a time does for all: probes, reconciliations, exports. Run out, it is anybody's.
CREATE UNLOGGED TABLE duty (name text PRIMARY KEY, replica text NOT NULL, until float8 NOT NULL);

-- Whether that duty is the replica's for so many milliseconds: it is nobody else's who is alive.
CREATE FUNCTION take_duty(p_name text, p_replica text, p_ms float8) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE t float8 := ms();
BEGIN
  INSERT INTO duty AS d VALUES (p_name, p_replica, t + p_ms)
    ON CONFLICT (name) DO UPDATE SET replica = p_replica, until = t + p_ms
      WHERE d.replica = p_replica OR d.until <= t OR NOT is_alive(d.replica);
  RETURN FOUND;
END $$;
