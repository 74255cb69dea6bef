-- A connector may be pointed at another tenant: what is known of the one before ends there, and its list with it.
ALTER TABLE known_list RENAME TO known_list_8;
CREATE TABLE known_list (
  id INTEGER PRIMARY KEY,
  connector TEXT NOT NULL,
  collection TEXT NOT NULL,
  -- Since when the list is known as a whole without a break, and the start of the newest read of all of it.
  whole_since REAL,
  read_at REAL,
  -- The newest moment that was told of it.
  told_at REAL NOT NULL,
  -- Grows with every row that differs: who has told of them all knows whether others have, too.
  version INTEGER NOT NULL DEFAULT 0,
  -- Whose list it is, as a hash, and since when somebody takes the connector for that tenant's; null where nobody said.
  tenant TEXT,
  tenant_since REAL,
  -- When it took the place of another tenant's, and when another tenant's took its place.
  began_at REAL,
  ended_at REAL
) STRICT;
INSERT INTO known_list (id, connector, collection, whole_since, read_at, told_at, version)
  SELECT id, connector, collection, whole_since, read_at, told_at, version FROM known_list_8;
DROP TABLE known_list_8;
CREATE UNIQUE INDEX known_list_now ON known_list (connector, collection) WHERE ended_at IS NULL;
