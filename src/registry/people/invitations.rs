//! Links with which somebody sets a password: the first, or another.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::json;

use super::account::own_deed;
use super::error::PeopleError;
use super::manage::Invitation;
use super::{guesses, password, queries, sessions, user};
use crate::clock::Timestamp;
use crate::registry::Registry;
use crate::registry::tokens::random;

/// How long a link counts.
pub const INVITATION_LIFE: Duration = Duration::from_secs(72 * 3600);

const CODE_BYTES: usize = 24;

fn hash(code: &str) -> [u8; 32] {
    blake3::derive_key("skimwatch invitation v1", code.as_bytes())
}

/// Makes a link within a change. One that was made before counts no more.
pub(super) fn begin(change: &Connection, now: i64, id: &str) -> Result<Invitation, PeopleError> {
    let code = random::<CODE_BYTES>()?;
    let life = i64::try_from(INVITATION_LIFE.as_millis()).unwrap_or(i64::MAX);
    let expires_at = Timestamp(now.saturating_add(life));
    change.execute(
        queries::PUT_INVITATION,
        params![hash(&code), id, expires_at.0],
    )?;
    let user = user::one(change, Timestamp(now), id)?.ok_or(PeopleError::NoUser)?;
    Ok(Invitation {
        user,
        code,
        expires_at,
    })
}

impl Registry {
    /// Sets the password of whoever has this link. It counts once, and all sessions of before are over. Takes as long
    /// as making a hash.
    ///
    /// # Errors
    /// [`PeopleError::Invitation`], or what is wrong with the password; then the link still counts.
    pub fn accept_invitation(&self, code: &str, chosen: &str) -> Result<(), PeopleError> {
        let row = hash(code);
        let invited = |connection: &Connection, now: i64| {
            let id: Option<String> = connection
                .prepare_cached(queries::INVITED)?
                .query_row(params![row, now], |row| row.get(0))
                .optional()?;
            let id = id.ok_or(PeopleError::Invitation)?;
            user::one(connection, Timestamp(now), &id)?.ok_or(PeopleError::Invitation)
        };
        // Nothing is hashed for whoever has no link.
        let user = invited(&self.lock(), self.clock.now().0)?;
        password::check(chosen, &user.email)?;
        let kept = password::hash(chosen)?;
        self.change(|change, journal| {
            let user = invited(change, journal.at())?;
            change.execute(queries::SET_PASSWORD, params![user.id, kept])?;
            change.execute(queries::FORGET_INVITATION, [&user.id])?;
            sessions::end_all(change, &user.id, None)?;
            guesses::forget(change, &user.email)?;
            let detail = json!({ "by": "link" });
            journal.note(&own_deed(&user, "user.password-set", detail))?;
            Ok(())
        })
    }
}
