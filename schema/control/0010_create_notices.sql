-- Who is told of alerts, and how. Moments are milliseconds since 1970.

-- A place where an organization is told.
CREATE TABLE channels (
    id TEXT NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'slack', 'teams', 'mail')),
    name TEXT NOT NULL,
    -- An address to post to, which may be a secret itself; of mail, a JSON array of addresses.
    target TEXT NOT NULL,
    -- What webhooks are signed with, as the receiver has it; empty of other kinds.
    secret TEXT NOT NULL,
    -- What is below this is not told.
    least TEXT NOT NULL CHECK (least IN ('low', 'medium', 'high', 'critical')),
    -- Minutes of the day between which only what is critical is told, and how many minutes that day is ahead of UTC.
    -- The same twice: at no time.
    quiet_from INTEGER NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to INTEGER NOT NULL CHECK (quiet_to BETWEEN 0 AND 1439),
    quiet_offset INTEGER NOT NULL CHECK (quiet_offset BETWEEN -840 AND 840),
    -- What goes beyond this is told together, unless it is critical.
    most_per_hour INTEGER NOT NULL CHECK (most_per_hour BETWEEN 1 AND 1000),
    state TEXT NOT NULL CHECK (state IN ('active', 'paused')),
    -- Why the program itself paused it; empty if a person did.
    paused_why TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX channels_by_organization ON channels (organization);

-- The outbox: something that an organization is to be told, written with the change that it tells of. What is new stands
-- here; all else is read when it is told.
CREATE TABLE notices (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    -- The alert that it is about; empty of a test.
    alert TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    -- The site, destination, severity or cause that is new; empty if there is none.
    subject TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_by_alert ON notices (alert);

-- A notice on its way to a channel.
CREATE TABLE deliveries (
    -- Receivers know it by this name, however often it is tried.
    id TEXT NOT NULL PRIMARY KEY,
    notice INTEGER NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    -- `held`: it waits for the end of quiet hours, or of an hour in which enough was told.
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'given-up')),
    -- The first delivery of those that are told together, from the first try on: each try is of the same ones.
    message TEXT,
    attempts INTEGER NOT NULL,
    -- Not before then.
    next_at INTEGER NOT NULL,
    -- When the receiver took it; NULL until then.
    sent_at INTEGER,
    -- Why the last try failed, in plain words.
    error TEXT NOT NULL,
    UNIQUE (channel, notice)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_to_do ON deliveries (channel, notice) WHERE state IN ('waiting', 'held');
CREATE INDEX deliveries_sent ON deliveries (channel, sent_at) WHERE state = 'sent';
CREATE INDEX deliveries_by_notice ON deliveries (notice);
