//! How many wrong tokens, passwords and codes a network may show at the login. A token is random and long, and who guesses
//! passwords waits for each account; what is bounded here is the load, the lines of the log, and guessing of many
//! accounts from one place. [`Attempts`] is the type to know.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::enrich::Network;

/// Wrong tokens of one network in a minute. After them it is not heard until the minute is over.
pub const MAX_WRONG_OF_NETWORK: u32 = 20;
/// Wrong tokens of all networks in a minute. After them only those are heard that showed none.
pub const MAX_WRONG_OF_ALL: u32 = 600;

/// Counters that networks are dealt into by a keyed hash.
const SLOTS: usize = 1024;

/// Wrong tokens of the current minute.
#[derive(Debug, Default)]
pub struct Attempts {
    hasher: RandomState,
    minute: Mutex<Minute>,
}

#[derive(Debug)]
struct Minute {
    number: u64,
    all: u32,
    slots: Box<[u32; SLOTS]>,
}

impl Default for Minute {
    fn default() -> Self {
        Self {
            number: 0,
            all: 0,
            slots: Box::new([0; SLOTS]),
        }
    }
}

impl Attempts {
    /// Whether this address may show a token now.
    ///
    /// # Errors
    /// How long it must wait.
    pub(super) fn check(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        let slot = self.slot(address);
        self.with(now, |minute| {
            let own = minute.slots.get(slot).copied().unwrap_or(0);
            let too_many = own >= MAX_WRONG_OF_NETWORK;
            if too_many || (own > 0 && minute.all >= MAX_WRONG_OF_ALL) {
                return Err(Duration::from_secs(60 - now.as_secs() % 60));
            }
            Ok(())
        })
    }

    /// Counts a wrong one. Whether that is worth a line of the log: the first of a network in this minute is.
    pub(super) fn count_wrong(&self, address: IpAddr, now: Duration) -> bool {
        let slot = self.slot(address);
        self.with(now, |minute| {
            minute.all = minute.all.saturating_add(1);
            let own = minute.slots.get_mut(slot);
            own.is_some_and(|own| {
                *own = own.saturating_add(1);
                *own == 1
            })
        })
    }

    fn with<T>(&self, now: Duration, f: impl FnOnce(&mut Minute) -> T) -> T {
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.as_secs() / 60;
        if number != minute.number {
            minute.number = number;
            minute.all = 0;
            minute.slots.fill(0);
        }
        f(&mut minute)
    }

    fn slot(&self, address: IpAddr) -> usize {
        let hash = self.hasher.hash_one(Network::of(address));
        usize::try_from(hash >> 54).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_shut_out_for_a_minute_and_nobody_else() {
        let attempts = Attempts::default();
        let (guesser, other) = (
            IpAddr::from([192, 0, 2, 1]),
            IpAddr::from([198, 51, 100, 1]),
        );
        let now = Duration::from_secs(6000);
        for n in 0..MAX_WRONG_OF_NETWORK {
            assert!(attempts.check(guesser, now).is_ok());
            assert_eq!(attempts.count_wrong(guesser, now), n == 0);
        }
        let wait = attempts.check(guesser, now + Duration::from_secs(18));
        assert_eq!(wait, Err(Duration::from_secs(42)));
        assert!(
            attempts.slot(guesser) == attempts.slot(other) || attempts.check(other, now).is_ok()
        );
        assert!(
            attempts
                .check(guesser, now + Duration::from_secs(60))
                .is_ok()
        );
    }

    #[test]
    fn under_a_flood_whoever_showed_no_wrong_one_is_heard() {
        let attempts = Attempts::default();
        let now = Duration::from_secs(6000);
        for n in 0..MAX_WRONG_OF_ALL {
            let [_, b, c, _] = n.to_be_bytes().map(|byte| byte);
            attempts.count_wrong(IpAddr::from([10, b, c, 1]), now);
        }
        let fresh = (0..=255).map(|n| IpAddr::from([192, 0, n, 1]));
        let heard = fresh.filter(|address| attempts.check(*address, now).is_ok());
        assert!(heard.count() > 0);
        assert!(attempts.check(IpAddr::from([10, 0, 1, 1]), now).is_err());
    }
}
