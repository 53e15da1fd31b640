//! What was decided about a destination, as the audit log tells it.

use rusqlite::params;

use super::super::audit::{self, AuditEntry};
use super::super::database::Registry;
use super::super::error::RegistryError;
use super::super::queries;
use super::TrustsOf;
use crate::clock::Timestamp;
use crate::scope::Scope;
use crate::trust::Verdict;

/// Most decisions of one answer.
pub const MAX_HISTORY: u32 = 1000;

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Where.
    pub of: TrustsOf,
    /// Which verdict it is about.
    pub verdict: Verdict,
    /// Whether it was withdrawn then, instead of given.
    pub is_withdrawn: bool,
    /// When.
    pub at: Timestamp,
    /// Whose decision it was: the id of an organization.
    pub organization: String,
    /// Who of them decided.
    pub actor: String,
    /// The reason; empty if none was given.
    pub why: String,
}

impl Registry {
    /// What was decided about a destination for sites in scope, newest first; the newest [`MAX_HISTORY`] are looked at.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn decided(&self, scope: &Scope, destination: &str) -> Result<Vec<Decided>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::VERDICTS_OF)?;
        let mut rows = statement.query(params![destination, MAX_HISTORY])?;
        let entries = audit::shown(&mut rows)?;
        let decided = entries.into_iter().map(decided);
        decided
            .filter(|it| it.as_ref().map_or(true, |it| it.of.is_seen(scope)))
            .collect()
    }
}

fn decided(entry: AuditEntry) -> Result<Decided, RegistryError> {
    let text = |name: &str| {
        let value = entry.detail.get(name).and_then(|it| it.as_str());
        value.unwrap_or_default().to_owned()
    };
    let (of, why) = (TrustsOf::of_column(&text("site"))?, text("why"));
    Ok(Decided {
        of,
        verdict: match entry.action.starts_with("block.") {
            true => Verdict::Blocked,
            false => Verdict::Approved,
        },
        is_withdrawn: entry.action.ends_with(".removed"),
        at: entry.at,
        organization: entry.organization,
        actor: entry.actor,
        why,
    })
}
