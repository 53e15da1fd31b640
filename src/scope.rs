//! Whose data a read may see. Every query takes a [`Scope`]; there is no way to ask without one.

use std::collections::BTreeSet;

use crate::ids::SiteId;

/// Whose data a read may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The operator of the installation: everything.
    Operator,
    /// These sites and no others.
    Sites(BTreeSet<SiteId>),
}
