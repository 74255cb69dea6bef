-- What keyed texts are made with: whoever reads one learns nothing of the values in it.
CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT;
INSERT INTO secret VALUES (1, randomblob(32));
CREATE TABLE write (
  -- A hash of who asked, of which connector, under which clientMutationId.
  id TEXT PRIMARY KEY,
  input TEXT NOT NULL,
  begun_at REAL NOT NULL,
  -- Null as long as nobody knows what came of it.
  result TEXT CHECK (result IS NULL OR json_valid(result))
) STRICT, WITHOUT ROWID;
CREATE INDEX write_by_age ON write (begun_at);
