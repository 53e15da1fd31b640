//! Whose data a read may see. Every query takes a [`Scope`]; there is no way to ask without one.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::ids::{OPERATOR, OrganizationId, SiteId};

/// Whose data a read may see. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The operator of the installation: everything.
    Operator,
    /// The sites of one organization and no others.
    Portfolio(Arc<Portfolio>),
}

/// The sites of one organization.
#[derive(PartialEq, Eq)]
pub struct Portfolio {
    organization: OrganizationId,
    sites: BTreeSet<SiteId>,
    digest: u128,
}

impl Scope {
    /// What an organization with these sites sees.
    pub fn of(organization: OrganizationId, sites: BTreeSet<SiteId>) -> Self {
        Self::Portfolio(Arc::new(Portfolio::new(organization, sites)))
    }

    /// Whose alerts those are that the reader deals with.
    pub fn organization(&self) -> &str {
        match self {
            Self::Operator => OPERATOR,
            Self::Portfolio(portfolio) => portfolio.organization.as_str(),
        }
    }

    /// The sites, unless it is all of them.
    pub fn portfolio(&self) -> Option<&Portfolio> {
        match self {
            Self::Operator => None,
            Self::Portfolio(portfolio) => Some(portfolio),
        }
    }

    /// Whether this site may be seen.
    pub fn sees(&self, site: &str) -> bool {
        self.portfolio().is_none_or(|it| it.sites.contains(site))
    }
}

impl Portfolio {
    fn new(organization: OrganizationId, sites: BTreeSet<SiteId>) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("skimwatch portfolio v1");
        for site in &sites {
            hasher.update(site.as_str().as_bytes());
            // No id holds it, so that no two lists look alike.
            hasher.update(b"\n");
        }
        let mut digest = [0; 16];
        hasher.finalize_xof().fill(&mut digest);
        Self {
            organization,
            sites,
            digest: u128::from_le_bytes(digest),
        }
    }

    /// Whose they are.
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// The sites, in order.
    pub fn sites(&self) -> &BTreeSet<SiteId> {
        &self.sites
    }

    /// The name that the list has from what is in it: another list has another.
    pub fn digest(&self) -> u128 {
        self.digest
    }
}

impl fmt::Debug for Portfolio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There may be 100,000 of them.
        f.debug_struct("Portfolio")
            .field("organization", &self.organization)
            .field("sites", &self.sites.len())
            .finish_non_exhaustive()
    }
}
