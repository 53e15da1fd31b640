//! Verdicts come and go.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::json;

use super::super::caller::Author;
use super::super::database::{Deed, Registry};
use super::super::error::RegistryError;
use super::super::{queries, sites};
use super::{MAX_WHY_CHARS, Trust, TrustsOf, count, read};
use crate::normalize::registrable;
use crate::trust::Verdict;

impl Registry {
    /// Decides about a destination from now on; where it was decided so already, for this reason. What was decided
    /// otherwise there counts no more. Returns the domain as reports have it.
    ///
    /// # Errors
    /// [`RegistryError::NotRegistrable`], [`RegistryError::NoWhy`], [`RegistryError::NoSite`],
    /// [`RegistryError::NotYourVerdict`], [`RegistryError::TooManyTrusts`].
    pub fn judge(
        &self,
        domain: &str,
        (of, verdict): (&TrustsOf, Verdict),
        (author, why): (&Author, &str),
    ) -> Result<String, RegistryError> {
        let destination = registrable(domain)?;
        let why = reason(why)?;
        self.change(|change, journal| {
            if let TrustsOf::Site(site) = of {
                sites::entry(change, site)?.ok_or_else(|| RegistryError::NoSite(site.clone()))?;
            }
            let standing = standing(change, of, &destination)?;
            allow(change, (of, &destination), standing.as_ref(), author)?;
            match &standing {
                Some(standing) if standing.verdict == verdict && standing.why == why => {
                    return Ok(());
                }
                None if count(change, of)? >= of.most() => {
                    return Err(RegistryError::TooManyTrusts { of: of.clone() });
                }
                _ => {}
            }
            let organization = author.organization().as_str();
            change.execute(
                queries::PUT_TRUST,
                params![
                    destination,
                    of.column(),
                    verdict.as_str(),
                    organization,
                    author.name(),
                    journal.at(),
                    why
                ],
            )?;
            change.execute(queries::NEXT_TRUSTS_VERSION, [])?;
            journal.note(&Deed {
                actor: author.name(),
                organization,
                action: match verdict {
                    Verdict::Approved => "trust.added",
                    Verdict::Blocked => "block.added",
                },
                subject: &destination,
                detail: json!({ "site": of.column(), "why": why }),
            })
        })?;
        Ok(destination)
    }

    /// Withdraws what was decided about a destination there, for a reason if one is given. Returns the domain as reports
    /// have it.
    ///
    /// # Errors
    /// [`RegistryError::NotRegistrable`], [`RegistryError::NoWhy`], [`RegistryError::NotTrusted`],
    /// [`RegistryError::NotYourVerdict`].
    pub fn withdraw(
        &self,
        domain: &str,
        of: &TrustsOf,
        (author, why): (&Author, Option<&str>),
    ) -> Result<String, RegistryError> {
        let destination = registrable(domain)?;
        let why = why.map(reason).transpose()?;
        self.change(|change, journal| {
            let standing = standing(change, of, &destination)?;
            allow(change, (of, &destination), standing.as_ref(), author)?;
            let standing = standing.ok_or_else(|| RegistryError::NotTrusted {
                destination: destination.clone(),
                of: of.clone(),
            })?;
            change.execute(queries::REMOVE_TRUST, [of.column(), &destination])?;
            change.execute(queries::NEXT_TRUSTS_VERSION, [])?;
            let mut detail = json!({ "site": of.column() });
            if let (Some(why), Some(detail)) = (why, detail.as_object_mut()) {
                detail.insert("why".to_owned(), json!(why));
            }
            journal.note(&Deed {
                actor: author.name(),
                organization: author.organization().as_str(),
                action: match standing.verdict {
                    Verdict::Approved => "trust.removed",
                    Verdict::Blocked => "block.removed",
                },
                subject: &destination,
                detail,
            })
        })?;
        Ok(destination)
    }

    /// Whether somebody may decide about destinations there: whoever runs the installation, or an organization that is
    /// the only one to see the site.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn may_judge(&self, of: &TrustsOf, author: &Author) -> Result<bool, RegistryError> {
        let connection = self.lock();
        decides(&connection, of, author)
    }
}

fn reason(why: &str) -> Result<&str, RegistryError> {
    let why = why.trim();
    let fits = (1..=MAX_WHY_CHARS).contains(&why.chars().count());
    if !fits || why.chars().any(char::is_control) {
        return Err(RegistryError::NoWhy);
    }
    Ok(why)
}

fn standing(
    connection: &Connection,
    of: &TrustsOf,
    destination: &str,
) -> Result<Option<Trust>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::TRUST)?;
    let found = statement.query_row([of.column(), destination], |row| Ok(read(row)));
    found.optional()?.transpose()
}

/// Lets those pass who decide there. What the operator decided nobody else changes.
fn allow(
    connection: &Connection,
    (of, destination): (&TrustsOf, &str),
    standing: Option<&Trust>,
    author: &Author,
) -> Result<(), RegistryError> {
    let is_theirs = standing.is_none_or(|it| author.manages(&it.organization));
    if is_theirs && decides(connection, of, author)? {
        return Ok(());
    }
    Err(RegistryError::NotYourVerdict {
        destination: destination.to_owned(),
        of: of.clone(),
    })
}

/// A site is judged for all who see it: one of several must neither silence nor raise alerts for the others.
fn decides(connection: &Connection, of: &TrustsOf, author: &Author) -> Result<bool, RegistryError> {
    if author.operates() {
        return Ok(true);
    }
    let TrustsOf::Site(site) = of else {
        return Ok(false);
    };
    let mut statement = connection.prepare_cached(queries::SEEN_BY)?;
    let whose = [site.as_str(), author.organization().as_str()];
    let (own, others): (u32, u32) =
        statement.query_row(whose, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(own == 1 && others == 0)
}
