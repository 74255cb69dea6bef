-- The newest answer to each question. `question` is a hash of tenant and path, a keyed one where answers are sealed:
-- a path may hold somebody's address. `list` is how it begins, such as /accounts. `seal` names the key that opens the body; it is '' where none is needed.
CREATE TABLE answer (
  id INTEGER PRIMARY KEY,
  question BLOB NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  connector TEXT NOT NULL,
  list TEXT NOT NULL,
  seal TEXT NOT NULL,
  asked_at REAL NOT NULL,
  bytes INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX answer_age ON answer (asked_at, connector, seal);
CREATE INDEX answer_connector ON answer (connector, list, bytes);
CREATE INDEX answer_tenant ON answer (tenant, seal, asked_at);
-- Who asks Push just now, and since when (ms since 1970).
CREATE TABLE claim (
  question BLOB PRIMARY KEY,
  holder TEXT NOT NULL,
  token INTEGER NOT NULL,
  claimed_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
-- The processes that hold claims, and their last sign of life.
CREATE TABLE holder (id TEXT PRIMARY KEY, seen_at REAL NOT NULL) STRICT, WITHOUT ROWID;
