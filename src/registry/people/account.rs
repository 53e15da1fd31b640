//! What somebody changes of their own account: password, language.

use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value, json};

use super::error::PeopleError;
use super::sessions::{self, Person};
use super::user::{self, User};
use super::{password, queries};
use crate::clock::Timestamp;
use crate::language::Language;
use crate::registry::Registry;
use crate::registry::database::Deed;

/// What somebody does to their own account.
pub(super) fn own_deed<'a>(user: &'a User, action: &'static str, detail: Value) -> Deed<'a> {
    Deed {
        actor: &user.email,
        organization: user.organization.as_str(),
        action,
        subject: &user.id,
        detail,
    }
}

impl Registry {
    /// Sets another password for whoever knows the present one, and ends all sessions but this one. Takes as long as
    /// two hashes.
    ///
    /// # Errors
    /// [`PeopleError::Wrong`], [`PeopleError::Waits`], or what is wrong with the new one.
    pub fn change_password(
        &self,
        person: &Person,
        (present, chosen): (&str, &str),
    ) -> Result<(), PeopleError> {
        let user = self.user(&person.id)?.ok_or(PeopleError::NoUser)?;
        password::check(chosen, &user.email)?;
        self.confirm_password(&user, present)?;
        let kept = password::hash(chosen)?;
        self.change(|change, journal| {
            let user = user::one(change, Timestamp(journal.at()), &person.id)?;
            let user = user.filter(|user| user.is_active);
            let user = user.ok_or(PeopleError::NoUser)?;
            change.execute(queries::SET_PASSWORD, params![user.id, kept])?;
            change.execute(queries::FORGET_INVITATION, [&user.id])?;
            sessions::end_all(change, &user.id, Some(&person.session))?;
            let detail = json!({ "by": "password" });
            journal.note(&own_deed(&user, "user.password-set", detail))?;
            Ok(())
        })
    }

    /// That it is really them: a session may have been left open. Whoever has no password is believed.
    pub(super) fn confirm_password(&self, user: &User, shown: &str) -> Result<(), PeopleError> {
        if !user.has_password {
            return Ok(());
        }
        let guess = self.begin_guess(&user.email)?;
        let kept: Option<String> = self
            .lock()
            .prepare_cached(queries::PASSWORD_OF_USER)?
            .query_row([&user.id], |row| row.get(0))
            .optional()?;
        if !password::verify(shown, kept.as_deref())? {
            return Err(PeopleError::Wrong);
        }
        Ok(self.take_guess_back(&guess)?)
    }

    /// Sets what somebody reads.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn set_language(&self, person: &Person, language: Language) -> Result<(), PeopleError> {
        self.change(|change, journal| {
            let user = user::one(change, Timestamp(journal.at()), &person.id)?;
            let user = user.ok_or(PeopleError::NoUser)?;
            if user.language == language {
                return Ok(());
            }
            change.execute(queries::SET_LANGUAGE, params![user.id, language.tag()])?;
            let detail = json!({ "to": language.tag() });
            journal.note(&own_deed(&user, "user.language-changed", detail))?;
            Ok(())
        })
    }
}
