-- What tells this file from another one, so that a cursor of another is not taken for one of its own, and up to which
-- sequence events have gone.
CREATE TABLE store (identity TEXT NOT NULL, purged INTEGER NOT NULL) STRICT;
INSERT INTO store VALUES (lower(hex(randomblob(8))), coalesce(
  (SELECT min(sequence) - 1 FROM event), (SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0));
