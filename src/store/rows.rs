//! The rows of a segment, table by table: columns in the order of the tables, values in RowBinary.

use std::collections::HashSet;

use bytes::{BufMut, Bytes, BytesMut};

use super::binary::{Column, put_header, put_text, put_uuid};
use super::contents::Delivery;
use crate::ids::SegmentId;
use crate::spool::row::{POLICY_COLUMNS, REPORT_COLUMNS};

/// Bytes that are compressed and sent together.
const CHUNK_BYTES: usize = 256 * 1024;

/// Columns of `reports` that the store puts before those of the spool: the identity of the row.
const IDENTITY: [Column; 3] = [
    ("collector", "UUID"),
    ("segment", "UInt64"),
    ("index", "UInt32"),
];

const OUTCOMES: [Column; 9] = [
    ("collector", "UUID"),
    ("segment", "UInt64"),
    ("hour", "DateTime('UTC')"),
    ("site", "LowCardinality(String)"),
    ("outcome", "LowCardinality(String)"),
    ("reason", "LowCardinality(String)"),
    ("destination", "String"),
    ("directive", "LowCardinality(String)"),
    ("count", "UInt64"),
];

const SEGMENTS: [Column; 5] = [
    ("collector", "UUID"),
    ("segment", "UInt64"),
    ("received_from", "DateTime64(3, 'UTC')"),
    ("received_to", "DateTime64(3, 'UTC')"),
    ("reports", "UInt32"),
];

type Put<'a> = dyn Fn(u32, &mut BytesMut) + Send + Sync + 'a;

/// One table's share of a segment, as an iterator over chunks: only the one that is sent is in memory.
pub(super) struct Rows<'a> {
    pub(super) table: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) count: u32,
    done: u32,
    /// Appends the row of this place.
    put: Box<Put<'a>>,
}

impl<'a> Rows<'a> {
    fn new(
        table: &'static str,
        columns: Vec<Column>,
        count: usize,
        put: impl Fn(u32, &mut BytesMut) + Send + Sync + 'a,
    ) -> Self {
        Self {
            table,
            columns,
            count: u32::try_from(count).expect("a segment has fewer rows than bytes"),
            done: 0,
            put: Box::new(put),
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.done == self.count {
            return None;
        }
        let mut out = BytesMut::with_capacity(CHUNK_BYTES / 8);
        if self.done == 0 {
            put_header(&mut out, self.columns.iter());
        }
        while self.done < self.count && out.len() < CHUNK_BYTES {
            (self.put)(self.done, &mut out);
            self.done += 1;
        }
        Some(out.freeze())
    }
}

/// The reports, less those whose index is known to be there.
pub(super) fn reports<'a>(segment: &'a Delivery<'_>, known: &HashSet<u32>) -> Rows<'a> {
    let columns = IDENTITY.iter().chain(REPORT_COLUMNS).copied().collect();
    let wanted: Vec<(u32, &[u8])> = (0..)
        .zip(segment.reports.iter().copied())
        .filter(|(index, _)| !known.contains(index))
        .collect();
    Rows::new("reports", columns, wanted.len(), move |place, out| {
        if let Some((index, report)) = wanted.get(place as usize) {
            put_segment(out, segment.id);
            out.put_u32_le(*index);
            out.put_slice(report);
        }
    })
}

pub(super) fn policies<'a>(segment: &'a Delivery<'_>) -> Rows<'a> {
    let policies = &segment.policies;
    let columns = POLICY_COLUMNS.to_vec();
    Rows::new("policies", columns, policies.len(), |place, out| {
        out.put_slice(policies.get(place as usize).copied().unwrap_or_default());
    })
}

pub(super) fn outcomes<'a>(segment: &'a Delivery<'_>) -> Rows<'a> {
    let outcomes = segment.outcomes;
    let columns = OUTCOMES.to_vec();
    Rows::new("report_outcomes", columns, outcomes.len(), |place, out| {
        let Some(outcome) = outcomes.get(place as usize) else {
            return;
        };
        put_segment(out, segment.id);
        out.put_u32_le(outcome.hour);
        put_text(out, &outcome.site);
        put_text(out, &outcome.outcome);
        put_text(out, &outcome.reason);
        put_text(out, &outcome.destination);
        put_text(out, &outcome.directive);
        out.put_u64_le(outcome.count);
    })
}

pub(super) fn mark<'a>(segment: &'a Delivery<'_>) -> Rows<'a> {
    Rows::new("segments", SEGMENTS.to_vec(), 1, |_, out| {
        put_segment(out, segment.id);
        let (from, to) = segment.received;
        out.put_i64_le(from.0);
        out.put_i64_le(to.0);
        out.put_u32_le(u32::try_from(segment.reports.len()).unwrap_or(u32::MAX));
    })
}

fn put_segment(out: &mut BytesMut, id: SegmentId) {
    put_uuid(out, id.collector.0);
    out.put_u64_le(id.number());
}
