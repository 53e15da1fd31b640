//! The text of every statement about people. Values are bound.

/// What is read of a user, but the secrets; in the order of `user::read`.
macro_rules! user {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization, email, name, role, language, state, created_at, last_seen,
                    password != '', totp IS NOT NULL, issuer != '',
                    EXISTS (SELECT 1 FROM invitations WHERE user = users.id AND expires_at > ?1)
             FROM users ",
            $rest
        )
    };
}

/// The users of an organization.
pub(super) const USERS: &str = user!("WHERE organization = ?2 ORDER BY email");

/// One of them.
pub(super) const USER: &str = user!("WHERE id = ?2");

/// The user with an e-mail address.
pub(super) const USER_OF_EMAIL: &str = user!("WHERE email = ?2");

/// Whoever somebody is at a provider.
pub(super) const USER_OF_SUBJECT: &str = user!("WHERE issuer = ?2 AND subject = ?3");

/// How many users an organization has.
pub(super) const USER_COUNT: &str = "SELECT count(*) FROM users WHERE organization = ?1";

/// A new user, who has no way to log in yet.
pub(super) const ADD_USER: &str = "
    INSERT INTO users (id, organization, email, name, role, language, password, totp, totp_step, issuer, subject,
                       state, created_at, last_seen)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', NULL, 0, '', '', 'active', ?7, NULL)";

/// A user is no more.
pub(super) const REMOVE_USER: &str = "DELETE FROM users WHERE id = ?1";

/// Another role.
pub(super) const SET_ROLE: &str = "UPDATE users SET role = ?2 WHERE id = ?1";

/// Let in, or not.
pub(super) const SET_STATE: &str = "UPDATE users SET state = ?2 WHERE id = ?1";

/// Another language.
pub(super) const SET_LANGUAGE: &str = "UPDATE users SET language = ?2 WHERE id = ?1";

/// Another password.
pub(super) const SET_PASSWORD: &str = "UPDATE users SET password = ?2 WHERE id = ?1";

/// Another second factor, or none. No code of it was taken yet, but the one that showed that it works.
pub(super) const SET_TOTP: &str = "UPDATE users SET totp = ?2, totp_step = ?3 WHERE id = ?1";

/// A code was taken, unless it or a later one was before.
pub(super) const TAKE_STEP: &str =
    "UPDATE users SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2";

/// Who they are at the provider.
pub(super) const LINK: &str = "UPDATE users SET issuer = ?2, subject = ?3 WHERE id = ?1";

/// They were here.
pub(super) const SEEN: &str = "UPDATE users SET last_seen = ?2 WHERE id = ?1";

/// Whether somebody else could log in and run the installation.
pub(super) const ANOTHER_OPERATOR: &str = "
    SELECT EXISTS (SELECT 1 FROM users
                   WHERE role = 'operator' AND state = 'active' AND (password != '' OR issuer != '') AND id != ?1)";

/// The password of whoever has an e-mail address and may log in.
pub(super) const PASSWORD_OF_EMAIL: &str =
    "SELECT id, password FROM users WHERE email = ?1 AND state = 'active' AND password != ''";

/// The password of a user who may log in.
pub(super) const PASSWORD_OF_USER: &str =
    "SELECT password FROM users WHERE id = ?1 AND state = 'active'";

/// The second factor of a user who may log in.
pub(super) const TOTP_OF_USER: &str = "SELECT totp FROM users WHERE id = ?1 AND state = 'active'";

/// A new code.
pub(super) const ADD_CODE: &str = "INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2)";

/// A code was used.
pub(super) const TAKE_CODE: &str = "DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2";

/// No code counts any more.
pub(super) const FORGET_CODES: &str = "DELETE FROM recovery_codes WHERE user = ?1";

/// How many codes are left.
pub(super) const CODE_COUNT: &str = "SELECT count(*) FROM recovery_codes WHERE user = ?1";

/// A new session.
pub(super) const ADD_SESSION: &str = "
    INSERT INTO sessions (hash, user, stage, begun_at, seen_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?4, ?5)";

/// The session of a cookie, as long as it lasts, and whose it is.
pub(super) const SESSION: &str = "
    SELECT u.id, u.organization, u.email, u.role, u.language, s.stage, s.seen_at, u.totp IS NOT NULL
    FROM sessions AS s JOIN users AS u ON u.id = s.user
    WHERE s.hash = ?1 AND u.state = 'active' AND s.expires_at > ?2 AND s.seen_at > ?3";

/// It was used.
pub(super) const TOUCH_SESSION: &str = "UPDATE sessions SET seen_at = ?2 WHERE hash = ?1";

/// One is over.
pub(super) const END_SESSION: &str = "DELETE FROM sessions WHERE hash = ?1";

/// All of a user are over, but for one.
pub(super) const END_SESSIONS: &str = "DELETE FROM sessions WHERE user = ?1 AND hash != ?2";

/// Those that have ended by themselves are forgotten.
pub(super) const FORGET_SESSIONS: &str =
    "DELETE FROM sessions WHERE expires_at <= ?1 OR seen_at <= ?2";

/// More than these of a user are over, the oldest first.
pub(super) const END_OLDEST: &str = "
    DELETE FROM sessions WHERE hash IN
        (SELECT hash FROM sessions WHERE user = ?1 ORDER BY begun_at DESC, hash LIMIT -1 OFFSET ?2)";

/// The sessions of a user, the newest first.
pub(super) const SESSIONS: &str = "
    SELECT hash, begun_at, seen_at FROM sessions
    WHERE user = ?1 AND stage = 'full' AND expires_at > ?2 AND seen_at > ?3
    ORDER BY begun_at DESC, hash";

/// A link, in the place of the one before.
pub(super) const PUT_INVITATION: &str = "
    INSERT INTO invitations (hash, user, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (user) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at";

/// Whom a link is for.
pub(super) const INVITED: &str = "
    SELECT u.id FROM invitations AS i JOIN users AS u ON u.id = i.user
    WHERE i.hash = ?1 AND i.expires_at > ?2 AND u.state = 'active'";

/// No link of a user counts any more.
pub(super) const FORGET_INVITATION: &str = "DELETE FROM invitations WHERE user = ?1";

/// What was guessed of an address.
pub(super) const GUESSES: &str = "SELECT wrong, last_at, waits_until FROM guesses WHERE hash = ?1";

/// One more guess.
pub(super) const PUT_GUESS: &str = "
    INSERT INTO guesses (hash, wrong, last_at, waits_until) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (hash) DO UPDATE SET
        wrong = excluded.wrong, last_at = excluded.last_at, waits_until = excluded.waits_until";

/// It was right, but not all: that one guess does not count, nor what would follow from it.
pub(super) const TAKE_GUESS_BACK: &str = "
    UPDATE guesses SET wrong = max(wrong - 1, 0),
                       waits_until = CASE waits_until WHEN ?2 THEN 0 ELSE waits_until END
    WHERE hash = ?1";

/// All was right.
pub(super) const FORGET_GUESSES: &str = "DELETE FROM guesses WHERE hash = ?1";

/// Those of before are forgotten.
pub(super) const FORGET_OLD_GUESSES: &str = "DELETE FROM guesses WHERE last_at < ?1";

/// More than these are forgotten, the oldest first.
pub(super) const FORGET_MOST_GUESSES: &str = "
    DELETE FROM guesses WHERE hash IN (SELECT hash FROM guesses ORDER BY last_at DESC LIMIT -1 OFFSET ?1)";
