CREATE TABLE event (
  -- The order of arrival; a number is never given twice, also where the newest events have gone.
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  connector TEXT NOT NULL,
  id TEXT NOT NULL,
  category TEXT NOT NULL,
  object TEXT NOT NULL,
  -- Keys are the text in the form in which filters compare it.
  object_key TEXT NOT NULL,
  type TEXT,
  object_name TEXT,
  description TEXT,
  occurred_at INTEGER NOT NULL,
  received_at REAL NOT NULL,
  entity_id TEXT,
  employee_id TEXT,
  account_id TEXT,
  app_id TEXT,
  browser_id TEXT,
  email TEXT,
  email_key TEXT,
  source_ip_address TEXT,
  source_ip_address_key TEXT,
  url TEXT,
  UNIQUE (connector, id)
) STRICT;
-- Beside the events, so that whoever looks through many of them reads no bodies.
CREATE TABLE event_body (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

CREATE INDEX event_by_time ON event (occurred_at);
CREATE INDEX event_by_arrival ON event (received_at);
CREATE INDEX event_by_object ON event (object_key, occurred_at);
CREATE INDEX event_by_email ON event (email_key, occurred_at) WHERE email_key IS NOT NULL;
CREATE INDEX event_by_ip ON event (source_ip_address_key, occurred_at)
  WHERE source_ip_address_key IS NOT NULL;
CREATE INDEX event_by_entity ON event (entity_id, occurred_at) WHERE entity_id IS NOT NULL;
CREATE INDEX event_by_employee ON event (employee_id, occurred_at) WHERE employee_id IS NOT NULL;
CREATE INDEX event_by_account ON event (account_id, occurred_at) WHERE account_id IS NOT NULL;
CREATE INDEX event_by_app ON event (app_id, occurred_at) WHERE app_id IS NOT NULL;
CREATE INDEX event_by_browser ON event (browser_id, occurred_at) WHERE browser_id IS NOT NULL;
-- Counts over a stretch of time are answered from here alone.
CREATE INDEX event_counts ON event (occurred_at, connector, category, object, object_key, type);

-- What Push knows by webhook alone, as its events last left it. `times`: when each field was last told of.
CREATE TABLE other_account (
  sequence INTEGER PRIMARY KEY,
  connector TEXT NOT NULL,
  id TEXT NOT NULL,
  employee_id TEXT,
  other_app_id TEXT,
  email TEXT,
  password_login INTEGER,
  oidc_login TEXT,
  saml_login TEXT,
  created_at INTEGER,
  last_used_at INTEGER,
  times TEXT NOT NULL,
  gone_at INTEGER,
  UNIQUE (connector, id)
) STRICT;
CREATE TABLE other_app (
  sequence INTEGER PRIMARY KEY,
  connector TEXT NOT NULL,
  id TEXT NOT NULL,
  domain TEXT,
  oauth_app_id TEXT,
  name TEXT,
  hidden INTEGER,
  request_support_status TEXT,
  created_at INTEGER,
  times TEXT NOT NULL,
  gone_at INTEGER,
  UNIQUE (connector, id)
) STRICT;
