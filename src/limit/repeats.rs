//! Which reports came before: a browser that missed our answer sends its entry again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::generations::Generations;

/// A report that comes again within this time is a repeat: how long Chromium keeps trying.
pub const REPEAT_WINDOW: Duration = crate::normalize::MAX_AGE;
/// The most reports remembered. Under more load than fills it in [`REPEAT_WINDOW`], it reaches less far back.
pub const MAX_REPEATS: usize = SHARDS * CAP * 2;

const SHARDS: usize = 16;
/// Reports in one generation of a shard: as many as a hash table holds before it doubles.
const CAP: usize = (1 << 14) / 8 * 7;

/// The fingerprints of the last quarter of an hour. A fingerprint is forgotten after one to two windows.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Debug, Default)]
struct Shard {
    memory: Generations<()>,
    turned: Duration,
}

impl Repeats {
    /// Whether it came before; from now on it did.
    pub(super) fn seen(&self, fingerprint: u64, now: Duration) -> bool {
        let index = usize::try_from(fingerprint >> 60).unwrap_or(0);
        let Some(shard) = self.shards.get(index) else {
            return false;
        };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let age = now.saturating_sub(shard.turned);
        if age >= REPEAT_WINDOW {
            shard.memory.turn();
            if age >= 2 * REPEAT_WINDOW {
                shard.memory.turn();
            }
            shard.turned = now;
        }
        let seen = shard.memory.contains(&fingerprint);
        if !seen {
            shard.memory.insert(fingerprint, (), CAP);
        }
        seen
    }

    /// How many are remembered.
    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| {
                let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
                shard.memory.len()
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_for_a_window_and_not_for_ever() {
        let minute = Duration::from_secs(60);
        let repeats = Repeats::default();
        let start = 100 * minute;
        assert!(!repeats.seen(5, start), "first");
        assert!(repeats.seen(5, start), "at once");
        assert!(repeats.seen(5, start + 14 * minute), "within the window");
        assert!(!repeats.seen(5, start + 46 * minute), "long after");
    }

    #[test]
    fn is_bounded() {
        let repeats = Repeats::default();
        for n in 0..800_000u64 {
            repeats.seen(n.wrapping_mul(0x9e37_79b9_7f4a_7c15), Duration::ZERO);
        }
        assert!(repeats.len() <= MAX_REPEATS);
    }
}
