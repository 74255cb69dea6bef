-- What differs between two copies of a row: one for each field, and one where the whole object came or went. `sequence` is the
-- order of commits: it is given while the row of `history` is held.
CREATE TABLE change (
  sequence bigint PRIMARY KEY,
  id text COLLATE "C" GENERATED ALWAYS AS (sequence::text) STORED,
  connector text COLLATE "C" NOT NULL,
  collection text COLLATE "C" NOT NULL,
  object_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  field text COLLATE "C",
  -- As JSON; null for a null.
  old_value text COLLATE "C",
  new_value text COLLATE "C",
  at float8 NOT NULL,
  learnt_from text COLLATE "C" NOT NULL
);
CREATE INDEX change_by_time ON change (at, sequence);
CREATE INDEX change_by_object ON change (object_id, at, sequence);

-- What is known of rows, each as it is now: what it was before follows from what changed since.
CREATE TABLE known_list (
  id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  connector text COLLATE "C" NOT NULL,
  collection text COLLATE "C" NOT NULL,
  -- Since when the list is known as a whole without a break, and the start of the newest read of all of it.
  whole_since float8,
  read_at float8,
  -- The newest moment that was told of it.
  told_at float8 NOT NULL,
  -- Grows with every row that differs: who has told of them all knows whether others have, too.
  version bigint NOT NULL DEFAULT 0,
  -- Whose list it is, as a hash, and since when somebody takes the connector for that tenant's; null where nobody said.
  tenant text COLLATE "C",
  tenant_since float8,
  -- When it took the place of another tenant's, and when another tenant's took its place.
  began_at float8,
  ended_at float8
);
CREATE UNIQUE INDEX known_list_now ON known_list (connector, collection) WHERE ended_at IS NULL;
-- When what is known of a list agreed with Push: true of every moment from the end of that read. Without that, it no longer did.
CREATE TABLE known_whole (
  list int NOT NULL,
  over_at float8 NOT NULL,
  at float8 NOT NULL,
  agreed int NOT NULL,
  PRIMARY KEY (list, over_at, agreed)
);
-- Its pages are filled: a row that changes has another `at`, which is indexed, and so goes to wherever there is room. Columns of
-- one length come first, so that none of them is aligned with empty bytes.
CREATE TABLE known_row (
  sequence bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  first_at float8 NOT NULL,
  -- The reading or event that it stands as of, and the one that told of what only a read by id tells.
  at float8 NOT NULL,
  details_at float8,
  -- When it went; then there is no row.
  gone_at float8,
  list int NOT NULL,
  object_id text COLLATE "C" NOT NULL,
  row text COLLATE "C",
  UNIQUE (list, object_id)
);
CREATE INDEX known_row_gone ON known_row (gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX known_row_told ON known_row (list, at);

-- One row, which whoever writes any of these holds. The last sequence that was given, up to which changes have gone, how many,
-- what those that are left, known rows and moments of lists take, and the latest moment of changes that have gone.
CREATE TABLE history (
  given bigint NOT NULL,
  changes_purged bigint NOT NULL,
  changes_gone bigint NOT NULL,
  changes_bytes bigint NOT NULL,
  rows_bytes bigint NOT NULL,
  moments_bytes bigint NOT NULL DEFAULT 0,
  cut_at float8,
  -- Of the server that wrote last: another one may have lost what was given, and gives numbers far beyond.
  timeline text NOT NULL
) WITH (fillfactor = 30);
CREATE UNIQUE INDEX history_one ON history ((true));
INSERT INTO history VALUES (0, 0, 0, 0, 0, 0, NULL, event_timeline());

-- Counts what moments take, whoever puts one in or takes one away.
CREATE FUNCTION moments_count() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  bytes bigint := 110 * (SELECT count(*) FROM moved);
BEGIN
  IF TG_OP = 'DELETE' THEN bytes := -bytes; END IF;
  IF bytes <> 0 THEN UPDATE history SET moments_bytes = moments_bytes + bytes; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER moments_came AFTER INSERT ON known_whole REFERENCING NEW TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION moments_count();
CREATE TRIGGER moments_went AFTER DELETE ON known_whole REFERENCING OLD TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION moments_count();

-- Holds the history until the end of the transaction. Who waits for it keeps a connection from others, and does not wait for long.
CREATE FUNCTION history_hold()
RETURNS TABLE (given bigint, changes_bytes bigint, rows_bytes bigint, moments_bytes bigint, is_other boolean)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('lock_timeout', '2000ms', true);
  IF (SELECT importing FROM event_store) THEN RAISE object_in_use; END IF;
  RETURN QUERY SELECT held.given, held.changes_bytes, held.rows_bytes, held.moments_bytes, held.timeline <> event_timeline()
    FROM history AS held FOR UPDATE;
END $$;
