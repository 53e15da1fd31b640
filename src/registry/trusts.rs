//! Destinations that people vouch for. [`Trust`] is one of them, [`Trusted`] what detection reads.

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::json;

use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::{queries, sites};
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, SiteId};
use crate::normalize::registrable;
use crate::trust::Trusted;

/// Most destinations that are trusted at every site.
pub const MAX_TRUSTS_EVERYWHERE: u32 = 10_000;
/// Most destinations that are trusted at one site alone.
pub const MAX_TRUSTS_OF_SITE: u32 = 1000;
/// Longest reason, in characters.
pub const MAX_WHY_CHARS: usize = 500;

/// Where something is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustsOf {
    /// At every site.
    All,
    /// At this one.
    Site(SiteId),
}

/// A destination that somebody vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Registrable domain, as in `reports.destination`.
    pub destination: String,
    /// Where.
    pub of: TrustsOf,
    /// Who vouches for it.
    pub actor: String,
    /// Since when, for this reason.
    pub at: Timestamp,
    /// The reason.
    pub why: String,
}

impl TrustsOf {
    /// The site's id; empty for all.
    fn column(&self) -> &str {
        match self {
            Self::All => "",
            Self::Site(site) => site.as_str(),
        }
    }

    /// The most destinations that may be trusted there.
    pub fn most(&self) -> u32 {
        match self {
            Self::All => MAX_TRUSTS_EVERYWHERE,
            Self::Site(_) => MAX_TRUSTS_OF_SITE,
        }
    }
}

impl fmt::Display for TrustsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("at every site"),
            Self::Site(site) => write!(f, "at site {site}"),
        }
    }
}

impl Registry {
    /// Trusts a destination from now on; one that is trusted there already, for this reason. Returns the domain
    /// as reports have it.
    ///
    /// # Errors
    /// [`RegistryError::NotRegistrable`], [`RegistryError::NoWhy`], [`RegistryError::NoSite`],
    /// [`RegistryError::TooManyTrusts`].
    pub fn add_trust(
        &self,
        domain: &str,
        of: &TrustsOf,
        (actor, why): (&str, &str),
    ) -> Result<String, RegistryError> {
        let destination = registrable(domain)?;
        let why = why.trim();
        let fits = (1..=MAX_WHY_CHARS).contains(&why.chars().count());
        if !fits || why.chars().any(char::is_control) {
            return Err(RegistryError::NoWhy);
        }
        self.change(|change, journal| {
            if let TrustsOf::Site(site) = of {
                sites::entry(change, site)?.ok_or_else(|| RegistryError::NoSite(site.clone()))?;
            }
            let standing = reason(change, of, &destination)?;
            match standing.as_deref() {
                Some(standing) if standing == why => return Ok(()),
                None if count(change, of)? >= of.most() => {
                    return Err(RegistryError::TooManyTrusts { of: of.clone() });
                }
                _ => {}
            }
            let values = params![destination, of.column(), actor, journal.at(), why];
            change.execute(queries::PUT_TRUST, values)?;
            change.execute(queries::NEXT_TRUSTS_VERSION, [])?;
            journal.note(&Deed {
                actor,
                organization: OPERATOR,
                action: "trust.added",
                subject: &destination,
                detail: json!({ "site": of.column(), "why": why }),
            })
        })?;
        Ok(destination)
    }

    /// Trusts a destination no longer. Returns the domain as reports have it.
    ///
    /// # Errors
    /// [`RegistryError::NotRegistrable`], [`RegistryError::NotTrusted`].
    pub fn remove_trust(
        &self,
        domain: &str,
        of: &TrustsOf,
        actor: &str,
    ) -> Result<String, RegistryError> {
        let destination = registrable(domain)?;
        self.change(|change, journal| {
            let removed = change.execute(queries::REMOVE_TRUST, [of.column(), &destination])?;
            if removed == 0 {
                return Err(RegistryError::NotTrusted {
                    destination: destination.clone(),
                    of: of.clone(),
                });
            }
            change.execute(queries::NEXT_TRUSTS_VERSION, [])?;
            journal.note(&Deed {
                actor,
                organization: OPERATOR,
                action: "trust.removed",
                subject: &destination,
                detail: json!({ "site": of.column() }),
            })
        })?;
        Ok(destination)
    }

    /// Everything that is trusted: everywhere first, then site by site.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn trusts(&self) -> Result<Vec<Trust>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TRUSTS)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let site: String = row.get(1)?;
            found.push(Trust {
                destination: row.get(0)?,
                of: match site.as_str() {
                    "" => TrustsOf::All,
                    id => TrustsOf::Site(sites::id(id)?),
                },
                actor: row.get(2)?,
                at: Timestamp(row.get(3)?),
                why: row.get(4)?,
            });
        }
        Ok(found)
    }

    /// The same for detection.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn trusted(&self) -> Result<Trusted, RegistryError> {
        let trusts = self.trusts()?.into_iter();
        let plain = trusts.map(|trust| match trust.of {
            TrustsOf::All => (trust.destination, None),
            TrustsOf::Site(site) => (trust.destination, Some(site)),
        });
        Ok(plain.collect())
    }

    /// Grows with each change of what is trusted, and with nothing else: cheap to ask every second.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn trusts_version(&self) -> Result<i64, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TRUSTS_VERSION)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

fn reason(
    connection: &Connection,
    of: &TrustsOf,
    destination: &str,
) -> Result<Option<String>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::TRUST)?;
    let found = statement.query_row([of.column(), destination], |row| row.get(0));
    Ok(found.optional()?)
}

/// How many destinations are trusted there.
///
/// # Errors
/// [`RegistryError`] if the file cannot be read.
pub(crate) fn count(connection: &Connection, of: &TrustsOf) -> Result<u32, RegistryError> {
    let mut statement = connection.prepare_cached(queries::TRUST_COUNT)?;
    Ok(statement.query_row([of.column()], |row| row.get(0))?)
}

/// Forgets what is trusted at a site alone, within a change whose deed tells of it.
///
/// # Errors
/// [`RegistryError`] if SQLite refuses.
pub(crate) fn forget(change: &Connection, site: &SiteId) -> Result<(), RegistryError> {
    if change.execute(queries::FORGET_TRUSTS, [site.as_str()])? > 0 {
        change.execute(queries::NEXT_TRUSTS_VERSION, [])?;
    }
    Ok(())
}
