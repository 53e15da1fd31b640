//! Who may have how many connections.
//!
//! A network may have as many as are still free. So one that takes all it can leaves half of them, two leave a
//! third, and there is always room for one that has none. Trusted proxies, which bring everybody's, are not
//! counted by network.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ipnet::IpNet;
use prometheus_client::metrics::gauge::Gauge;

use crate::enrich::Network;
use crate::metrics::{self, Kind};

/// Counters that networks are dealt into by a keyed hash; those that share one share its part.
const SLOTS: usize = 4096;

/// The places of one door.
#[derive(Debug)]
pub(super) struct Seats {
    limit: usize,
    /// How many are taken, for whoever watches.
    open: Gauge,
    taken: AtomicUsize,
    slots: Vec<AtomicUsize>,
    hasher: RandomState,
    trusted: Vec<IpNet>,
}

impl Seats {
    /// This many, free.
    pub(super) fn new(name: &'static str, limit: usize, trusted: Vec<IpNet>) -> Arc<Self> {
        let kind = Kind { kind: name };
        metrics::get()
            .connections_limit
            .get_or_create(&kind)
            .set(i64::try_from(limit).unwrap_or(i64::MAX));
        Arc::new(Self {
            limit,
            open: metrics::get().connections.get_or_create(&kind).clone(),
            taken: AtomicUsize::new(0),
            slots: (0..SLOTS).map(|_| AtomicUsize::new(0)).collect(),
            hasher: RandomState::new(),
            trusted,
        })
    }

    /// A place for this address, if its network may have one more.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let slot = self.slot(address.to_canonical());
        let free = self
            .limit
            .saturating_sub(self.taken.fetch_add(1, Ordering::Relaxed));
        let own = slot.map_or(0, |slot| self.count(slot, 1));
        // Made at once, so that what was counted is given back whatever comes of it.
        let seat = Seat {
            seats: Arc::clone(self),
            slot,
        };
        self.open.inc();
        if own < free {
            return Some(seat);
        }
        metrics::count(&metrics::get().connections_cut, "crowded");
        None
    }

    fn slot(&self, address: IpAddr) -> Option<usize> {
        if self
            .trusted
            .iter()
            .any(|network| network.contains(&address))
        {
            return None;
        }
        let hash = self.hasher.hash_one(Network::of(address));
        Some(usize::try_from(hash >> 52).unwrap_or(0))
    }

    /// The count of a slot before one was added or taken away.
    fn count(&self, slot: usize, change: isize) -> usize {
        let counter = self.slots.get(slot).expect("12 bits index 4096 slots");
        if change > 0 {
            counter.fetch_add(1, Ordering::Relaxed)
        } else {
            counter.fetch_sub(1, Ordering::Relaxed)
        }
    }
}

/// A connection's place, given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    slot: Option<usize>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken.fetch_sub(1, Ordering::Relaxed);
        if let Some(slot) = self.slot {
            self.seats.count(slot, -1);
        }
        self.seats.open.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(seats: &Arc<Seats>, address: &str) -> Vec<Seat> {
        let address = address.parse().expect("an address");
        std::iter::from_fn(|| seats.take(address)).collect()
    }

    #[test]
    fn a_network_leaves_as_many_as_it_takes() {
        let seats = Seats::new("test", 1000, Vec::new());
        let first = fill(&seats, "192.0.2.1");
        assert_eq!(first.len(), 500);
        let second = fill(&seats, "198.51.100.1");
        assert_eq!(second.len(), 250, "half of what is left");
        assert!(!fill(&seats, "203.0.113.1").is_empty());
        drop(first);
        drop(second);
        assert_eq!(fill(&seats, "192.0.2.99").len(), 500, "given back");
    }

    #[test]
    fn a_trusted_proxy_may_have_all() {
        let trusted = vec!["10.0.0.0/8".parse().expect("a network")];
        let seats = Seats::new("test", 100, trusted);
        let all = fill(&seats, "10.1.2.3");
        assert_eq!(all.len(), 100);
        assert!(fill(&seats, "192.0.2.1").is_empty());
    }
}
