-- Who has which merchants and sites, and who may ask. Moments are milliseconds since 1970.

-- A payment service provider, an acquirer, a merchant on its own, or the operator of the installation.
CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('operator', 'psp', 'acquirer', 'merchant')),
    -- Of its notices: en, ja.
    language TEXT NOT NULL CHECK (language IN ('en', 'ja')),
    -- Whether its people are told how many merchants of others a campaign hit.
    tells_others INTEGER NOT NULL CHECK (tells_others IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO organizations (id, name, kind, language, tells_others, created_at)
VALUES ('operator', 'Operator', 'operator', 'en', 1, 0);

-- A shop's company. Who may see it follows from its sites.
CREATE TABLE merchants (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO merchants (id, name, country) SELECT id, name, country FROM sites;

-- Which merchants an organization added: it sees them before they have sites.
CREATE TABLE organization_merchants (
    organization TEXT NOT NULL REFERENCES organizations (id),
    merchant TEXT NOT NULL REFERENCES merchants (id),
    PRIMARY KEY (organization, merchant)
) STRICT, WITHOUT ROWID;

-- The merchant whose site it is. Of a site that was imported without one: a merchant of the same id.
ALTER TABLE sites ADD COLUMN merchant TEXT NOT NULL DEFAULT '';
UPDATE sites SET merchant = id;
CREATE INDEX sites_by_merchant ON sites (merchant);
-- Words to find sites by.
ALTER TABLE sites ADD COLUMN labels TEXT NOT NULL DEFAULT '[]' CHECK (json_type(labels) = 'array');

-- When a key that still counts is to be retired; NULL: when somebody says so.
ALTER TABLE site_keys ADD COLUMN retires_at INTEGER;
CREATE INDEX site_keys_by_end ON site_keys (retires_at) WHERE state = 'active' AND retires_at IS NOT NULL;
-- Grows by one with each change of what collectors know.
ALTER TABLE meta ADD COLUMN sites INTEGER NOT NULL DEFAULT 0;

-- Which sites an organization sees. A shop that uses several providers is each one's. The operator sees all.
CREATE TABLE organization_sites (
    organization TEXT NOT NULL REFERENCES organizations (id),
    site TEXT NOT NULL REFERENCES sites (id),
    -- What the organization calls it; empty if it has no name of its own for it.
    reference TEXT NOT NULL,
    PRIMARY KEY (organization, site)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_sites_by_site ON organization_sites (site);
CREATE UNIQUE INDEX organization_sites_by_reference ON organization_sites (organization, reference)
WHERE reference != '';
-- Grows by one with each change of the table above: whoever keeps a list looks at this number alone.
ALTER TABLE meta ADD COLUMN portfolios INTEGER NOT NULL DEFAULT 0;

-- Tokens of programs.
CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    -- Of the token; it stands nowhere else.
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    name TEXT NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id),
    role TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- NULL: as long as it lasts.
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_organization ON tokens (organization);

-- Whose log an entry belongs in; NULL in entries from before there were organizations. The hash covers it.
ALTER TABLE audit ADD COLUMN organization TEXT;
CREATE INDEX audit_by_organization ON audit (organization, seq);
CREATE INDEX audit_by_subject ON audit (subject, seq);

CREATE INDEX alerts_of_organization ON alerts (organization, raised_at DESC, id DESC);
