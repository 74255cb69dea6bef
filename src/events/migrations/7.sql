-- What differs between two copies of a row: one for each field, and one where the whole object came or went.
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT GENERATED ALWAYS AS (CAST(sequence AS TEXT)) VIRTUAL,
  connector TEXT NOT NULL,
  collection TEXT NOT NULL,
  object_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  field TEXT,
  -- As JSON; null for a null.
  old_value TEXT,
  new_value TEXT,
  at REAL NOT NULL,
  learnt_from TEXT NOT NULL
) STRICT;
CREATE INDEX change_by_time ON change (at);
CREATE INDEX change_by_object ON change (object_id, at);
-- Up to which sequence changes have gone, how many, and what those that are left take.
ALTER TABLE store ADD COLUMN changes_purged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN changes_gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN changes_bytes INTEGER NOT NULL DEFAULT 0;
