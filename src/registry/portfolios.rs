//! [`Scope`]s of organizations, each list of sites read once as long as no list changes.

use std::collections::{BTreeSet, HashMap};
use std::sync::PoisonError;

use super::database::Registry;
use super::error::RegistryError;
use super::organizations::{OrganizationKind, require};
use super::{queries, sites};
use crate::ids::{OrganizationId, SiteId};
use crate::scope::Scope;
use crate::sites::MAX_SITES;

/// Most sites in all lists that are kept; beyond that all are read anew.
const MOST_KEPT: usize = 4 * MAX_SITES;

/// Lists of sites that were read.
#[derive(Debug, Default)]
pub(super) struct Portfolios {
    /// Which lists these are.
    version: i64,
    scopes: HashMap<OrganizationId, Scope>,
    num_sites: usize,
}

impl Registry {
    /// What the people of an organization may see.
    ///
    /// # Errors
    /// [`RegistryError::NoOrganization`], or if the file cannot be read.
    pub fn scope(&self, organization: &OrganizationId) -> Result<Scope, RegistryError> {
        let connection = self.lock();
        // Before the lists: a change between the two reads is then found at the next question.
        let version = connection
            .prepare_cached(queries::PORTFOLIOS_VERSION)?
            .query_row([], |row| row.get(0))?;
        let mut kept = self
            .portfolios
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.version != version || kept.num_sites > MOST_KEPT {
            *kept = Portfolios {
                version,
                ..Portfolios::default()
            };
        }
        if let Some(scope) = kept.scopes.get(organization) {
            return Ok(scope.clone());
        }
        if require(&connection, organization)?.kind == OrganizationKind::Operator {
            return Ok(Scope::Operator);
        }
        let mut statement = connection.prepare_cached(queries::PORTFOLIO)?;
        let mut rows = statement.query([organization.as_str()])?;
        let mut listed: BTreeSet<SiteId> = BTreeSet::new();
        while let Some(row) = rows.next()? {
            listed.insert(sites::id(&row.get::<_, String>(0)?)?);
        }
        // One more, so that empty lists have a bound too.
        kept.num_sites += listed.len() + 1;
        let scope = Scope::of(organization.clone(), listed);
        kept.scopes.insert(organization.clone(), scope.clone());
        Ok(scope)
    }
}
