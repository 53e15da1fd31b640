//! A site as the snapshot writes it down.

use serde::{Deserialize, Serialize};

use crate::ids::{SiteId, SiteKey};

/// Days that reports are kept when the site does not say: PCI DSS 10.5.1 asks for twelve months.
pub const DEFAULT_RETENTION_DAYS: u16 = 400;

/// The most days that reports are kept. ClickHouse counts in seconds of 32 bits: an end of life after
/// 2106 would lie in the past.
pub const MAX_RETENTION_DAYS: u16 = 3650;

/// Most keys of one site, retired ones included.
pub const MAX_KEYS: usize = 64;

/// A site, in the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRecord {
    /// Its stable id.
    pub id: SiteId,
    /// Its name, for people.
    pub name: String,
    /// Its keys.
    pub keys: Vec<KeyRecord>,
    /// Hosts that it is served from.
    pub domains: Vec<String>,
    /// Beginnings of the paths of its checkout.
    pub checkout_paths: Vec<String>,
    /// Beginnings of the paths of its administration.
    pub admin_paths: Vec<String>,
    /// Its own limit, in entries per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<u32>,
    /// Names of query parameters whose values stay readable, see [`Harmless`](crate::redact::Harmless).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub harmless_parameters: Vec<String>,
    /// Days that its reports are kept, 1 to [`MAX_RETENTION_DAYS`].
    pub retention_days: u16,
}

/// A key of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// What stands in the address.
    pub key: SiteKey,
    /// Whether it still counts.
    pub state: KeyState,
}

/// Whether a key still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Reports to it are taken.
    Active,
    /// It was taken out of use: 410.
    Retired,
}

impl KeyState {
    /// The word in files, tables and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}
