-- Destinations that people vouch for, so that what is harmless is not raised. Moments are milliseconds since 1970.

CREATE TABLE trusts (
    -- Registrable domain, as in reports.destination.
    destination TEXT NOT NULL,
    -- The site where it is trusted; empty: at every site.
    site TEXT NOT NULL,
    -- Who vouches for it, since when, and why.
    actor TEXT NOT NULL,
    trusted_at INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (site, destination)
) STRICT, WITHOUT ROWID;
-- Grows by one with each change of what is trusted: a detector that runs looks at this number alone.
ALTER TABLE meta ADD COLUMN trusts INTEGER NOT NULL DEFAULT 0;
