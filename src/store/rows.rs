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

/// One table's share of a segment.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) table: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) count: u32,
    pub(super) chunks: Vec<Bytes>,
}

struct Writer {
    rows: Rows,
    out: BytesMut,
}

impl Writer {
    fn new(table: &'static str, columns: Vec<Column>) -> Self {
        let mut out = BytesMut::with_capacity(CHUNK_BYTES / 8);
        put_header(&mut out, columns.iter());
        let rows = Rows {
            table,
            columns,
            count: 0,
            chunks: Vec::new(),
        };
        Self { rows, out }
    }

    fn row(&mut self, put: impl FnOnce(&mut BytesMut)) {
        put(&mut self.out);
        self.rows.count += 1;
        if self.out.len() >= CHUNK_BYTES {
            self.rows.chunks.push(self.out.split().freeze());
        }
    }

    fn end(mut self) -> Rows {
        if !self.out.is_empty() {
            self.rows.chunks.push(self.out.freeze());
        }
        self.rows
    }
}

/// The reports, less those whose index is known to be there.
pub(super) fn reports(segment: &Delivery<'_>, known: &HashSet<u32>) -> Rows {
    let columns = IDENTITY.iter().chain(REPORT_COLUMNS).copied().collect();
    let mut writer = Writer::new("reports", columns);
    for (index, report) in (0_u32..).zip(&segment.reports) {
        if !known.contains(&index) {
            writer.row(|out| {
                put_segment(out, segment.id);
                out.put_u32_le(index);
                out.put_slice(report);
            });
        }
    }
    writer.end()
}

pub(super) fn policies(segment: &Delivery<'_>) -> Rows {
    let mut writer = Writer::new("policies", POLICY_COLUMNS.to_vec());
    for policy in &segment.policies {
        writer.row(|out| out.put_slice(policy));
    }
    writer.end()
}

pub(super) fn outcomes(segment: &Delivery<'_>) -> Rows {
    let mut writer = Writer::new("report_outcomes", OUTCOMES.to_vec());
    for outcome in segment.outcomes {
        writer.row(|out| {
            put_segment(out, segment.id);
            out.put_u32_le(outcome.hour);
            put_text(out, &outcome.site);
            put_text(out, &outcome.outcome);
            put_text(out, &outcome.reason);
            put_text(out, &outcome.destination);
            put_text(out, &outcome.directive);
            out.put_u64_le(outcome.count);
        });
    }
    writer.end()
}

pub(super) fn mark(segment: &Delivery<'_>) -> Rows {
    let mut writer = Writer::new("segments", SEGMENTS.to_vec());
    writer.row(|out| {
        put_segment(out, segment.id);
        let (from, to) = segment.received;
        out.put_i64_le(from.0);
        out.put_i64_le(to.0);
        out.put_u32_le(u32::try_from(segment.reports.len()).unwrap_or(u32::MAX));
    });
    writer.end()
}

fn put_segment(out: &mut BytesMut, id: SegmentId) {
    put_uuid(out, id.collector.0);
    out.put_u64_le(id.number());
}
