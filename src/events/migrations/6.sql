-- How many events have gone: while it stays, what was counted of those up to a sequence stands.
ALTER TABLE store ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
