//! How far the feed was read. [`Cursors`] is the type to know.

use std::collections::BTreeMap;

use super::feed::{Mark, Stretch};
use crate::clock::Timestamp;
use crate::ids::CollectorId;

/// How much earlier than the newest mark another one may have been stamped and yet be seen after it: an
/// insert's longest time, and clocks that differ.
pub(super) const MARGIN_MS: i64 = 10 * 60 * 1000;

/// The most marks set lately whose reading is remembered. What is older than these is taken for read.
pub const MAX_LATELY: u32 = 50_000;

/// The last segment of each collector that was read, and what was read of the marks set lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursors {
    last: BTreeMap<CollectorId, u64>,
    /// Every mark that was set before it was read, or is not looked for any more.
    horizon: Timestamp,
    /// When the newest mark that was read was set.
    newest: Timestamp,
    /// The marks set since the horizon that were read.
    lately: BTreeMap<(CollectorId, u64), Timestamp>,
}

impl Cursors {
    /// Nothing was read; the newest mark that is there was set then.
    pub(super) fn before(newest: Timestamp) -> Self {
        Self {
            last: BTreeMap::new(),
            horizon: Timestamp(newest.0.saturating_sub(MARGIN_MS)),
            newest,
            lately: BTreeMap::new(),
        }
    }

    /// These segments were read.
    pub fn pass(&mut self, stretch: &Stretch) {
        for mark in &stretch.marks {
            let last = self.last.entry(mark.collector).or_default();
            *last = mark.segment.max(*last);
            if mark.inserted_at >= self.horizon {
                let key = (mark.collector, mark.segment);
                self.lately.insert(key, mark.inserted_at);
            }
            self.newest = self.newest.max(mark.inserted_at);
        }
    }

    /// All that was found of the marks set lately was read: what is too old to be followed by an older one
    /// is forgotten.
    pub fn settle(&mut self) {
        self.horizon = Timestamp(self.newest.0.saturating_sub(MARGIN_MS)).max(self.horizon);
        let most = MAX_LATELY as usize;
        if self.lately.len() > most {
            let mut times: Vec<_> = self.lately.values().copied().collect();
            times.sort_unstable();
            let first = times.len() - most;
            self.horizon = times.get(first).copied().unwrap_or(self.horizon);
        }
        let horizon = self.horizon;
        self.lately.retain(|_, inserted_at| *inserted_at >= horizon);
    }

    /// Marks that were set before it are not asked for again.
    pub(super) fn horizon(&self) -> Timestamp {
        self.horizon
    }

    /// Whether a mark that was set since the horizon was read.
    pub(super) fn has_read(&self, mark: &Mark) -> bool {
        self.lately.contains_key(&(mark.collector, mark.segment))
    }

    /// The texts of the conditions, and the values that they name.
    pub(super) fn conditions(&self) -> (String, Vec<(String, String)>) {
        let mut text = String::new();
        let mut values = Vec::new();
        for (n, (collector, segment)) in self.last.iter().enumerate() {
            let clause = format!(
                "\n      AND NOT (collector = {{c{n}:UUID}} AND segment <= {{s{n}:UInt64}})"
            );
            text.push_str(&clause);
            values.push((format!("c{n}"), collector.to_string()));
            values.push((format!("s{n}"), segment.to_string()));
        }
        (text, values)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn mark(collector: u128, segment: u64, inserted_at: i64) -> Mark {
        Mark {
            collector: CollectorId(Uuid::from_u128(collector)),
            segment,
            received_to: Timestamp(0),
            reports: 1,
            inserted_at: Timestamp(inserted_at),
        }
    }

    fn read(cursors: &mut Cursors, marks: &[Mark]) {
        for stretch in Stretch::of(marks, 0) {
            cursors.pass(&stretch);
        }
    }

    #[test]
    fn cursors_never_go_back() {
        let mut cursors = Cursors::before(Timestamp(0));
        read(&mut cursors, &[mark(1, 7, 1), mark(1, 3, 1), mark(2, 1, 1)]);
        let (text, values) = cursors.conditions();
        assert_eq!(text.matches("AND NOT").count(), 2);
        assert_eq!(values[1].1, "7");
    }

    #[test]
    fn what_was_read_lately_is_known_for_a_margin() {
        let mut cursors = Cursors::before(Timestamp(0));
        read(&mut cursors, &[mark(1, 7, 5)]);
        assert!(cursors.has_read(&mark(1, 7, 5)));
        assert!(
            !cursors.has_read(&mark(1, 6, 5)),
            "a lower number that is late"
        );
        read(&mut cursors, &[mark(1, 8, MARGIN_MS + 5)]);
        cursors.settle();
        assert!(cursors.has_read(&mark(1, 7, 5)));
        read(&mut cursors, &[mark(1, 9, MARGIN_MS + 6)]);
        cursors.settle();
        assert_eq!(cursors.horizon(), Timestamp(6));
        assert!(!cursors.has_read(&mark(1, 7, 5)), "no longer asked for");
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut cursors = Cursors::before(Timestamp(0));
        let marks: Vec<_> = (1..=60_000).map(|n| mark(1, n, 1000 + n as i64)).collect();
        read(&mut cursors, &marks);
        cursors.settle();
        assert_eq!(cursors.lately.len(), MAX_LATELY as usize);
        assert_eq!(cursors.horizon(), Timestamp(1000 + 10_001));
    }
}
