//! Verdicts of people on destinations: what they vouch for, and what they know to be bad. [`Trust`] is one of them,
//! [`Verdicts`] what detection reads.
//!
//! The rules: one verdict for each destination and place; each has a reason; a site that several organizations see is
//! the operator's to decide about, because all of them go by the same verdict.

mod change;
mod history;

use std::fmt;

use rusqlite::{Connection, Row, Rows};

pub use history::{Decided, MAX_HISTORY};

use super::caller::Caller;
use super::database::Registry;
use super::error::RegistryError;
use super::{queries, sites};
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, OrganizationId, SiteId};
use crate::role::Right;
use crate::scope::Scope;
use crate::trust::{Verdict, Verdicts};

/// Most destinations with a verdict for every site.
pub const MAX_TRUSTS_EVERYWHERE: u32 = 10_000;
/// Most destinations with a verdict for one site alone.
pub const MAX_TRUSTS_OF_SITE: u32 = 1000;
/// Longest reason, in characters.
pub const MAX_WHY_CHARS: usize = 500;

/// Where a verdict holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustsOf {
    /// At every site.
    All,
    /// At this one.
    Site(SiteId),
}

/// A verdict on a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Registrable domain, as in `reports.destination`.
    pub destination: String,
    /// Where.
    pub of: TrustsOf,
    /// Whether somebody vouches for it, or knows it to be bad.
    pub verdict: Verdict,
    /// Whose verdict it is.
    pub organization: OrganizationId,
    /// Who of them decided.
    pub actor: String,
    /// Since when, for this reason.
    pub at: Timestamp,
    /// The reason.
    pub why: String,
}

impl TrustsOf {
    /// The site's id; empty for all.
    pub(super) fn column(&self) -> &str {
        match self {
            Self::All => "",
            Self::Site(site) => site.as_str(),
        }
    }

    fn of_column(site: &str) -> Result<Self, RegistryError> {
        Ok(match site {
            "" => Self::All,
            id => Self::Site(sites::id(id)?),
        })
    }

    /// The most destinations that may have a verdict there.
    pub fn most(&self) -> u32 {
        match self {
            Self::All => MAX_TRUSTS_EVERYWHERE,
            Self::Site(_) => MAX_TRUSTS_OF_SITE,
        }
    }

    /// Whether somebody learns who decided: their own people, whoever runs the installation any.
    pub fn is_told_by(&self, organization: &str, to: &Caller) -> bool {
        to.role.may(Right::Operate) || to.organization.as_str() == organization
    }

    /// Whether somebody learns why: of one's own decisions, and of the operator's about a single site. A reason for every
    /// site may speak of others.
    pub fn is_explained_by(&self, organization: &str, to: &Caller) -> bool {
        let is_about_site = organization == OPERATOR && *self != Self::All;
        is_about_site || self.is_told_by(organization, to)
    }

    /// Whether it holds at any site that may be seen.
    pub fn is_seen(&self, scope: &Scope) -> bool {
        match self {
            Self::All => true,
            Self::Site(site) => scope.sees(site.as_str()),
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
    /// All verdicts: those for every site first, then site by site.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn trusts(&self) -> Result<Vec<Trust>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TRUSTS)?;
        read_all(&mut statement.query([])?)
    }

    /// The verdicts on a destination that hold at sites in scope: the one for every site first.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn trusts_about(
        &self,
        scope: &Scope,
        destination: &str,
    ) -> Result<Vec<Trust>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TRUSTS_ABOUT)?;
        let mut found = read_all(&mut statement.query([destination])?)?;
        found.retain(|trust| trust.of.is_seen(scope));
        Ok(found)
    }

    /// The same for detection.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn verdicts(&self) -> Result<Verdicts, RegistryError> {
        let plain = |trust: Trust| match trust.of {
            TrustsOf::All => (trust.destination, None, trust.verdict),
            TrustsOf::Site(site) => (trust.destination, Some(site), trust.verdict),
        };
        Ok(self.trusts()?.into_iter().map(plain).collect())
    }

    /// Grows with each change of verdicts, and with nothing else: cheap to ask every second.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn trusts_version(&self) -> Result<i64, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TRUSTS_VERSION)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

fn read_all(rows: &mut Rows<'_>) -> Result<Vec<Trust>, RegistryError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Trust, RegistryError> {
    let (verdict, organization): (String, String) = (row.get(2)?, row.get(3)?);
    let damaged = |what: &str| RegistryError::Damaged(format!("a verdict of {what}"));
    Ok(Trust {
        destination: row.get(0)?,
        of: TrustsOf::of_column(&row.get::<_, String>(1)?)?,
        verdict: Verdict::of_word(&verdict).ok_or_else(|| damaged(&verdict))?,
        organization: OrganizationId::new(&organization)
            .map_err(|_invalid| damaged(&organization))?,
        actor: row.get(4)?,
        at: Timestamp(row.get(5)?),
        why: row.get(6)?,
    })
}

/// How many destinations have a verdict there.
///
/// # Errors
/// [`RegistryError`] if the file cannot be read.
pub(crate) fn count(connection: &Connection, of: &TrustsOf) -> Result<u32, RegistryError> {
    let mut statement = connection.prepare_cached(queries::TRUST_COUNT)?;
    Ok(statement.query_row([of.column()], |row| row.get(0))?)
}

/// Forgets the verdicts for a site alone, within a change whose deed tells of it.
///
/// # Errors
/// [`RegistryError`] if SQLite refuses.
pub(crate) fn forget(change: &Connection, site: &SiteId) -> Result<(), RegistryError> {
    if change.execute(queries::FORGET_TRUSTS, [site.as_str()])? > 0 {
        change.execute(queries::NEXT_TRUSTS_VERSION, [])?;
    }
    Ok(())
}
