//! Who brings much that is new at once.
//!
//! Browsers send a page's first hundred reports or keep its last hundred: a page that floods them with made-up
//! violations pushes the real one out. The flood itself is then the sign, so what it brings is labelled.

use std::time::Duration;

/// New things of one network at one site within a minute that are a burst. A new tag manager brings about ten.
pub const BURST: u16 = 30;
/// A site that was heard for less than this knows so little that all is new.
pub const KNOWS_AFTER: Duration = Duration::from_secs(3600);

/// Networks of a minute that are told apart. Where there are more, the one with the least is forgotten: a flood
/// stays, and two networks are never taken for one.
const NETWORKS: usize = 32;

/// What networks brought in the current minute.
#[derive(Debug)]
pub(super) struct Bursts {
    since: Duration,
    minute: u64,
    counts: Vec<(u64, u16)>,
}

impl Bursts {
    /// Of a site that is heard for the first time now.
    pub(super) fn new(now: Duration) -> Self {
        Self {
            since: now,
            minute: 0,
            counts: Vec::new(),
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
            // Most sites are idle in most minutes and need no room then.
            self.counts = Vec::new();
        }
        let count = self.counter(network);
        *count = count.saturating_add(1);
        *count > BURST
    }

    fn counter(&mut self, network: u64) -> &mut u16 {
        let standing = self.counts.iter().position(|(it, _)| *it == network);
        let index = standing.unwrap_or_else(|| {
            if self.counts.len() >= NETWORKS {
                let least = (0..).zip(&self.counts).min_by_key(|(_, (_, count))| *count);
                let least = least.map_or(0, |(index, _)| index);
                self.counts.swap_remove(least);
            }
            self.counts.push((network, 0));
            self.counts.len() - 1
        });
        let (_, count) = self.counts.get_mut(index).expect("it was found or pushed");
        count
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

    #[test]
    fn quiet_networks_are_not_taken_for_one_and_do_not_push_out_a_loud_one() {
        let mut bursts = Bursts::new(Duration::ZERO);
        for _ in 0..BURST {
            bursts.count(7, KNOWS_AFTER);
        }
        let quiet = 1000..1000 + 40 * NETWORKS as u64;
        assert!(quiet.into_iter().all(|n| !bursts.count(n, KNOWS_AFTER)));
        assert!(bursts.count(7, KNOWS_AFTER));
        assert!(bursts.counts.len() <= NETWORKS);
    }
}
