-- Campaigns, alerts, and what people did about them.
-- Moments are milliseconds since 1970.

-- One attack, as far as it is known. It belongs to the installation; its id comes from what it is about.
CREATE TABLE campaigns (
    id TEXT NOT NULL PRIMARY KEY,
    -- Registrable domain.
    destination TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The highest that was found, with its score and reasons, and the moment that these are of.
    severity TEXT NOT NULL,
    score REAL NOT NULL,
    reasons TEXT NOT NULL CHECK (json_type(reasons) = 'array'),
    judged_at INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where it was seen.
CREATE TABLE campaign_sites (
    campaign TEXT NOT NULL REFERENCES campaigns (id),
    site TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    -- When the campaign was found to be there too.
    joined_at INTEGER NOT NULL,
    clients INTEGER NOT NULL,
    networks INTEGER NOT NULL,
    directives TEXT NOT NULL CHECK (json_type(directives) = 'array'),
    card_number INTEGER NOT NULL CHECK (card_number IN (0, 1)),
    PRIMARY KEY (campaign, site)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_sites_by_site ON campaign_sites (site);

-- One campaign for one organization: the unit of triage.
CREATE TABLE alerts (
    id TEXT NOT NULL PRIMARY KEY,
    campaign TEXT NOT NULL REFERENCES campaigns (id),
    organization TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'contained', 'closed')),
    raised_at INTEGER NOT NULL,
    -- When the state last changed.
    changed_at INTEGER NOT NULL,
    -- Why it could be closed, and what was done; empty until it is.
    cause TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (campaign, organization)
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_newest ON alerts (raised_at DESC, id DESC);

-- What happened to an alert, in order.
CREATE TABLE alert_events (
    alert TEXT NOT NULL REFERENCES alerts (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    -- The site, severity, cause or note that it is about.
    subject TEXT NOT NULL,
    PRIMARY KEY (alert, seq)
) STRICT, WITHOUT ROWID;
