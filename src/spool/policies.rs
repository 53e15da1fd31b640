//! Which policies have a durable row already, so that each is written once and not with every report; and how
//! many new ones a site may still bring.
//!
//! Nothing deletes a policy's row: reports name it for as long as they are kept. So what one site may add has a
//! bound. A report whose policy is left out is stored all the same, with the policy's hash.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::generations::Generations;
use crate::ids::SiteId;
use crate::metrics;

/// The most policies remembered. One that is forgotten is written again, which is harmless.
pub const MAX_POLICIES: usize = 2 * CAP;
/// A policy in use is written again after at most twice this time, so that its `seen` stays fresh.
pub const POLICY_WINDOW: Duration = Duration::from_secs(12 * 3600);
/// The most policies without a row that one site may bring in [`POLICY_WINDOW`]. A shop has a handful, one for each
/// kind of page; the detector looks at 64.
pub const MAX_NEW_POLICIES_OF_SITE: u16 = 256;

const CAP: usize = 1 << 14;

/// The policies that this process has made durable, or is about to.
#[derive(Debug, Default)]
pub(super) struct Policies {
    hasher: RandomState,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    durable: Generations<()>,
    /// Counted for a site. Until one is durable every submission brings it: the commit of the first may fail.
    counted: Generations<()>,
    /// New ones by site. There are no more than sites in the snapshot.
    new_of_site: HashMap<u64, u16>,
    turned: Duration,
}

impl Policies {
    /// Whether the policy of a report is to be written: it has no durable row, and its site may bring a new one.
    pub(super) fn wants(&self, site: &SiteId, hash: u64, now: Duration) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.turn(now);
        if state.durable.contains(&hash) {
            return false;
        }
        if state.counted.contains(&hash) {
            return true;
        }
        let new = state
            .new_of_site
            .entry(self.hasher.hash_one(site))
            .or_default();
        if *new >= MAX_NEW_POLICIES_OF_SITE {
            metrics::get().spool_policies_left_out.inc();
            return false;
        }
        *new += 1;
        state.counted.insert(hash, (), CAP);
        true
    }

    /// From now on these have a row.
    pub(super) fn mark(&self, hashes: &[u64], now: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.turn(now);
        for &hash in hashes {
            state.durable.insert(hash, (), CAP);
        }
    }
}

impl State {
    fn turn(&mut self, now: Duration) {
        if now.saturating_sub(self.turned) >= POLICY_WINDOW {
            self.durable.turn();
            self.counted = Generations::default();
            self.new_of_site.clear();
            self.turned = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_brings_so_many_new_ones_and_another_its_own() {
        let policies = Policies::default();
        let [loud, quiet] = ["loud", "quiet"].map(|name| SiteId::new(name).unwrap());
        let most = u64::from(MAX_NEW_POLICIES_OF_SITE);
        let wanted = |site, hash| policies.wants(site, hash, Duration::ZERO);
        assert_eq!(
            (0..10 * most).filter(|&n| wanted(&loud, n)).count() as u64,
            most
        );
        assert!(wanted(&loud, 0), "it is not durable yet");
        policies.mark(&[0], Duration::ZERO);
        assert!(!wanted(&loud, 0), "it has a row");
        assert!(wanted(&quiet, 10 * most + 1));
        assert!(!wanted(&loud, 10 * most + 2));
        assert!(policies.wants(&loud, 10 * most + 2, POLICY_WINDOW), "later");
    }
}
