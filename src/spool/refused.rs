//! Refusals, counted in memory and written with the segments.
//!
//! They stand outside the equation of [`crate::outcome`], so they are best effort: what was counted in the
//! last second before a crash is lost.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::config::MAX_REFUSED_SITES;
use super::frame;
use super::submission::put_counts;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::metrics;
use crate::outcome::RefusedReason;

/// By [`RefusedReason::ALL`].
type Counts = [u64; RefusedReason::ALL.len()];

/// Refusals that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Refused {
    counts: Mutex<Drained>,
}

/// Refusals on their way to the disk.
#[derive(Debug, Default)]
pub(super) struct Drained {
    unknown: Counts,
    sites: BTreeMap<SiteId, Counts>,
}

impl Refused {
    /// Counts one.
    pub(super) fn count(&self, site: Option<&SiteId>, reason: RefusedReason) {
        self.lock().add(site, reason as usize, 1);
    }

    /// Takes all of them, if there are any.
    pub(super) fn drain(&self) -> Option<Drained> {
        let mut counts = self.lock();
        if counts.sites.is_empty() && counts.unknown.iter().all(|&count| count == 0) {
            return None;
        }
        Some(std::mem::take(&mut *counts))
    }

    /// Takes them back: they could not be written.
    pub(super) fn restore(&self, drained: &Drained) {
        let mut counts = self.lock();
        for (site, of_site) in drained.each() {
            for (reason, &count) in of_site.iter().enumerate() {
                counts.add(site, reason, count);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Drained> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drained {
    fn add(&mut self, site: Option<&SiteId>, reason: usize, n: u64) {
        let room = self.sites.len() < MAX_REFUSED_SITES;
        let counts = match site {
            Some(site) if self.sites.contains_key(site) => self.sites.get_mut(site),
            Some(site) if room => Some(self.sites.entry(site.clone()).or_default()),
            Some(_) => {
                metrics::get().spool_refusals_unnamed.inc_by(n);
                None
            }
            None => None,
        };
        let counts = counts.unwrap_or(&mut self.unknown);
        if let Some(count) = counts.get_mut(reason) {
            *count += n;
        }
    }

    fn each(&self) -> impl Iterator<Item = (Option<&SiteId>, &Counts)> {
        let sites = self.sites.iter().map(|(site, counts)| (Some(site), counts));
        std::iter::once((None, &self.unknown)).chain(sites)
    }

    /// Appends a frame for each site.
    pub(super) fn put(&self, out: &mut Vec<u8>, at: Timestamp) {
        for (site, counts) in self.each() {
            let counts: Vec<_> = RefusedReason::ALL
                .iter()
                .zip(counts)
                .filter(|(_, count)| **count > 0)
                .map(|(reason, &count)| (["refused", reason.as_str(), "", ""], count))
                .collect();
            if !counts.is_empty() {
                let site = site.map_or("", SiteId::as_str);
                frame::open(out, |out| put_counts(out, site, at, counts.into_iter()));
            }
        }
    }
}
