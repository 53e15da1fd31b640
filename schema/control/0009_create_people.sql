-- People who log in to the pages. Moments are milliseconds since 1970.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations (id),
    -- In small letters, so that there is one of each.
    email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('operator', 'administrator', 'analyst', 'merchant', 'merchant-reader', 'auditor')),
    -- Of the pages: en, ja.
    language TEXT NOT NULL CHECK (language IN ('en', 'ja')),
    -- Hashed with Argon2id, as a PHC string; empty: they have none.
    password TEXT NOT NULL,
    -- The secret of the second factor, sealed under control.key; NULL: they have none.
    totp BLOB,
    -- The step of the last code that was taken: each counts once.
    totp_step INTEGER NOT NULL,
    -- Who they are at the provider of OpenID Connect; empty: they have not come from there.
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at INTEGER NOT NULL,
    -- NULL: never.
    last_seen INTEGER,
    CHECK (role != 'operator' OR organization = 'operator'),
    CHECK ((issuer = '') = (subject = ''))
) STRICT, WITHOUT ROWID;
CREATE INDEX users_by_organization ON users (organization, email);
CREATE UNIQUE INDEX users_by_subject ON users (issuer, subject) WHERE issuer != '';
CREATE INDEX users_who_operate ON users (role) WHERE role = 'operator';

-- Codes that stand in for a second factor that was lost. Each counts once and is gone then.
CREATE TABLE recovery_codes (
    user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;

-- Browsers in which somebody is logged in.
CREATE TABLE sessions (
    -- Of the cookie; it stands nowhere else.
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- 'password': the second factor is due, and nothing else is to be had. 'full': all of it was shown.
    stage TEXT NOT NULL CHECK (stage IN ('password', 'full')),
    begun_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user, begun_at);

-- Links with which somebody sets a password: the first, or another. Each counts once and is gone then.
CREATE TABLE invitations (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    -- One for each at most: a new one takes the place of the old.
    user TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong passwords and codes in a row, by what was given as an e-mail address, whether or not anybody has it: whoever
-- guesses learns nothing about who is there.
CREATE TABLE guesses (
    -- Of the address.
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    wrong INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    -- Until then none is looked at.
    waits_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guesses_by_age ON guesses (last_at);
