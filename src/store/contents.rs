//! A segment as it is delivered.

use crate::clock::Timestamp;
use crate::ids::SegmentId;
use crate::spool::{OutcomeCount, SegmentContents};

/// What is to be delivered of one segment: rows as the spool encoded them, column by column.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    /// Its identity.
    pub id: SegmentId,
    /// Whether it was never sent before.
    pub attempt: Attempt,
    /// First and last receipt in it.
    pub received: (Timestamp, Timestamp),
    /// One RowBinary row per report, of the spool's `REPORT_COLUMNS`; its place is its index.
    pub reports: Vec<&'a [u8]>,
    /// One RowBinary row per policy, of the spool's `POLICY_COLUMNS`.
    pub policies: Vec<&'a [u8]>,
    /// What became of its entries.
    pub outcomes: &'a [OutcomeCount],
}

impl<'a> Delivery<'a> {
    /// All that a segment holds. One that an earlier run of the collector wrote may have been sent.
    pub fn of(contents: &'a SegmentContents, attempt: Attempt) -> Self {
        let attempt = if contents.recovered {
            Attempt::Again
        } else {
            attempt
        };
        Self {
            id: contents.id,
            attempt,
            received: contents.received,
            reports: contents.rows().collect(),
            policies: contents.policies().collect(),
            outcomes: &contents.outcomes,
        }
    }
}

/// Whether a segment may be in ClickHouse already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was never sent.
    First,
    /// It was sent before, now or by an earlier run, and no answer was seen.
    Again,
}
