-- When it happened; a login says so beside the time of its event.
ALTER TABLE event ADD COLUMN happened_at INTEGER;
UPDATE event SET happened_at = occurred_at;
UPDATE event SET happened_at = login.made_at FROM (
  SELECT sequence, CASE WHEN json_valid(body) THEN body ->> '$.new.loginTimestamp' END AS made_at
    FROM event_body
) AS login
  WHERE login.sequence = event.sequence AND category = 'ACTIVITY' AND object = 'LOGIN'
    AND typeof(login.made_at) = 'integer' AND login.made_at >= 1e8 AND login.made_at < 1e11;
CREATE INDEX event_by_moment ON event (happened_at);
