//! The merchants and networks of a backtest, and the stages that they make.

use std::path::Path;

use serde::Deserialize;

use super::Files;
use super::error::BacktestError;
use crate::enrich::{Enricher, KnownNetwork, NetworkTable, PseudonymKey};
use crate::intake::Examiner;
use crate::redact::{Key, Redactor};
use crate::registry;
use crate::sites::Sites;

/// What every request meets.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) sites: Sites,
    pub(super) examiner: Examiner,
    pub(super) pseudonyms: PseudonymKey,
}

#[derive(Deserialize)]
struct Networks {
    networks: Vec<Network>,
}

#[derive(Deserialize)]
struct Network {
    cidr: ipnet::IpNet,
    asn: u32,
    country: String,
}

impl Inputs {
    pub(super) fn read(files: &Files) -> Result<Self, BacktestError> {
        let path = &files.merchants;
        let json = text(path)?;
        let merchants = |cause| BacktestError::Merchants {
            path: path.clone(),
            cause,
        };
        let entries = registry::sites_in_import(&json).map_err(merchants)?;
        let enricher = match &files.networks {
            Some(path) => Enricher::with_table(networks(path)?),
            None => Enricher::none(),
        };
        Ok(Self {
            sites: Sites::of(entries.into_iter().map(|entry| entry.record))?,
            // Nothing is kept, so nothing needs a secret: the same files give the same alerts.
            examiner: Examiner::new(
                enricher.keeping_client(files.keep_client),
                Redactor::new(Key::new([0; 32])),
            ),
            pseudonyms: PseudonymKey::new([0; 32]),
        })
    }
}

fn networks(path: &Path) -> Result<NetworkTable, BacktestError> {
    let invalid = |cause| BacktestError::Networks {
        path: path.to_owned(),
        cause,
    };
    let file: Networks = serde_json::from_str(&text(path)?).map_err(invalid)?;
    Ok(NetworkTable::new(file.networks.into_iter().map(
        |network| KnownNetwork {
            net: network.cidr,
            asn: network.asn,
            country: network.country.as_bytes().try_into().unwrap_or(*b"  "),
        },
    )))
}

fn text(path: &Path) -> Result<String, BacktestError> {
    std::fs::read_to_string(path).map_err(BacktestError::file(path))
}
