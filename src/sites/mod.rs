//! Who may report: sites, their keys and profiles, in memory and as a snapshot on this node's disk.
//!
//! [`Sites`] is one version of the truth, [`SharedSites`] the one that stands now. The registry writes
//! the snapshot; a collector reads it and nothing else, so it starts and answers without any database.
//! The rule: the file is replaced whole or not at all, and a broken one never displaces a good one.

mod record;
mod shared;
mod site;
mod snapshot;

pub use record::{
    DEFAULT_RETENTION_DAYS, KeyRecord, KeyState, MAX_KEYS, MAX_RETENTION_DAYS, SiteRecord,
};
pub use shared::SharedSites;
pub use site::{Lookup, MAX_SITES, Site, Sites};
pub use snapshot::{Draft, MAX_SNAPSHOT_BYTES, SitesError};
