//! [`Enricher`]: the databases and the choice whether clients are told apart at all.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::ipdb::{AsnDb, CountryDb};
use super::table::NetworkTable;
use super::{Browser, EnrichError, Network, PseudonymKey, Visitor};

/// What is known of a visitor, and what is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Database of countries in MaxMind's format: ip-location-db's (`country_code`) or GeoLite2-Country's
    /// (`country.iso_code`). Unset: every country is unknown.
    pub country_db: Option<PathBuf>,
    /// Database of autonomous systems in the layout of GeoLite2-ASN. Unset: every number is 0.
    pub asn_db: Option<PathBuf>,
    /// Whether anything of the client is kept. Default: yes. If not, every row has [`Visitor::NOBODY`]: no
    /// pseudonyms, no country, no system, no browser, and no label that comes from the user agent. Limits
    /// still look at addresses, in memory. What detection loses by it: [`detect`](crate::detect).
    pub keep_client: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            country_db: None,
            asn_db: None,
            keep_client: true,
        }
    }
}

/// Tells what is kept of a visitor. Shared by all workers.
#[derive(Debug)]
pub struct Enricher {
    countries: Option<CountryDb>,
    systems: Option<AsnDb>,
    table: Option<NetworkTable>,
    keep_client: bool,
}

impl Enricher {
    /// Reads the configured databases into memory.
    ///
    /// # Errors
    /// [`EnrichError`] if a configured file is missing, unreadable or no such database.
    pub fn open(config: &Config) -> Result<Self, EnrichError> {
        let countries = config.country_db.as_deref().map(CountryDb::open);
        let systems = config.asn_db.as_deref().map(AsnDb::open);
        Ok(Self {
            countries: countries.transpose()?,
            systems: systems.transpose()?,
            table: None,
            keep_client: config.keep_client,
        })
    }

    /// Without databases: pseudonyms and browsers only.
    pub fn none() -> Self {
        Self {
            countries: None,
            systems: None,
            table: None,
            keep_client: true,
        }
    }

    /// With a table in place of the databases.
    pub fn with_table(table: NetworkTable) -> Self {
        Self {
            table: Some(table),
            ..Self::none()
        }
    }

    /// The same, keeping anything of a client or nothing.
    pub fn keeping_client(self, keep_client: bool) -> Self {
        Self {
            keep_client,
            ..self
        }
    }

    /// What is kept of the client at this address. The same client has another pseudonym under another key.
    pub fn visitor(&self, addr: IpAddr, user_agent: &str, key: &PseudonymKey) -> Visitor {
        if !self.keep_client {
            return Visitor::NOBODY;
        }
        let addr = addr.to_canonical();
        let listed = self.table.as_ref().and_then(|table| table.find(addr));
        let country = listed
            .map(|network| network.country)
            .or_else(|| self.countries.as_ref()?.country(addr));
        let asn = listed
            .map(|network| network.asn)
            .or_else(|| self.systems.as_ref()?.number(addr));
        Visitor {
            client: key.client(addr, user_agent),
            network: key.network(Network::of(addr)),
            country: country.unwrap_or(*b"  "),
            asn: asn.unwrap_or(0),
            browser: Browser::of(user_agent),
        }
    }
}
