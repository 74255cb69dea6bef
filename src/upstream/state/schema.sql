-- A key that took the place of another goes on with the state of the old one.
CREATE TABLE identity (id TEXT PRIMARY KEY, kept_as TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE bucket (
  id TEXT PRIMARY KEY,
  level REAL NOT NULL,
  at REAL NOT NULL,
  slowed_at REAL NOT NULL,
  slowed_to REAL NOT NULL,
  paused_until REAL NOT NULL,
  leases TEXT NOT NULL CHECK (json_valid(leases))
) STRICT, WITHOUT ROWID;
CREATE TABLE fact (
  id TEXT NOT NULL, name TEXT NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE measure (
  id TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, at REAL NOT NULL, PRIMARY KEY (id, name)
) STRICT, WITHOUT ROWID;
