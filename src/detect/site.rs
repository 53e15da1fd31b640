//! What is known of a site: since when it reports, and which networks report anything on its payment pages.
//! They are the denominator of every share: networks, because one address can pose as any number of browsers.

use std::collections::HashMap;

use crate::clock::Timestamp;
use crate::normalize::PageKind;
use crate::sighting::Sighting;

/// The most networks that are remembered of one site's payment pages: the latest.
pub const MAX_PAGE_NETWORKS: usize = 512;

/// What is known of a site.
#[derive(Debug)]
pub(super) struct Site {
    /// First report of anything.
    pub(super) first_seen: Timestamp,
    /// Whether pages other than payment pages report here.
    pub(super) reports_other_pages: bool,
    /// Network → its last report on a payment page.
    networks: HashMap<u64, Timestamp>,
}

impl Site {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            first_seen: at,
            reports_other_pages: false,
            networks: HashMap::new(),
        }
    }

    pub(super) fn observe(&mut self, sighting: &Sighting<'_>) {
        if sighting.page_kind != PageKind::Checkout {
            self.reports_other_pages = true;
            return;
        }
        if self.networks.len() >= MAX_PAGE_NETWORKS
            && !self.networks.contains_key(&sighting.network)
        {
            self.forget_half();
        }
        self.networks.insert(sighting.network, sighting.at);
    }

    /// Networks that reported anything on a payment page at this moment or later.
    pub(super) fn networks_since(&self, at: Timestamp) -> usize {
        self.networks.values().filter(|last| **last >= at).count()
    }

    /// Halving is rare and linear; dropping the oldest one by one would be neither.
    fn forget_half(&mut self) {
        let mut times: Vec<Timestamp> = self.networks.values().copied().collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        self.networks.retain(|_, last| *last > median);
    }
}
