//! A rate limiter that can be asked without being charged.
//!
//! governor's arithmetic (GCRA) over two views of one state: one that keeps what it works out, and one that
//! throws it away.

use std::convert::Infallible;
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};

use crate::clock::SharedClock;

type Limiter<S> = RateLimiter<<S as StateStore>::Key, S, Monotonic, NoOpMiddleware<Duration>>;

/// The process's clock as governor wants it.
#[derive(Clone, Debug)]
struct Monotonic(SharedClock);

impl Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.coarse()
    }
}

/// Buckets of one size and rate over the states in `S`.
pub(super) struct Meter<S: StateStore> {
    taking: Limiter<Kept<S>>,
    looking: Limiter<Unkept<S>>,
    /// A bucket with no more than this left is over its rate.
    debt: u32,
}

impl<S: StateStore> fmt::Debug for Meter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter")
            .field("debt", &self.debt)
            .finish_non_exhaustive()
    }
}

impl<S> Meter<S>
where
    S: StateStore,
    S::Key: Hash + Eq + Clone,
{
    /// Buckets that are empty when they are over their rate.
    pub(super) fn new(store: S, quota: Quota, clock: &SharedClock) -> Self {
        Self::build(store, quota, 0, clock)
    }

    /// Buckets that go into debt, by as much as their burst: what comes over the rate is charged too, and
    /// must be paid off first. So a body that was read and held a thousand entries costs a thousand, although
    /// nobody knew before reading it.
    pub(super) fn with_debt(store: S, quota: Quota, clock: &SharedClock) -> Self {
        let burst = quota.burst_size();
        let both = burst.saturating_add(burst.get());
        Self::build(store, quota.allow_burst(both), burst.get(), clock)
    }

    fn build(store: S, quota: Quota, debt: u32, clock: &SharedClock) -> Self {
        let store = Arc::new(store);
        let clock = Monotonic(Arc::clone(clock));
        Self {
            taking: RateLimiter::new(quota, Kept(Arc::clone(&store)), clock.clone()),
            looking: RateLimiter::new(quota, Unkept(store), clock),
            debt,
        }
    }

    /// Whether one more would be within the rate. Charges nothing.
    pub(super) fn has_room(&self, key: &S::Key) -> bool {
        let n = NonZeroU32::MIN.saturating_add(self.debt);
        matches!(self.looking.check_key_n(key, n), Ok(Ok(())))
    }

    /// Charges one and says whether it was within the rate.
    pub(super) fn take(&self, key: &S::Key) -> bool {
        let within = self.debt == 0 || self.has_room(key);
        self.taking.check_key(key).is_ok() && within
    }

    /// Charges `n`, or as many as there are left.
    pub(super) fn charge(&self, key: &S::Key, n: u32) {
        let mut left = n;
        let mut step = n;
        while let Some(some) = NonZeroU32::new(step.min(left)) {
            if matches!(self.taking.check_key_n(key, some), Ok(Ok(()))) {
                left -= some.get();
            } else {
                step = some.get() / 2;
            }
        }
    }
}

impl<S> Meter<S>
where
    S: ShrinkableKeyedStateStore<u64> + StateStore<Key = u64>,
{
    /// Forgets the buckets that are full again, and says how many are left.
    pub(super) fn sweep(&self) -> usize {
        self.taking.retain_recent();
        self.taking.len()
    }
}

/// A state that is kept.
struct Kept<S>(Arc<S>);

impl<S: StateStore> StateStore for Kept<S> {
    type Key = S::Key;

    fn measure_and_replace<T, F, E>(&self, key: &S::Key, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(key, f)
    }
}

impl<S> ShrinkableKeyedStateStore<u64> for Kept<S>
where
    S: ShrinkableKeyedStateStore<u64> + StateStore<Key = u64>,
{
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.retain_recent(drop_below);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The same state, looked at.
struct Unkept<S>(Arc<S>);

impl<S: StateStore> StateStore for Unkept<S> {
    type Key = S::Key;

    fn measure_and_replace<T, F, E>(&self, key: &S::Key, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // A store replaces nothing when it is given an error, so the answer travels as one.
        let answer = self
            .0
            .measure_and_replace(key, |state| Err::<(Infallible, Nanos), _>(f(state)));
        match answer {
            Err(answer) => answer.map(|(answer, _)| answer),
            Ok(never) => match never {},
        }
    }
}

/// One bucket.
#[derive(Debug, Default)]
pub(super) struct One(InMemoryState);

impl StateStore for One {
    type Key = ();

    fn measure_and_replace<T, F, E>(&self, _key: &(), f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(&NotKeyed::NonKey, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::limit::cells::Cells;
    use crate::limit::config::quota;

    fn clock() -> (Arc<ManualClock>, SharedClock) {
        let clock = ManualClock::at(Timestamp(1_700_000_000_000));
        (Arc::clone(&clock), clock)
    }

    #[test]
    fn looking_costs_nothing() {
        let (_, shared) = clock();
        let meter = Meter::new(One::default(), quota(1), &shared);
        for _ in 0..1000 {
            assert!(meter.has_room(&()));
        }
        let taken = (0..1000).filter(|_| meter.take(&())).count();
        assert_eq!(taken, 100, "the least burst");
        assert!(!meter.has_room(&()));
    }

    #[test]
    fn a_bucket_fills_again_at_its_rate() {
        let (manual, shared) = clock();
        let meter = Meter::new(One::default(), quota(50), &shared);
        while meter.take(&()) {}
        manual.advance(Duration::from_secs(1));
        assert_eq!((0..1000).filter(|_| meter.take(&())).count(), 50);
        manual.advance(Duration::from_secs(3600));
        assert_eq!((0..10_000).filter(|_| meter.take(&())).count(), 500);
    }

    #[test]
    fn debt_must_be_paid_off() {
        let (manual, shared) = clock();
        let meter = Meter::with_debt(Cells::new(10, "networks"), quota(10), &shared);
        assert_eq!((0..150).filter(|_| meter.take(&1)).count(), 100);
        manual.advance(Duration::from_secs(4));
        assert!(!meter.has_room(&1), "40 of 50 are paid");
        manual.advance(Duration::from_millis(1200));
        assert!(meter.has_room(&1));
        assert!(meter.has_room(&2), "another key owes nothing");
    }

    #[test]
    fn debt_is_no_deeper_than_the_burst() {
        let (manual, shared) = clock();
        let meter = Meter::with_debt(Cells::new(10, "networks"), quota(10), &shared);
        meter.charge(&1, 1_000_000);
        manual.advance(Duration::from_millis(10_200));
        assert!(meter.has_room(&1));
    }

    #[test]
    fn charging_takes_what_is_left() {
        let (_, shared) = clock();
        for n in [0, 1, 3, 77, 99, 100, 101, 5000, u32::MAX] {
            let meter = Meter::new(One::default(), quota(10), &shared);
            meter.charge(&(), n);
            let left = (0..200).filter(|_| meter.take(&())).count();
            assert_eq!(left, 100 - usize::try_from(n.min(100)).unwrap(), "{n}");
        }
    }

    #[test]
    fn a_flood_of_keys_is_bounded_in_memory_and_in_rate() {
        let (manual, shared) = clock();
        let meter = Meter::new(Cells::new(640, "networks"), quota(10), &shared);
        let key = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ n;
        let taken = (0..200_000).filter(|&n| meter.take(&key(n))).count();
        assert!(meter.sweep() <= 640);
        // One for each tracked key; the rest share the common buckets.
        assert!(taken <= 640 + Cells::OVERFLOW * 100, "{taken}");
        assert!(taken >= 640);
        manual.advance(Duration::from_secs(60));
        assert_eq!(meter.sweep(), 0, "full buckets are forgotten");
        assert!(meter.take(&key(1)));
    }
}
