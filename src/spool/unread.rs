//! Submissions that were folded unread, counted in memory until the next commit.
//!
//! Nothing of one is kept but that it was there, so nobody waits for the disk: a flood must cost less than what it
//! floods. The writer puts the counts into its next commit, a millisecond or two later; a crash before that loses
//! them, here and in what was received alike.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;

use super::frame;
use super::submission::put_counts;
use crate::clock::Timestamp;
use crate::ids::SiteId;

/// Counts by site; there are no more than sites in the snapshot.
pub(super) type Counts = HashMap<SiteId, u64, RandomState>;

/// What was folded unread and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Unread {
    counts: Mutex<Counts>,
}

impl Unread {
    /// Counts one; says whether it is the first since all were taken.
    pub(super) fn count(&self, site: &SiteId) -> bool {
        let mut counts = self.lock();
        if let Some(count) = counts.get_mut(site) {
            *count += 1;
            return false;
        }
        counts.insert(site.clone(), 1);
        counts.len() == 1
    }

    /// Takes all of them.
    pub(super) fn drain(&self) -> Counts {
        std::mem::take(&mut *self.lock())
    }

    /// Takes them back: they could not be written.
    #[expect(clippy::iter_over_hash_type, reason = "sums have no order")]
    pub(super) fn restore(&self, drained: Counts) {
        let mut counts = self.lock();
        for (site, n) in drained {
            *counts.entry(site).or_default() += n;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Appends a frame for each site.
#[expect(clippy::iter_over_hash_type, reason = "frames of counts have no order")]
pub(super) fn put(counts: &Counts, out: &mut Vec<u8>, at: Timestamp) {
    for (site, &count) in counts {
        let folded = std::iter::once((["folded", "", "", ""], count));
        frame::open(out, |out| put_counts(out, site.as_str(), at, folded));
    }
}
