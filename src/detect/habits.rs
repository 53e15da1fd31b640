//! [`Habits`]: what most visitors of a site's payment pages report, day after day. Whoever forges reports about one
//! destination tends to forget it.

/// The most destinations that are watched as habits of one site.
pub(super) const MAX_HABITS: usize = 8;

/// From this many visits on, older ones count less.
const MANY: u32 = 256;

/// Counted sites of a site's payment pages, destination by destination.
#[derive(Clone, Debug, Default)]
pub(super) struct Habits {
    visits: u32,
    counts: [(u64, u32); MAX_HABITS],
}

impl Habits {
    /// A network comes.
    pub(super) fn arrive(&mut self) {
        self.visits += 1;
        if self.visits >= MANY {
            self.visits /= 2;
            for (_, count) in &mut self.counts {
                *count /= 2;
            }
        }
    }

    /// A network reports a destination: the bit of it, 0 if it is none of those that are watched.
    pub(super) fn report(&mut self, destination: u64, seen: u8) -> u8 {
        if let Some(slot) = self.slot(destination) {
            let bit = 1 << slot;
            self.counts[slot].1 += u32::from(seen & bit == 0);
            return bit;
        }
        let rarest = (0..MAX_HABITS).min_by_key(|slot| self.counts[*slot].1);
        if let Some(slot) = rarest.filter(|slot| self.counts[*slot].1 * 16 <= self.visits) {
            self.counts[slot] = (destination, 1);
            return 1 << slot;
        }
        0
    }

    /// The bits of what at least a third of the visits report, one destination left out.
    pub(super) fn usual(&self, except: u64) -> u8 {
        let is_usual =
            |(of, count): (u64, u32)| of != except && count >= 3 && count * 3 >= self.visits;
        (0..MAX_HABITS)
            .filter(|slot| is_usual(self.counts[*slot]))
            .fold(0, |bits, slot| bits | 1 << slot)
    }

    fn slot(&self, destination: u64) -> Option<usize> {
        self.counts
            .iter()
            .position(|(of, count)| *of == destination && *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_form_and_fade() {
        let mut habits = Habits::default();
        let mut visit = |destinations: &[u64]| {
            habits.arrive();
            let seen = destinations
                .iter()
                .fold(0, |seen, it| seen | habits.report(*it, seen));
            (seen, habits.usual(0))
        };
        for n in 0..20 {
            visit(&[7, 1000 + n]);
        }
        let (seen, usual) = visit(&[7]);
        assert_ne!(usual, 0, "what all report is usual");
        assert_eq!(seen & usual, usual);
        let (seen, usual) = visit(&[99]);
        assert_eq!(seen & usual, 0, "what comes once is not");
        for n in 0..600 {
            visit(&[2000 + n]);
        }
        let (_, usual) = visit(&[5]);
        assert_eq!(usual, 0, "what nobody reports any more is none");
    }
}
