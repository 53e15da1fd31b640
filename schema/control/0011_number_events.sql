-- Events of alerts have numbers that only grow, whatever is erased: whoever listens goes on after the last one seen.
CREATE TABLE numbered_events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    alert TEXT NOT NULL REFERENCES alerts (id),
    -- Its place among the events of the alert.
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    -- The site, severity, cause or note that it is about.
    subject TEXT NOT NULL,
    UNIQUE (alert, seq)
) STRICT;
INSERT INTO numbered_events (alert, seq, at, actor, what, subject)
SELECT alert, seq, at, actor, what, subject FROM alert_events ORDER BY at, alert, seq;
DROP TABLE alert_events;
ALTER TABLE numbered_events RENAME TO alert_events;

-- Requests of programs that were made under a key, for 24 hours, so that none is made twice. Moments are milliseconds
-- since 1970.
CREATE TABLE idempotency (
    organization TEXT NOT NULL,
    -- Who sent it, as in the audit log.
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    -- Hash of all that it asked for.
    request BLOB NOT NULL CHECK (length(request) = 32),
    -- What it did first, as in the audit log; empty if there was nothing to do.
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (organization, caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);
