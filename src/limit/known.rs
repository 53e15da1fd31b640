//! What was seen at one site: (destination, directive) pairs, as keyed hashes.
//!
//! A pair seen from one network only is held apart from those seen from two or more, so that one network's
//! made-up destinations push out nothing but each other. The first networks that report the same are its
//! witnesses: what they say of it is as good as new.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::generations::Generations;

/// The most pairs remembered of one site.
pub const MAX_KNOWN_OF_SITE: usize = 4 * CAP;
/// The most pairs remembered of all sites. Near it, every site keeps only what it meets most often.
pub const MAX_KNOWN_TOTAL: usize = 1 << 19;

/// Networks that are witnesses of one pair.
pub(super) const WITNESSES: u8 = 16;

/// Pairs in one of the four generations.
const CAP: usize = 512;
/// The same when the memory of all sites is used up.
const CAP_WHEN_FULL: usize = 32;

/// What one site remembers.
#[derive(Debug)]
pub(super) struct Known {
    /// The pairs of all sites.
    total: Arc<AtomicUsize>,
    /// Seen from this network only.
    once: Generations<u64>,
    /// Seen from two networks or more.
    settled: Generations<Witnesses>,
}

/// How many networks have seen a pair. A network that comes again later counts again: it is few numbers.
#[derive(Clone, Copy, Debug)]
struct Witnesses {
    last: u32,
    count: u8,
}

impl Witnesses {
    fn miss(self, network: u64) -> bool {
        self.count < WITNESSES && self.last != short(network)
    }
}

/// Half of a network's hash: there is one for each of many pairs.
fn short(network: u64) -> u32 {
    u32::try_from(network >> 32).unwrap_or(0)
}

/// What a report of a pair from some network is to a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody reported it.
    New,
    /// Few networks reported it, and this is one more.
    Witnessed,
    /// It is known.
    Known,
}

impl Known {
    /// Remembers nothing yet. `total` counts the pairs of all sites.
    pub(super) fn new(total: Arc<AtomicUsize>) -> Self {
        Self {
            total,
            once: Generations::default(),
            settled: Generations::default(),
        }
    }

    /// What the pair is, when this network reports it.
    pub(super) fn standing(&self, pair: u64, network: u64) -> Standing {
        let more = if let Some(witnesses) = self.settled.get(&pair) {
            witnesses.miss(network)
        } else if let Some(first) = self.once.get(&pair) {
            *first != network
        } else {
            return Standing::New;
        };
        if more {
            Standing::Witnessed
        } else {
            Standing::Known
        }
    }

    /// Remembers that the pair was seen from this network.
    pub(super) fn learn(&mut self, pair: u64, network: u64) {
        // Nearly every report is of this kind.
        if (self.settled.young(&pair)).is_some_and(|seen| !seen.miss(network)) {
            return;
        }
        let cap = if self.total.load(Ordering::Relaxed) < MAX_KNOWN_TOTAL {
            CAP
        } else {
            CAP_WHEN_FULL
        };
        let before = self.len();
        let witnessed = |count| Witnesses {
            last: short(network),
            count,
        };
        if let Some(seen) = self.settled.renew(&pair, cap).copied() {
            if seen.miss(network) {
                self.settled.insert(pair, witnessed(seen.count + 1), cap);
            }
        } else {
            match self.once.renew(&pair, cap).copied() {
                None => self.once.insert(pair, network, cap),
                Some(first) if first != network => {
                    self.once.remove(&pair);
                    self.settled.insert(pair, witnessed(2), cap);
                }
                Some(_) => {}
            }
        }
        let after = self.len();
        self.total.fetch_add(after, Ordering::Relaxed);
        self.total.fetch_sub(before, Ordering::Relaxed);
    }

    fn len(&self) -> usize {
        self.once.len() + self.settled.len()
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        self.total.fetch_sub(self.len(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_cannot_push_out_what_two_have_seen() {
        let total = Arc::new(AtomicUsize::new(0));
        let mut known = Known::new(Arc::clone(&total));
        known.learn(1, 100);
        known.learn(1, 200);
        for made_up in 10..100_000 {
            known.learn(made_up, 666);
            known.learn(made_up, 666);
        }
        assert_ne!(known.standing(1, 666), Standing::New);
        assert_eq!(known.standing(10, 666), Standing::New);
        assert!(known.len() <= MAX_KNOWN_OF_SITE);
        assert_eq!(total.load(Ordering::Relaxed), known.len());
        drop(known);
        assert_eq!(total.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_first_networks_are_witnesses() {
        let mut known = Known::new(Arc::new(AtomicUsize::new(0)));
        let network = |n: u8| u64::from(n) << 32;
        assert_eq!(known.standing(1, network(0)), Standing::New);
        for n in 0..WITNESSES {
            known.learn(1, network(n));
            assert_eq!(known.standing(1, network(n)), Standing::Known, "{n} again");
            let is_full = n + 1 == WITNESSES;
            let want = if is_full {
                Standing::Known
            } else {
                Standing::Witnessed
            };
            assert_eq!(known.standing(1, network(n + 1)), want, "{n}");
        }
    }

    #[test]
    fn sites_shrink_when_all_memory_is_used() {
        let total = Arc::new(AtomicUsize::new(MAX_KNOWN_TOTAL));
        let mut known = Known::new(total);
        for pair in 0..1000 {
            known.learn(pair, 1);
        }
        assert!(known.len() <= 2 * CAP_WHEN_FULL);
        assert_ne!(known.standing(999, 1), Standing::New);
    }
}
