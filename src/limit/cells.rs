//! The states of many buckets, with a hard cap on how many.
//!
//! A key that finds no room shares a common bucket with whatever hashes to it: under a
//! flood of keys the limits become coarser, never laxer for one key and never shut for all.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;
use prometheus_client::metrics::counter::Counter;

use crate::metrics::{self, Kind};

/// Shards, each with its own lock: several workers ask at once.
const SHARDS: usize = 64;
/// Common buckets of the keys that found no room, in each shard.
const OVERFLOW_OF_SHARD: usize = 64;

/// Bucket states under keyed 64-bit hashes.
#[derive(Debug)]
pub(super) struct Cells {
    shards: Vec<Mutex<Shard>>,
    cap_of_shard: usize,
    /// Keys that found no room.
    untracked: Counter,
}

#[derive(Debug)]
struct Shard {
    tracked: HashMap<u64, Nanos, RandomState>,
    overflow: [Option<Nanos>; OVERFLOW_OF_SHARD],
}

impl Cells {
    /// At most `cap` keys are tracked one by one. `kind` is the word in metrics.
    pub(super) fn new(cap: usize, kind: &'static str) -> Self {
        let shards = (0..SHARDS)
            .map(|_| {
                Mutex::new(Shard {
                    tracked: HashMap::default(),
                    overflow: [None; OVERFLOW_OF_SHARD],
                })
            })
            .collect();
        Self {
            shards,
            cap_of_shard: cap.div_ceil(SHARDS),
            untracked: metrics::get()
                .limit_untracked
                .get_or_create(&Kind { kind })
                .clone(),
        }
    }

    fn shard(&self, key: u64) -> MutexGuard<'_, Shard> {
        let index = usize::try_from(key >> 58).unwrap_or(0);
        let shard = self.shards.get(index).expect("6 bits index 64 shards");
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for Cells {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut shard = self.shard(*key);
        let full = shard.tracked.len() >= self.cap_of_shard;
        if let Some(cell) = shard.tracked.get_mut(key) {
            let (answer, next) = f(Some(*cell))?;
            *cell = next;
            return Ok(answer);
        }
        if full {
            self.untracked.inc();
            let index = usize::try_from(*key).unwrap_or(0) % OVERFLOW_OF_SHARD;
            let cell = shard
                .overflow
                .get_mut(index)
                .expect("the index is a remainder of the length");
            let (answer, next) = f(*cell)?;
            *cell = Some(next);
            return Ok(answer);
        }
        let (answer, next) = f(None)?;
        shard.tracked.insert(*key, next);
        Ok(answer)
    }
}

impl ShrinkableKeyedStateStore<u64> for Cells {
    fn retain_recent(&self, drop_below: Nanos) {
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.tracked.retain(|_, cell| *cell > drop_below);
            if shard.tracked.capacity() > 4 * shard.tracked.len() + 64 {
                shard.tracked.shrink_to_fit();
            }
        }
    }

    fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| {
                let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
                shard.tracked.len()
            })
            .sum()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
impl Cells {
    /// Common buckets in all.
    pub(super) const OVERFLOW: usize = SHARDS * OVERFLOW_OF_SHARD;
}
