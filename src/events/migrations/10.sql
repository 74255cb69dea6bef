-- How far each sink has come, in events and in changes, and what it did on the way. `behind`: connectors that are not as far, as
-- JSON.
CREATE TABLE sink_place (
  sink TEXT NOT NULL,
  stream TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  behind TEXT NOT NULL,
  sent INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  PRIMARY KEY (sink, stream)
) STRICT, WITHOUT ROWID;
