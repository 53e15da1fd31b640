//! Segment file → rows and counts.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::ops::Range;

use super::damage;
use super::error::ReadError;
use super::folded::{self, Key};
use super::frame::Seal;
use super::header::Header;
use super::scan::{self, Condition};
use super::segment::Segment;
use super::submission::Content;
use crate::clock::Timestamp;
use crate::ids::SegmentId;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

/// What a segment holds, ready to be inserted.
#[derive(Debug)]
pub struct SegmentContents {
    /// Its identity.
    pub id: SegmentId,
    /// It was there when the spool was opened: ClickHouse may have it already.
    pub recovered: bool,
    /// When the first and the last of its submissions came; both the time of its opening if it has none.
    pub received: (Timestamp, Timestamp),
    /// What became of its entries, summed, in a fixed order.
    pub outcomes: Vec<OutcomeCount>,
    file: Vec<u8>,
    rows: Vec<Range<usize>>,
    policies: Vec<Range<usize>>,
    condition: Condition,
}

/// How many entries of a site had one outcome in one hour.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutcomeCount {
    /// The site's id; empty for refusals whose site is unknown.
    pub site: String,
    /// `stored`, `folded`, `discarded` or `refused`.
    pub outcome: String,
    /// Why it was discarded or refused; else empty.
    pub reason: String,
    /// Where the data of a folded entry would have gone; empty if it was folded unread, or is one of too many
    /// ([`MAX_FOLDED_OF_SITE`](super::MAX_FOLDED_OF_SITE)).
    pub destination: String,
    /// Which directive a folded entry violated; empty as above.
    pub directive: String,
    /// Start of the hour in which it came, in seconds since 1970.
    pub hour: u32,
    /// How many.
    pub count: u64,
}

impl SegmentContents {
    /// The reports' rows, in order: the index of a row in its segment is its place here.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.slices(&self.rows)
    }

    /// How many rows of reports there are.
    pub fn num_reports(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// The policies' rows, each policy once.
    pub fn policies(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.slices(&self.policies)
    }

    /// Whether something that was acknowledged could not be read any more.
    pub fn is_damaged(&self) -> bool {
        self.condition == Condition::Corrupt
    }

    /// Whether the last commit was cut off by a crash. Nobody was told that it is durable.
    pub fn is_torn(&self) -> bool {
        self.condition == Condition::Torn
    }

    fn slices<'a>(&'a self, ranges: &'a [Range<usize>]) -> impl ExactSizeIterator<Item = &'a [u8]> {
        ranges
            .iter()
            .map(|range| self.file.get(range.clone()).unwrap_or_default())
    }
}

/// Reads and verifies a segment.
pub(super) fn contents(segment: &Segment) -> Result<SegmentContents, ReadError> {
    let id = segment.id;
    let most = segment.end.unwrap_or(segment.bytes);
    let file = match segment.disk.read(&segment.path, most) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(gone(segment)),
        read => read.map_err(|source| ReadError::Io {
            id,
            path: segment.path.clone(),
            source,
        })?,
    };
    verified(segment, file)
}

/// Verifies what stood in a segment's file.
///
/// # Errors
/// [`ReadError::Gone`] if it is not the segment's.
pub(super) fn verified(segment: &Segment, file: Vec<u8>) -> Result<SegmentContents, ReadError> {
    let id = segment.id;
    let intact = match Header::read(&file) {
        Header::Used {
            id: held, filled, ..
        } if held == id => {
            segment.end.is_some() || filled.is_none_or(|filled| filled <= file.len() as u64)
        }
        // Its identity is known from before, and proves what can be saved.
        Header::Damaged => false,
        Header::Used { .. } | Header::Free | Header::Version(_) => return Err(gone(segment)),
    };
    let end = segment.end.and_then(|end| usize::try_from(end).ok());
    let frames = scan::scan(&file, Seal::of(id), end);
    let mut gathered = Gathered::default();
    let mut understood = true;
    for range in &frames.contents {
        match file.get(range.clone()).and_then(Content::read) {
            Some(content) => gathered.add(&content, range.start, &file),
            None => {
                understood = false;
                tracing::error!(%id, offset = range.start, "a frame verifies and cannot be understood: this program did not write it");
            }
        }
    }
    let condition = match intact && understood {
        true => frames.condition,
        false => Condition::Corrupt,
    };
    report(segment, condition);
    folded::bound(&mut gathered.outcomes);
    let (rows, policies) = (gathered.rows, gathered.policies);
    Ok(SegmentContents {
        id,
        recovered: segment.recovered,
        received: gathered
            .received
            .unwrap_or((segment.opened_at, segment.opened_at)),
        outcomes: gathered.outcomes.into_iter().map(outcome).collect(),
        rows,
        policies,
        condition,
        file,
    })
}

fn gone(segment: &Segment) -> ReadError {
    ReadError::Gone {
        id: segment.id,
        path: segment.path.clone(),
    }
}

fn report(segment: &Segment, condition: Condition) {
    let (id, path) = (segment.id, segment.path.display());
    match condition {
        Condition::Whole => {}
        Condition::Torn => {
            tracing::warn!(%id, %path, "the last commit of a segment was cut off; nobody was told that it was durable");
            damage::count("torn");
        }
        Condition::Corrupt => {
            tracing::error!(%id, %path, "a segment is damaged: what verifies is delivered, and the file is kept as *.corrupt");
            damage::count("corrupt");
        }
    }
}

#[derive(Default)]
struct Gathered<'a> {
    rows: Vec<Range<usize>>,
    policies: Vec<Range<usize>>,
    seen: HashSet<&'a [u8]>,
    outcomes: BTreeMap<Key<'a>, u64>,
    received: Option<(Timestamp, Timestamp)>,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, content: &Content<'a>, start: usize, file: &'a [u8]) {
        let hour = u32::try_from(content.at.0.div_euclid(HOUR_MS) * (HOUR_MS / 1000)).unwrap_or(0);
        for &(words, count) in &content.outcomes {
            let sum = self
                .outcomes
                .entry((content.site, words, hour))
                .or_default();
            // No spool counts so far: a sum that does is one of damage that happens to verify.
            *sum = sum.saturating_add(count);
        }
        let (from, to) = self.received.unwrap_or((content.at, content.at));
        self.received = Some((from.min(content.at), to.max(content.at)));
        let moved = |range: &Range<usize>| range.start + start..range.end + start;
        self.rows.extend(content.rows.iter().map(moved));
        for range in content.policies.iter().map(moved) {
            // Submissions that were encoded at the same time may each bring the policy.
            let hash = file.get(range.start..range.start + 8).unwrap_or_default();
            if self.seen.insert(hash) {
                self.policies.push(range);
            }
        }
    }
}

fn outcome(((site, words, hour), count): (Key<'_>, u64)) -> OutcomeCount {
    let [outcome, reason, destination, directive] = words.map(str::to_owned);
    OutcomeCount {
        site: site.to_owned(),
        outcome,
        reason,
        destination,
        directive,
        hour,
        count,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::super::disk::System;
    use super::super::submission::put_counts;
    use super::super::{frame, header};
    use super::*;
    use crate::ids::CollectorId;

    #[test]
    fn counts_beyond_all_numbers_are_the_largest() {
        let id = SegmentId {
            collector: CollectorId(uuid::Uuid::from_u128(5)),
            epoch: 1,
            sequence: 1,
        };
        let mut file = header::page(id, Timestamp(0), 0);
        let start = file.len();
        for _ in 0..2 {
            let counts = [(["stored", "", "", ""], u64::MAX)];
            frame::open(&mut file, |out| {
                put_counts(out, "shop", Timestamp(0), counts.into_iter());
            });
        }
        Seal::of(id).close(&mut file[start..], 1);
        file.extend_from_slice(&frame::end(Seal::of(id), 2));
        let nowhere = (PathBuf::new(), file.len() as u64);
        let segment = Segment::found(Arc::new(System), (id, Timestamp(0)), nowhere);
        let contents = verified(&segment, file).unwrap();
        assert_eq!(contents.outcomes.len(), 1);
        assert_eq!(contents.outcomes[0].count, u64::MAX);
        assert!(!contents.is_damaged() && !contents.is_torn());
    }
}
