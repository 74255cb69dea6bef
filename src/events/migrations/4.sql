-- What Push did not say of an event and was inferred, as words with blanks between them.
ALTER TABLE event ADD COLUMN inferred TEXT;
-- Which service an event is about; leads to the app where the event has no id of it.
ALTER TABLE event ADD COLUMN app_type TEXT;
UPDATE event SET app_type = told.app_type FROM (
  SELECT sequence, CASE WHEN json_valid(body)
    THEN coalesce(body ->> '$.new.appType', body ->> '$.old.appType') END AS app_type FROM event_body
) AS told
  WHERE told.sequence = event.sequence AND typeof(told.app_type) = 'text';
CREATE INDEX event_by_app_type ON event (app_type, occurred_at) WHERE app_id IS NULL AND app_type IS NOT NULL;

-- A time far beyond the arrival is none.
UPDATE event SET inferred = 'timestamp', happened_at = min(happened_at, CAST(received_at AS INTEGER)),
  occurred_at = CAST(received_at AS INTEGER)
  WHERE occurred_at > received_at + 2100;
-- A login may be made at a fraction of a second.
UPDATE event SET happened_at = CAST(floor(login.made_at) AS INTEGER) FROM (
  SELECT sequence, CASE WHEN json_valid(body) THEN body ->> '$.new.loginTimestamp' END AS made_at
    FROM event_body
) AS login
  WHERE login.sequence = event.sequence AND category = 'ACTIVITY' AND object = 'LOGIN'
    AND typeof(login.made_at) = 'real' AND login.made_at >= 1e8 AND login.made_at <= occurred_at + 2100;
UPDATE event SET happened_at = occurred_at WHERE happened_at > occurred_at + 2100;

-- What a time of the future told of would never change again, and a time beyond the calendar cannot be shown.
UPDATE other_account SET
  times = (SELECT json_group_object(key, min(value, unixepoch())) FROM json_each(times)),
  gone_at = min(gone_at, unixepoch()),
  created_at = iif(created_at >= -62135596800 AND created_at < 253402300800, created_at, NULL),
  last_used_at = iif(last_used_at >= -62135596800 AND last_used_at < 253402300800, last_used_at, NULL);
UPDATE other_app SET
  times = (SELECT json_group_object(key, min(value, unixepoch())) FROM json_each(times)),
  gone_at = min(gone_at, unixepoch()),
  created_at = iif(created_at >= -62135596800 AND created_at < 253402300800, created_at, NULL);
