-- What is known of rows, each as it is now: what it was before follows from what changed since.
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
  UNIQUE (connector, collection)
) STRICT;
-- When what is known of a list agreed with Push: true of every moment from the end of that read. Without that, it no longer did.
CREATE TABLE known_whole (
  list INTEGER NOT NULL,
  over_at REAL NOT NULL,
  at REAL NOT NULL,
  agreed INTEGER NOT NULL,
  PRIMARY KEY (list, over_at, agreed)
) STRICT, WITHOUT ROWID;
CREATE TABLE known_row (
  sequence INTEGER PRIMARY KEY,
  list INTEGER NOT NULL,
  object_id TEXT NOT NULL,
  first_at REAL NOT NULL,
  -- The reading or event that it stands as of, and the one that told of what only a read by id tells.
  at REAL NOT NULL,
  details_at REAL,
  -- When it went; then there is no row.
  gone_at REAL,
  row TEXT,
  UNIQUE (list, object_id)
) STRICT;
CREATE INDEX known_row_gone ON known_row (gone_at) WHERE gone_at IS NOT NULL;
-- What known rows take, and the latest moment of changes that have gone.
ALTER TABLE store ADD COLUMN rows_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN cut_at REAL;
