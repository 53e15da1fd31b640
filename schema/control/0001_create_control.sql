-- Control state: what people decide. One file, written by one transaction per change.
-- Lists and objects are JSON text, because they are read and written whole.

CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    -- Grows by one with each change; the snapshot of sites carries it.
    version INTEGER NOT NULL
) STRICT;
INSERT INTO meta (one, version) VALUES (1, 0);

CREATE TABLE sites (
    -- Stable for ever, in every output. For imported merchants, the key in the file.
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    platform TEXT NOT NULL,
    domains TEXT NOT NULL CHECK (json_type(domains) = 'array'),
    checkout_paths TEXT NOT NULL CHECK (json_type(checkout_paths) = 'array'),
    admin_paths TEXT NOT NULL CHECK (json_type(admin_paths) = 'array'),
    -- How it takes payments: integration and company.
    payment TEXT NOT NULL CHECK (json_type(payment) = 'object'),
    -- Where and how its policy reports: scope, disposition, transport.
    csp TEXT NOT NULL CHECK (json_type(csp) = 'object'),
    -- The policy as it stood when it was last told.
    policy TEXT NOT NULL,
    -- Entries per second; NULL: the installation's default.
    rate INTEGER CHECK (rate BETWEEN 1 AND 1000000),
    retention_days INTEGER NOT NULL CHECK (retention_days BETWEEN 1 AND 3650)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_keys (
    key TEXT NOT NULL PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    state TEXT NOT NULL CHECK (state IN ('active', 'retired'))
) STRICT, WITHOUT ROWID;
CREATE INDEX site_keys_by_site ON site_keys (site);

-- What was changed, when, by whom. Each row's hash covers the row before: nothing can be taken out,
-- put in or altered without breaking the chain.
CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY,
    -- Milliseconds since 1970.
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is never changed');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is never changed');
END;
