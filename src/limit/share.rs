//! A rate shared fairly between networks, in constant memory.
//!
//! Networks are dealt into slots by a keyed hash, anew every second, so that nobody shares a slot with the
//! same flood for long. Each slot may take an equal part of the rate; one part is left for a network that was
//! not heard yet.

use std::time::Duration;

/// Slots that networks are dealt into. With more networks than this, some share a part.
pub(super) const SLOTS: usize = 64;

/// What was taken in the current second.
#[derive(Debug)]
pub(super) struct FairShare {
    per_second: u32,
    second: u64,
    taken: u32,
    /// A bit for each slot that asked, in this second and in the one before.
    asking: u64,
    asked: u64,
    slots: [u32; SLOTS],
}

impl FairShare {
    /// Shares this many per second.
    pub(super) fn new(per_second: u32) -> Self {
        Self {
            per_second: per_second.max(1),
            second: 0,
            taken: 0,
            asking: 0,
            asked: 0,
            slots: [0; SLOTS],
        }
    }

    /// Takes one for this network (a keyed hash of it), if its part and the whole leave one.
    pub(super) fn take(&mut self, network: u64, now: Duration) -> bool {
        self.turn(now.as_secs());
        let index = self.slot(network);
        self.asking |= 1 << index;
        let networks = self.asking.count_ones().max(self.asked.count_ones());
        let part = (self.per_second / (networks + 1)).max(1);
        let Some(slot) = self.slots.get_mut(index) else {
            return false;
        };
        if *slot >= part || self.taken >= self.per_second {
            return false;
        }
        *slot += 1;
        self.taken += 1;
        true
    }

    fn turn(&mut self, second: u64) {
        if second == self.second {
            return;
        }
        self.asked = if second == self.second + 1 {
            self.asking
        } else {
            0
        };
        self.asking = 0;
        self.taken = 0;
        self.slots = [0; SLOTS];
        self.second = second;
    }

    fn slot(&self, network: u64) -> usize {
        let mixed = (network ^ self.second.wrapping_mul(0xd6e8_feb8_6659_fd93))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> 58).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u64) -> u64 {
        n.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ n.rotate_left(31)
    }

    #[test]
    fn never_more_than_the_rate() {
        let mut share = FairShare::new(100);
        for second in 0..20 {
            let taken = (0..10_000u64)
                .filter(|n| share.take(hash(n % 500), Duration::from_secs(second)))
                .count();
            assert!(taken <= 100, "{taken} in second {second}");
        }
    }

    #[test]
    fn a_loud_network_leaves_room_for_quiet_ones() {
        let mut share = FairShare::new(100);
        let mut quiet = 0;
        for second in 0..100 {
            let now = Duration::from_secs(second);
            for _ in 0..1000 {
                share.take(hash(1), now);
            }
            quiet += u32::from(share.take(hash(2), now));
        }
        // Only where both were dealt into one slot, in one second of 64 on average, is it turned away.
        assert!(quiet >= 90, "{quiet} of 100");
    }

    #[test]
    fn after_silence_all_of_it_is_free_again() {
        let mut share = FairShare::new(10);
        while share.take(hash(1), Duration::from_secs(1)) {}
        assert!(share.take(hash(1), Duration::from_secs(60)));
    }
}
