//! [`Flood`]: a site whose payment pages bring much at once that is new to it. Browsers keep a page's first or
//! last hundred reports, so a page that makes junk up pushes the report of a skimmer out.
//!
//! The rules: junk follows what makes it. A scanner's or an adware's flood comes from few networks, a page's
//! flood from those of its visitors, and only the page's speaks against what comes with it. What comes with any
//! flood is told of if it stands out by the networks that report it; of the rest, a few.

use std::time::Duration;

use crate::clock::Timestamp;

/// The most destinations of one flood that are told of although they do not stand out: junk that is the same for
/// all visitors looks like what it hides.
pub const MAX_TOLD_OF_FLOOD: u32 = 5;

/// Destinations of one flood that were reported by as many networks: with more, none of them stands out.
const FEW: u32 = 3;

/// Networks of one destination up to which they are compared.
const LEVELS: usize = 16;

/// A flood that pauses for this long is over.
const PAUSE: Duration = Duration::from_secs(24 * 3600);

/// Who brings something new and floods within this much of it has brought it with the flood.
const TOGETHER: Duration = Duration::from_secs(60);

/// One flood, from whomever.
#[derive(Clone, Debug)]
pub(super) struct Flood {
    pub(super) since: Timestamp,
    /// Whether too many destinations came up, and not only too many reports of one visitor.
    pub(super) is_crowd: bool,
    last: Timestamp,
    /// How many destinations that came with it were reported by this many networks or more.
    reached: [u32; LEVELS],
    /// Those of them that were told of although they did not stand out, and the highest of their scores.
    told: u32,
    best: f64,
}

impl Flood {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            since: at,
            is_crowd: false,
            last: at,
            reached: [0; LEVELS],
            told: 0,
            best: 0.0,
        }
    }

    /// Takes a further report of it in; whether it still is the same flood.
    pub(super) fn goes_on(&mut self, at: Timestamp) -> bool {
        let same = at.minus(PAUSE) <= self.last;
        self.last = self.last.max(at);
        same
    }

    /// Whether something that was first seen at this moment came up with it.
    pub(super) fn covers(&self, first_seen: Timestamp) -> bool {
        first_seen >= self.since.minus(PAUSE) && first_seen.minus(PAUSE) <= self.last
    }

    /// Counts a destination that came with it and has now been reported by this many networks.
    pub(super) fn reach(&mut self, networks: usize) {
        if let Some(reached) = self.reached.get_mut(level(networks)) {
            *reached = reached.saturating_add(1);
        }
    }

    /// How many there are like one that came with it and was reported by this many networks; 0 if it stands out.
    /// One network more does not: of many that are all alike, one is the first that so many report.
    pub(super) fn peers(&self, networks: usize) -> u32 {
        let reached = self.reached.get(level(networks.saturating_sub(1))).copied();
        reached.filter(|peers| *peers > FEW).unwrap_or(0)
    }

    /// Whether another one that does not stand out may be told of.
    pub(super) fn has_room(&self, score: f64, margin: f64) -> bool {
        self.told < MAX_TOLD_OF_FLOOD || score >= self.best + margin
    }

    /// Notes that a destination was told of.
    pub(super) fn tell(&mut self, score: f64, is_first: bool) {
        self.told += u32::from(is_first);
        self.best = self.best.max(score);
    }
}

fn level(networks: usize) -> usize {
    networks.clamp(1, LEVELS) - 1
}

/// Whether a network that began to flood at one moment brought what was first seen at the other.
pub(super) fn together(flooded: Timestamp, first_seen: Timestamp) -> bool {
    flooded.minus(TOGETHER) <= first_seen
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_flood_ends_by_a_pause() {
        let start = 1_000 * HOUR;
        for (name, hours, goes_on) in [
            ("a report that comes again", -5, true),
            ("the next order of a small shop", 20, true),
            ("another day", 25, false),
        ] {
            let mut flood = Flood::new(Timestamp(start));
            let next = Timestamp(start + hours * HOUR);
            assert_eq!(flood.goes_on(next), goes_on, "{name}");
        }
        let flood = Flood::new(Timestamp(start));
        let covers = |hours: i64| flood.covers(Timestamp(start + hours * HOUR));
        assert!(covers(-23) && covers(23) && !covers(-25) && !covers(25));
    }

    #[test]
    fn few_of_a_kind_stand_out_and_many_do_not() {
        let mut flood = Flood::new(Timestamp(0));
        for _ in 0..100 {
            flood.reach(1);
            flood.reach(2);
        }
        for _ in 0..FEW {
            flood.reach(3);
        }
        assert_eq!(
            [1, 2, 3, 4, 90].map(|n| flood.peers(n)),
            [100, 100, 100, 0, 0]
        );
        for _ in 0..MAX_TOLD_OF_FLOOD {
            assert!(flood.has_room(3.0, 0.5));
            flood.tell(3.0, true);
        }
        assert!(!flood.has_room(3.4, 0.5));
        assert!(flood.has_room(3.5, 0.5), "more than the others");
    }
}
