//! What was seen at one site: (destination, directive) pairs, as keyed hashes.
//!
//! A pair seen from one network only is held apart from those seen from two or more, so that one network's
//! made-up destinations push out nothing but each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::generations::Generations;

/// The most pairs remembered of one site.
pub const MAX_KNOWN_OF_SITE: usize = 4 * CAP;
/// The most pairs remembered of all sites. Near it, every site keeps only what it meets most often.
pub const MAX_KNOWN_TOTAL: usize = 1 << 19;

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
    settled: Generations<()>,
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

    /// Whether the pair was seen at this site.
    pub(super) fn contains(&self, pair: u64) -> bool {
        self.settled.contains(pair) || self.once.contains(pair)
    }

    /// Remembers that the pair was seen from this network.
    pub(super) fn learn(&mut self, pair: u64, network: u64) {
        let cap = if self.total.load(Ordering::Relaxed) < MAX_KNOWN_TOTAL {
            CAP
        } else {
            CAP_WHEN_FULL
        };
        let before = self.len();
        if self.settled.renew(pair, cap).is_none() {
            match self.once.renew(pair, cap).copied() {
                None => self.once.insert(pair, network, cap),
                Some(first) if first != network => {
                    self.once.remove(pair);
                    self.settled.insert(pair, (), cap);
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
        assert!(known.contains(1));
        assert!(!known.contains(10));
        assert!(known.len() <= MAX_KNOWN_OF_SITE);
        assert_eq!(total.load(Ordering::Relaxed), known.len());
        drop(known);
        assert_eq!(total.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn sites_shrink_when_all_memory_is_used() {
        let total = Arc::new(AtomicUsize::new(MAX_KNOWN_TOTAL));
        let mut known = Known::new(total);
        for pair in 0..1000 {
            known.learn(pair, 1);
        }
        assert!(known.len() <= 2 * CAP_WHEN_FULL);
        assert!(known.contains(999));
    }
}
