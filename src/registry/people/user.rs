//! [`User`]: somebody who may log in, as rows tell it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::error::PeopleError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::OrganizationId;
use crate::language::Language;
use crate::registry::tokens::{owner, role_of};
use crate::registry::{Registry, RegistryError};
use crate::role::Role;

/// Longest e-mail address (RFC 5321 §4.5.3.1.3, without the angle brackets).
pub const MAX_EMAIL_BYTES: usize = 254;

/// Longest part before the @.
const MAX_LOCAL_BYTES: usize = 64;

/// Somebody who may log in, without their secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Stable for ever.
    pub id: String,
    /// Whose people they belong to.
    pub organization: OrganizationId,
    /// What they log in with, in small letters.
    pub email: String,
    /// Their name, for people.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they read.
    pub language: Language,
    /// Whether they are let in.
    pub is_active: bool,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were here last.
    pub last_seen: Option<Timestamp>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they have a second factor.
    pub has_totp: bool,
    /// Whether they have come from the provider of OpenID Connect.
    pub is_linked: bool,
    /// Whether they have a link that lets them set a password.
    pub is_invited: bool,
}

impl User {
    /// Whether they have a way to log in, and are let in.
    pub fn can_enter(&self) -> bool {
        self.is_active && (self.has_password || self.is_linked)
    }
}

impl Registry {
    /// The users of an organization, in the order of their e-mail addresses.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn users(&self, organization: &OrganizationId) -> Result<Vec<User>, PeopleError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::USERS)?;
        let mut rows = statement.query(params![self.clock.now().0, organization.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    /// One user.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn user(&self, id: &str) -> Result<Option<User>, PeopleError> {
        one(&self.lock(), self.clock.now(), id)
    }

    /// The user with this e-mail address, in any case.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn user_of_email(&self, email: &str) -> Result<Option<User>, PeopleError> {
        of_email(&self.lock(), self.clock.now(), &folded(email))
    }

    /// Whether somebody runs the installation who can log in: then the token of the settings is void.
    pub(in crate::registry) fn has_operator(&self) -> Result<bool, RegistryError> {
        another_operator(&self.lock(), "")
    }
}

/// Whether somebody else than this user can log in and run the installation.
pub(super) fn another_operator(connection: &Connection, id: &str) -> Result<bool, RegistryError> {
    let mut statement = connection.prepare_cached(queries::ANOTHER_OPERATOR)?;
    Ok(statement.query_row([id], |row| row.get(0))?)
}

pub(super) fn one(
    connection: &Connection,
    now: Timestamp,
    id: &str,
) -> Result<Option<User>, PeopleError> {
    let mut statement = connection.prepare_cached(queries::USER)?;
    let mut rows = statement.query(params![now.0, id])?;
    rows.next()?.map(read).transpose()
}

pub(super) fn of_email(
    connection: &Connection,
    now: Timestamp,
    email: &str,
) -> Result<Option<User>, PeopleError> {
    let mut statement = connection.prepare_cached(queries::USER_OF_EMAIL)?;
    let mut rows = statement.query(params![now.0, email])?;
    rows.next()?.map(read).transpose()
}

pub(super) fn of_subject(
    connection: &Connection,
    now: Timestamp,
    (issuer, subject): (&str, &str),
) -> Result<Option<User>, PeopleError> {
    let mut statement = connection.prepare_cached(queries::USER_OF_SUBJECT)?;
    let mut rows = statement.query(params![now.0, issuer, subject])?;
    rows.next()?.map(read).transpose()
}

fn read(row: &Row<'_>) -> Result<User, PeopleError> {
    let (organization, role): (String, String) = (row.get(1)?, row.get(4)?);
    let (language, state): (String, String) = (row.get(5)?, row.get(6)?);
    Ok(User {
        id: row.get(0)?,
        organization: owner(&organization)?,
        email: row.get(2)?,
        name: row.get(3)?,
        role: role_of(&role)?,
        language: language_of(&language)?,
        is_active: state == "active",
        created_at: Timestamp(row.get(7)?),
        last_seen: row.get::<_, Option<i64>>(8)?.map(Timestamp),
        has_password: row.get(9)?,
        has_totp: row.get(10)?,
        is_linked: row.get(11)?,
        is_invited: row.get(12)?,
    })
}

/// The language of a stored tag.
pub(super) fn language_of(tag: &str) -> Result<Language, RegistryError> {
    Language::of_tag(tag).ok_or_else(|| RegistryError::Damaged(format!("language {tag}")))
}

/// The number of rows that a query counts.
pub(super) fn count(
    connection: &Connection,
    query: &'static str,
    of: &str,
) -> Result<u32, RegistryError> {
    let found = connection
        .prepare_cached(query)?
        .query_row([of], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// An address as it is kept and looked for.
pub(super) fn folded(email: &str) -> String {
    email.trim().to_ascii_lowercase()
}

/// An address of a usual shape, as it is kept.
pub(super) fn address(email: &str) -> Result<String, PeopleError> {
    let email = folded(email);
    let fits = |(local, host): (&str, &str)| {
        let plain = |b: u8| b.is_ascii_graphic() && !br#"()<>[],;:\"@"#.contains(&b);
        let label = |label: &str| {
            let bytes = label.bytes();
            !label.is_empty()
                && bytes
                    .clone()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        (1..=MAX_LOCAL_BYTES).contains(&local.len())
            && local.bytes().all(plain)
            && host.contains('.')
            && host.split('.').all(label)
    };
    let is_good = email.len() <= MAX_EMAIL_BYTES && email.rsplit_once('@').is_some_and(fits);
    is_good.then_some(email).ok_or(PeopleError::Email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_usual_shape() {
        for (given, kept) in [
            ("somebody@example.com", Some("somebody@example.com")),
            (
                " Some.Body+x@EXAMPLE.co.jp ",
                Some("some.body+x@example.co.jp"),
            ),
            (
                "o'brien@xn--r8jz45g.example",
                Some("o'brien@xn--r8jz45g.example"),
            ),
            ("", None),
            ("somebody", None),
            ("@example.com", None),
            ("some body@example.com", None),
            ("a@b@example.com", None),
            ("somebody@localhost", None),
            ("somebody@example..com", None),
            ("somebody@[192.0.2.1]", None),
            ("<somebody@example.com>", None),
            ("some\r\nbody@example.com", None),
            ("だれか@example.com", None),
            (&format!("{}@example.com", "x".repeat(65)), None),
            (&format!("x@{}.com", "example.".repeat(40)), None),
        ] {
            assert_eq!(address(given).ok().as_deref(), kept, "{given}");
        }
    }
}
