//! Who brings much that is new at once.
//!
//! Browsers send a page's first hundred reports or keep its last hundred: a page that floods them with made-up
//! violations pushes the real one out. The flood itself is then the sign, so what it brings is labelled.

use std::time::Duration;

/// New things of one network at one site within a minute that are a burst. A new tag manager brings about ten.
pub const BURST: u16 = 30;
/// A site that was heard for less than this knows so little that all is new.
pub const KNOWS_AFTER: Duration = Duration::from_secs(3600);

/// Counters that networks are dealt into, by a keyed hash that changes with the minute.
const SLOTS: usize = 32;

/// What networks brought in the current minute.
#[derive(Debug)]
pub(super) struct Bursts {
    since: Duration,
    minute: u64,
    slots: [u16; SLOTS],
}

impl Bursts {
    /// Of a site that is heard for the first time now.
    pub(super) fn new(now: Duration) -> Self {
        Self {
            since: now,
            minute: 0,
            slots: [0; SLOTS],
        }
    }

    /// Counts something new of this network (a keyed hash of it), and says whether it belongs to a burst.
    pub(super) fn count(&mut self, network: u64, now: Duration) -> bool {
        if now.saturating_sub(self.since) < KNOWS_AFTER {
            return false;
        }
        let minute = now.as_secs() / 60;
        if minute != self.minute {
            self.minute = minute;
            self.slots = [0; SLOTS];
        }
        let mixed = (network ^ minute).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let index = usize::try_from(mixed >> 59).unwrap_or(0);
        self.slots.get_mut(index).is_some_and(|slot| {
            *slot = slot.saturating_add(1);
            *slot > BURST
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_that_is_new_at_once() {
        let mut bursts = Bursts::new(Duration::ZERO);
        let hour = KNOWS_AFTER;
        assert!((0..100).all(|_| !bursts.count(7, hour / 2)), "knows little");
        let labelled = (0..200).filter(|_| bursts.count(7, hour)).count();
        assert_eq!(labelled, 200 - usize::from(BURST));
        assert!(!bursts.count(7, hour + Duration::from_secs(60)), "later");
    }
}
