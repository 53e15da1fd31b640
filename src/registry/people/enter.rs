//! How somebody gets in: with a password, then with their second factor if they have one or must have one.

use rusqlite::OptionalExtension as _;
use serde_json::json;

use super::account::own_deed;
use super::error::PeopleError;
use super::sessions::{self, Person, Stage};
use super::user::{self, User, folded};
use super::{guesses, password, queries, second};
use crate::clock::Timestamp;
use crate::language::Language;
use crate::registry::Registry;
use crate::registry::database::Journal;

/// Somebody is in, or half in.
#[derive(Clone)]
pub struct Entered {
    /// The value of their cookie.
    pub cookie: String,
    /// How far they got.
    pub stage: Stage,
    /// What they read.
    pub language: Language,
}

impl std::fmt::Debug for Entered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entered")
            .field("stage", &self.stage)
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// Somebody shows a password. Takes as long for whoever is not there. `asks_second` says that everybody must have
    /// a second factor.
    ///
    /// # Errors
    /// [`PeopleError::Wrong`] or [`PeopleError::Waits`].
    pub fn enter(
        &self,
        (email, shown): (&str, &str),
        asks_second: bool,
    ) -> Result<Entered, PeopleError> {
        let email = folded(email);
        let guess = self.begin_guess(&email)?;
        let found: Option<(String, String)> = self
            .lock()
            .prepare_cached(queries::PASSWORD_OF_EMAIL)?
            .query_row([&email], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let kept = found.as_ref().map(|(_, kept)| kept.as_str());
        let is_right = password::verify(shown, kept)?;
        let (id, kept) = found.filter(|_| is_right).ok_or(PeopleError::Wrong)?;
        let entered = self.change(|change, journal| {
            // They may have been changed while the hash was made.
            let still: Option<String> = change
                .prepare_cached(queries::PASSWORD_OF_USER)?
                .query_row([&id], |row| row.get(0))
                .optional()?;
            let user = user::one(change, Timestamp(journal.at()), &id)?;
            let user = user.filter(|_| still.as_deref() == Some(&kept));
            let user = user.ok_or(PeopleError::Wrong)?;
            if user.has_totp || asks_second {
                let cookie = sessions::begin(change, journal.at(), (&id, Stage::Password))?;
                return Ok(Entered {
                    cookie,
                    stage: Stage::Password,
                    language: user.language,
                });
            }
            guesses::forget(change, &email)?;
            let_in(change, journal, (&user, "password"))
        })?;
        if entered.stage == Stage::Password {
            self.take_guess_back(&guess)?;
        }
        Ok(entered)
    }

    /// Somebody who has shown the password shows the second factor. The cookie of before counts no more.
    ///
    /// # Errors
    /// [`PeopleError::WrongCode`] or [`PeopleError::Waits`].
    pub fn enter_second(
        &self,
        vault: &super::Vault,
        person: &Person,
        code: &str,
    ) -> Result<Entered, PeopleError> {
        let user = self.user(&person.id)?.ok_or(PeopleError::NoUser)?;
        self.begin_guess(&user.email)?;
        self.change(|change, journal| {
            let user = user::one(change, Timestamp(journal.at()), &person.id)?;
            let user = user.filter(|user| user.is_active && user.has_totp);
            let user = user.ok_or(PeopleError::WrongCode)?;
            let by = second::take(change, (vault, &user), (code, journal.at()))?;
            if change.execute(queries::END_SESSION, [person.session])? == 0 {
                return Err(PeopleError::WrongCode);
            }
            guesses::forget(change, &user.email)?;
            let_in(change, journal, (&user, by))
        })
    }
}

/// Begins a session in which all is allowed, within a change.
pub(super) fn let_in(
    change: &rusqlite::Connection,
    journal: &mut Journal<'_>,
    (user, by): (&User, &'static str),
) -> Result<Entered, PeopleError> {
    let cookie = sessions::begin(change, journal.at(), (&user.id, Stage::Full))?;
    journal.note(&own_deed(user, "user.entered", json!({ "by": by })))?;
    Ok(Entered {
        cookie,
        stage: Stage::Full,
        language: user.language,
    })
}
