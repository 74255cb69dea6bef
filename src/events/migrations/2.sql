-- Of one address or of all on one host, which are a stretch of it.
CREATE INDEX event_by_url ON event (url, occurred_at) WHERE url IS NOT NULL;
