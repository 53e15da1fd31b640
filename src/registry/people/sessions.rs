//! Sessions of users, a row each. The cookie is random; what is kept of it is a hash.
//!
//! One that the second factor is due for lets nobody see anything. A session ends by itself, by a logout, and with
//! every change of what somebody may do or logs in with.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::PeopleError;
use super::user::language_of;
use super::{queries, user};
use crate::clock::Timestamp;
use crate::language::Language;
use crate::registry::session::{SESSION_LIFE, Session};
use crate::registry::tokens::{owner, random, role_of};
use crate::registry::{Caller, Registry, RegistryError};

/// A session that was not used for so long is over.
pub const SESSION_IDLE: Duration = Duration::from_secs(2 * 3600);

/// How long somebody may take to show their second factor.
const SECOND_LIFE: Duration = Duration::from_secs(10 * 60);

/// Most sessions of one user; a further one ends the oldest.
pub const MAX_SESSIONS: u32 = 20;

/// Use is written down this seldom.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

const COOKIE_BYTES: usize = 32;

/// How far somebody has shown who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// With the password. The second factor is due.
    Password,
    /// With all that is asked for.
    Full,
}

/// The user of a session.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// What they read.
    pub language: Language,
    /// How far they have shown who they are.
    pub stage: Stage,
    /// Whether they have a second factor.
    pub has_totp: bool,
    /// The row.
    pub(in crate::registry) session: [u8; 32],
}

/// A session, as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEntry {
    /// Since when.
    pub begun_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_own: bool,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Full => "full",
        }
    }
}

pub(super) fn hash(cookie: &str) -> [u8; 32] {
    blake3::derive_key("skimwatch user session v1", cookie.as_bytes())
}

fn before(now: i64, span: Duration) -> i64 {
    now.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
}

fn after(now: i64, span: Duration) -> i64 {
    now.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
}

/// Begins a session within a change: the value of its cookie.
pub(super) fn begin(
    change: &Connection,
    now: i64,
    (user, stage): (&str, Stage),
) -> Result<String, RegistryError> {
    let cookie = random::<COOKIE_BYTES>()?;
    let life = match stage {
        Stage::Password => SECOND_LIFE,
        Stage::Full => SESSION_LIFE,
    };
    let idle = before(now, SESSION_IDLE);
    change.execute(queries::FORGET_SESSIONS, params![now, idle])?;
    let values = params![hash(&cookie), user, stage.as_str(), now, after(now, life)];
    change.execute(queries::ADD_SESSION, values)?;
    change.execute(queries::END_OLDEST, params![user, MAX_SESSIONS])?;
    if stage == Stage::Full {
        change.execute(queries::SEEN, params![user, now])?;
    }
    Ok(cookie)
}

/// Ends the sessions of a user within a change, but for one.
pub(super) fn end_all(
    change: &Connection,
    user: &str,
    but: Option<&[u8; 32]>,
) -> Result<usize, RegistryError> {
    let but = but.unwrap_or(&[0; 32]);
    Ok(change.execute(queries::END_SESSIONS, params![user, but])?)
}

impl Registry {
    /// The session of a cookie. `is_used` says that somebody is at it, not a page that renews itself.
    pub(in crate::registry) fn user_session(
        &self,
        cookie: &str,
        is_used: bool,
    ) -> Result<Option<Session>, RegistryError> {
        let now = self.clock.now().0;
        let row = hash(cookie);
        type Found = (String, String, String, String, String, String, i64, bool);
        let values = params![row, now, before(now, SESSION_IDLE)];
        let found: Option<Found> = self
            .lock()
            .prepare_cached(queries::SESSION)?
            .query_row(values, |row| {
                let texts = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                let (id, organization, email, role) = texts;
                let (language, stage) = (row.get(4)?, row.get(5)?);
                let (seen, totp) = (row.get(6)?, row.get(7)?);
                Ok((id, organization, email, role, language, stage, seen, totp))
            })
            .optional()?;
        let Some((id, organization, email, role, language, stage, seen_at, has_totp)) = found
        else {
            return Ok(None);
        };
        let stage = match stage.as_str() {
            "full" => Stage::Full,
            _ => Stage::Password,
        };
        if is_used && stage == Stage::Full && seen_at <= before(now, TOUCH_EVERY) {
            self.touch(&row, &id)?;
        }
        let organization = owner(&organization)?;
        Ok(Some(Session {
            caller: Caller {
                name: email,
                role: role_of(&role)?,
                scope: self.scope(&organization)?,
                organization,
            },
            csrf: csrf(cookie),
            person: Some(Person {
                id,
                language: language_of(&language)?,
                stage,
                has_totp,
                session: row,
            }),
        }))
    }

    fn touch(&self, session: &[u8; 32], user: &str) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            change.execute(queries::TOUCH_SESSION, params![session, journal.at()])?;
            change.execute(queries::SEEN, params![user, journal.at()])?;
            Ok(())
        })
    }

    /// Somebody leaves.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn leave(&self, person: &Person) -> Result<(), RegistryError> {
        self.change(|change, _journal| {
            change.execute(queries::END_SESSION, [person.session])?;
            Ok(())
        })
    }

    /// The sessions of whoever asks, the newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn sessions_of(&self, person: &Person) -> Result<Vec<SessionEntry>, PeopleError> {
        let now = self.clock.now().0;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::SESSIONS)?;
        let values = params![person.id, now, before(now, SESSION_IDLE)];
        let rows = statement.query_map(values, |row| {
            Ok(SessionEntry {
                is_own: row.get::<_, [u8; 32]>(0)? == person.session,
                begun_at: Timestamp(row.get(1)?),
                seen_at: Timestamp(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Ends all sessions of whoever asks but this one. How many that were.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn end_other_sessions(&self, person: &Person) -> Result<usize, PeopleError> {
        self.change(|change, journal| {
            let user = user::one(change, Timestamp(journal.at()), &person.id)?;
            let user = user.ok_or(PeopleError::NoUser)?;
            let ended = end_all(change, &user.id, Some(&person.session))?;
            if ended > 0 {
                let detail = serde_json::json!({ "sessions": ended });
                journal.note(&super::account::own_deed(
                    &user,
                    "user.sessions-ended",
                    detail,
                ))?;
            }
            Ok(ended)
        })
    }
}

/// What the forms of a session carry.
fn csrf(cookie: &str) -> String {
    let key = blake3::derive_key("skimwatch user csrf v1", cookie.as_bytes());
    blake3::Hash::from_bytes(key).to_hex().to_string()
}
