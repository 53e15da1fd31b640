//! Users of an organization: invited, given another role, let in or not, removed.

use rusqlite::params;
use serde_json::{Value, json};

use super::error::PeopleError;
use super::user::{self, User, address, count};
use super::{guesses, invitations, queries, sessions};
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, OrganizationId};
use crate::language::Language;
use crate::registry::database::{Deed, Journal};
use crate::registry::organizations::require;
use crate::registry::sites::text;
use crate::registry::tokens::random;
use crate::registry::{Author, Registry};
use crate::role::Role;

/// Most users of one organization.
pub const MAX_USERS: u32 = 1000;

/// What is told of somebody to invite them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// What they will log in with.
    pub email: String,
    /// Their name, for people.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they read.
    pub language: Language,
}

/// What lets a user set a password. It is shown nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whose password.
    pub user: User,
    /// The code.
    pub code: String,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation")
            .field("user", &self.user)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A change of one user, within a transaction: whom it is about, and the rows.
type Change<'a> = (&'a User, &'a rusqlite::Transaction<'a>);

impl Registry {
    /// Adds a user who sets a password with the invitation.
    ///
    /// # Errors
    /// [`PeopleError`]: the address or the name cannot be used, somebody has the address, the role is not the
    /// author's to give there, or there are too many users.
    pub fn invite_user(
        &self,
        organization: &OrganizationId,
        newcomer: &Newcomer,
        author: &Author,
    ) -> Result<Invitation, PeopleError> {
        let email = address(&newcomer.email)?;
        let name = newcomer.name.trim().to_owned();
        let name = text("name", name).map_err(|_long| PeopleError::Name)?;
        if name.is_empty() {
            return Err(PeopleError::Name);
        }
        may_give(author, organization, newcomer.role)?;
        let id = random::<9>()?;
        self.change(|change, journal| {
            require(change, organization)?;
            if user::of_email(change, Timestamp(journal.at()), &email)?.is_some() {
                return Err(PeopleError::Taken);
            }
            if count(change, queries::USER_COUNT, organization.as_str())? >= MAX_USERS {
                return Err(PeopleError::TooMany);
            }
            let role = newcomer.role.as_str();
            let (of, language) = (organization.as_str(), newcomer.language.tag());
            let values = params![id, of, email, name, role, language, journal.at()];
            change.execute(queries::ADD_USER, values)?;
            let detail = json!({ "email": email, "name": name, "role": role });
            journal.note(&deed(author, organization, ("user.invited", &id), detail))?;
            invitations::begin(change, journal.at(), &id)
        })
    }

    /// Gives a user another role, and ends their sessions.
    ///
    /// # Errors
    /// [`PeopleError`]: there is no such user, the roles are not the author's to give, or nobody would be left to run
    /// the installation.
    pub fn set_role(
        &self,
        (organization, id): (&OrganizationId, &str),
        role: Role,
        author: &Author,
    ) -> Result<User, PeopleError> {
        may_give(author, organization, role)?;
        self.change_user((organization, id), author, |(user, change), journal| {
            if user.role == role {
                return Ok(());
            }
            keep_one(user, change)?;
            change.execute(queries::SET_ROLE, params![id, role.as_str()])?;
            sessions::end_all(change, id, None)?;
            let detail =
                json!({ "email": user.email, "from": user.role.as_str(), "to": role.as_str() });
            journal.note(&deed(
                author,
                organization,
                ("user.role-changed", id),
                detail,
            ))?;
            Ok(())
        })
    }

    /// Lets a user in again, or no longer; the latter ends their sessions.
    ///
    /// # Errors
    /// As [`set_role`](Self::set_role).
    pub fn set_active(
        &self,
        (organization, id): (&OrganizationId, &str),
        is_active: bool,
        author: &Author,
    ) -> Result<User, PeopleError> {
        self.change_user((organization, id), author, |(user, change), journal| {
            if user.is_active == is_active {
                return Ok(());
            }
            let (state, action) = if is_active {
                ("active", "user.enabled")
            } else {
                keep_one(user, change)?;
                ("disabled", "user.disabled")
            };
            change.execute(queries::SET_STATE, params![id, state])?;
            change.execute(queries::FORGET_INVITATION, [id])?;
            sessions::end_all(change, id, None)?;
            let detail = json!({ "email": user.email });
            journal.note(&deed(author, organization, (action, id), detail))?;
            Ok(())
        })
    }

    /// Makes a link with which a user sets another password, and ends their sessions. The old password counts until
    /// then: disable them if somebody else knows it.
    ///
    /// # Errors
    /// As [`set_role`](Self::set_role).
    pub fn reset_user(
        &self,
        (organization, id): (&OrganizationId, &str),
        author: &Author,
    ) -> Result<Invitation, PeopleError> {
        let mut invitation = None;
        self.change_user((organization, id), author, |(user, change), journal| {
            if !user.is_active {
                return Err(PeopleError::NoUser);
            }
            sessions::end_all(change, id, None)?;
            guesses::forget(change, &user.email)?;
            let detail = json!({ "email": user.email });
            journal.note(&deed(author, organization, ("user.reset", id), detail))?;
            invitation = Some(invitations::begin(change, journal.at(), id)?);
            Ok(())
        })?;
        invitation.ok_or(PeopleError::NoUser)
    }

    /// Takes a user's second factor away, and ends their sessions.
    ///
    /// # Errors
    /// As [`set_role`](Self::set_role).
    pub fn reset_totp(
        &self,
        (organization, id): (&OrganizationId, &str),
        author: &Author,
    ) -> Result<User, PeopleError> {
        self.change_user((organization, id), author, |(user, change), journal| {
            if !user.has_totp {
                return Ok(());
            }
            super::second::forget(change, id)?;
            sessions::end_all(change, id, None)?;
            let detail = json!({ "email": user.email });
            journal.note(&deed(
                author,
                organization,
                ("user.totp-removed", id),
                detail,
            ))?;
            Ok(())
        })
    }

    /// Removes a user. What the audit log says of them stays.
    ///
    /// # Errors
    /// As [`set_role`](Self::set_role).
    pub fn remove_user(
        &self,
        (organization, id): (&OrganizationId, &str),
        author: &Author,
    ) -> Result<(), PeopleError> {
        may_manage(author, organization)?;
        self.change(|change, journal| {
            let user = found(change, journal.at(), (organization, id))?;
            may_give(author, organization, user.role)?;
            keep_one(&user, change)?;
            guesses::forget(change, &user.email)?;
            change.execute(queries::REMOVE_USER, [id])?;
            let detail = json!({ "email": user.email, "role": user.role.as_str() });
            journal.note(&deed(author, organization, ("user.removed", id), detail))?;
            Ok(())
        })
    }

    /// What every change of a user has in common: who may, and how they are afterwards.
    fn change_user(
        &self,
        (organization, id): (&OrganizationId, &str),
        author: &Author,
        work: impl FnOnce(Change<'_>, &mut Journal<'_>) -> Result<(), PeopleError>,
    ) -> Result<User, PeopleError> {
        may_manage(author, organization)?;
        self.change(|change, journal| {
            let user = found(change, journal.at(), (organization, id))?;
            may_give(author, organization, user.role)?;
            work((&user, change), journal)?;
            found(change, journal.at(), (organization, id))
        })
    }
}

fn found(
    change: &rusqlite::Connection,
    now: i64,
    (organization, id): (&OrganizationId, &str),
) -> Result<User, PeopleError> {
    let user = user::one(change, Timestamp(now), id)?;
    user.filter(|user| user.organization == *organization)
        .ok_or(PeopleError::NoUser)
}

fn may_manage(author: &Author, organization: &OrganizationId) -> Result<(), PeopleError> {
    let may = author.manages(organization);
    may.then_some(()).ok_or(PeopleError::NotYours)
}

fn may_give(author: &Author, organization: &OrganizationId, role: Role) -> Result<(), PeopleError> {
    may_manage(author, organization)?;
    if !author.may_give(role) {
        return Err(PeopleError::NotYoursToGive(role));
    }
    let fits = role != Role::Operator || organization.as_str() == OPERATOR;
    fits.then_some(()).ok_or(PeopleError::Elsewhere)
}

/// That the installation is left with somebody to run it, if it has somebody.
fn keep_one(user: &User, change: &rusqlite::Connection) -> Result<(), PeopleError> {
    let counts = user.role == Role::Operator && user.can_enter();
    if counts && !user::another_operator(change, &user.id)? {
        return Err(PeopleError::LastOperator);
    }
    Ok(())
}

fn deed<'a>(
    author: &'a Author,
    organization: &'a OrganizationId,
    (action, id): (&'static str, &'a str),
    detail: Value,
) -> Deed<'a> {
    Deed {
        actor: author.name(),
        organization: organization.as_str(),
        action,
        subject: id,
        detail,
    }
}
