//! The settings of the limits.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;
use serde::Deserialize;

use crate::metrics::{self, Kind};

/// Smallest burst of any rate of entries: the most that Chrome puts into one batch.
pub const MIN_BURST: u32 = 100;

/// A bucket holds this much of its rate.
const BURST: u32 = 10;

/// How much is taken, in entries per second unless said otherwise. A rate of 0 counts as 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Rate of a site that has none of its own.
    pub site_rate: u32,
    /// Rate of one network at one site.
    pub network_rate: u32,
    /// Bodies per second that are read although the site is over its rate, for each such site.
    pub parse_rate: u32,
    /// Entries per second that pass because they are new, for each site over its rate.
    pub site_novelty_rate: u32,
    /// Entries per second that pass because they are new, for each network.
    pub network_novelty_rate: u32,
    /// The most (site, network) pairs that are tracked one by one.
    pub max_keys: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            site_rate: 1000,
            network_rate: 500,
            parse_rate: 256,
            site_novelty_rate: 64,
            network_novelty_rate: 4,
            max_keys: 1 << 17,
        }
    }
}

impl Config {
    /// Says the rates in the metrics.
    pub(super) fn show(&self) {
        for (kind, rate) in [
            ("site", self.site_rate),
            ("network", self.network_rate),
            ("bodies", self.parse_rate),
            ("site_novelty", self.site_novelty_rate),
            ("network_novelty", self.network_novelty_rate),
        ] {
            let rates = &metrics::get().limit_rate;
            rates.get_or_create(&Kind { kind }).set(i64::from(rate));
        }
    }
}

/// A rate with its burst: 10 s of the rate, but at least [`MIN_BURST`].
pub(super) fn quota(rate: u32) -> Quota {
    let burst = rate.saturating_mul(BURST).max(MIN_BURST);
    per_second(rate).allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
}

/// A rate with a burst of 10 s and no least burst: for budgets, which no batch has a claim to.
pub(super) fn budget(rate: u32) -> Quota {
    let burst = rate.max(1).saturating_mul(BURST);
    per_second(rate).allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
}

fn per_second(rate: u32) -> Quota {
    Quota::per_second(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN))
}

/// How long a site is silent before it is forgotten. A small shop has an order every few hours: what it knows must
/// last from one to the next, or nothing could be new to it.
pub(super) const FORGET_SITE_AFTER: Duration = Duration::from_secs(24 * 3600);
