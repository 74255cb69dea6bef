-- What the moments take at which lists agreed: counted by the file itself, whoever puts one in or takes one away.
ALTER TABLE store ADD COLUMN moments_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE store SET moments_bytes = 25 * (SELECT count(*) FROM known_whole);
CREATE TRIGGER moment_came AFTER INSERT ON known_whole BEGIN
  UPDATE store SET moments_bytes = moments_bytes + 25;
END;
CREATE TRIGGER moment_went AFTER DELETE ON known_whole BEGIN
  UPDATE store SET moments_bytes = moments_bytes - 25;
END;
