//! Whoever comes from a provider of OpenID Connect: they are known by issuer and subject, and the first time by a
//! verified e-mail address. Nobody is added by coming.

use rusqlite::params;
use serde_json::json;

use super::account::own_deed;
use super::enter::{Entered, let_in};
use super::error::PeopleError;
use super::{guesses, queries, user};
use crate::clock::Timestamp;
use crate::registry::Registry;

/// Longest subject (OpenID Connect Core §2), and longest issuer that is kept.
const MAX_SUBJECT_BYTES: usize = 255;
const MAX_ISSUER_BYTES: usize = 1024;

/// What a provider says of somebody, after its signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// What the provider calls them, for ever.
    pub subject: String,
    /// Their e-mail address, if the provider says that it is verified.
    pub verified_email: Option<String>,
}

impl Registry {
    /// Lets in whoever the provider says it is. Their second factor is the provider's business.
    ///
    /// # Errors
    /// [`PeopleError::Stranger`] if they are nobody here or not let in, [`PeopleError::Linked`] if the address belongs
    /// to somebody who is another subject there.
    pub fn enter_linked(&self, identity: &Identity) -> Result<Entered, PeopleError> {
        let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
        let fits = (1..=MAX_SUBJECT_BYTES).contains(&subject.len())
            && (1..=MAX_ISSUER_BYTES).contains(&issuer.len());
        if !fits {
            return Err(PeopleError::Stranger);
        }
        self.change(|change, journal| {
            let now = Timestamp(journal.at());
            if let Some(user) = user::of_subject(change, now, (issuer, subject))? {
                let user = Some(user).filter(|user| user.is_active);
                let user = user.ok_or(PeopleError::Stranger)?;
                return let_in(change, journal, (&user, "provider"));
            }
            let email = identity.verified_email.as_deref();
            let email = email.ok_or(PeopleError::Stranger)?;
            let user = user::of_email(change, now, &user::folded(email))?;
            let user = user.filter(|user| user.is_active);
            let user = user.ok_or(PeopleError::Stranger)?;
            if user.is_linked {
                return Err(PeopleError::Linked);
            }
            change.execute(queries::LINK, params![user.id, issuer, subject])?;
            change.execute(queries::FORGET_INVITATION, [&user.id])?;
            guesses::forget(change, &user.email)?;
            let detail = json!({ "issuer": issuer, "subject": subject });
            journal.note(&own_deed(&user, "user.linked", detail))?;
            let_in(change, journal, (&user, "provider"))
        })
    }
}
