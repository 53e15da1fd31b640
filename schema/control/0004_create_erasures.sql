-- What was erased on command, so that nothing of it that comes in late stays: a segment that waited, or was set
-- aside. Moments are milliseconds since 1970.

CREATE TABLE erasures (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('site', 'client')),
    -- The site's id, or the client's pseudonym in decimal digits; empty once a pseudonym is forgotten.
    target TEXT NOT NULL,
    -- It covers what was received up to then.
    requested_at INTEGER NOT NULL,
    -- When ClickHouse was first found to hold nothing of it; NULL until then.
    applied_at INTEGER
) STRICT;
