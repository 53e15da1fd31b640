//! What came in since: commit marks by collector and segment, never by time of receipt alone.
//!
//! A mark may be set later than marks of higher numbers: two segments are on their way at once, or one was set
//! aside and comes back after days. So [`Cursors`] also know what was read of the marks set lately, and
//! [`Store::late_marks`] finds the others.

use clickhouse::Row;
use serde::Deserialize;
use uuid::Uuid;

use super::client::{Store, within};
use super::cursors::{Cursors, MAX_LATELY};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::CollectorId;

/// Segments that one query reads: its text stays short.
const MOST_SEGMENTS: usize = 1000;

/// A segment that is wholly in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose it is.
    pub collector: CollectorId,
    /// Its number.
    pub segment: u64,
    /// Last receipt in it.
    pub received_to: Timestamp,
    /// Its rows.
    pub reports: u32,
    /// When ClickHouse set the mark, by its own clock.
    pub inserted_at: Timestamp,
}

/// Segments of one collector that are read at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whose they are.
    pub collector: CollectorId,
    /// Their marks, numbers ascending. What lies between them is not read: it may be only half in.
    pub marks: Vec<Mark>,
    /// Last receipt in them.
    pub received_to: Timestamp,
    /// Their rows.
    pub reports: u32,
}

#[derive(Debug, Row, Deserialize)]
struct MarkRow {
    #[serde(with = "clickhouse::serde::uuid")]
    collector: Uuid,
    segment: u64,
    received_to: i64,
    reports: u32,
    inserted_at: i64,
}

impl From<MarkRow> for Mark {
    fn from(row: MarkRow) -> Self {
        Self {
            collector: CollectorId(row.collector),
            segment: row.segment,
            received_to: Timestamp(row.received_to),
            reports: row.reports,
            inserted_at: Timestamp(row.inserted_at),
        }
    }
}

impl Store {
    /// Cursors before everything that is there.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn begin_feed(&self) -> Result<Cursors, StoreError> {
        let newest = self.reader().query_raw(queries::NEWEST_MARK);
        let newest = within(self.read_timeout, newest.fetch_one::<i64>()).await?;
        Ok(Cursors::before(Timestamp(newest)))
    }

    /// Marks of segments after the cursors, received at `since` or later, in the order of receipt.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn marks_after(
        &self,
        cursors: &Cursors,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Mark>, StoreError> {
        let (after, values) = cursors.conditions();
        let sql = format!(
            "{}\n    WHERE received_to >= fromUnixTimestamp64Milli({{since:Int64}}, 'UTC'){after}{}",
            queries::FEED,
            queries::BY_RECEIPT,
        );
        let query = self.reader().query_raw(&sql);
        let query = query.param("since", since.0).param("limit", limit);
        let query = values
            .iter()
            .fold(query, |query, (name, value)| query.param(name, value));
        let rows = within(self.read_timeout, query.fetch_all::<MarkRow>()).await?;
        Ok(rows.into_iter().map(Mark::from).collect())
    }

    /// Marks that were set lately, received at `since` or later, and were not read, in the order of receipt.
    /// To be asked once there is nothing after the cursors.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn late_marks(
        &self,
        cursors: &Cursors,
        since: Timestamp,
    ) -> Result<Vec<Mark>, StoreError> {
        let sql = format!("{}{}", queries::FEED, queries::SET_LATELY);
        let query = self.reader().query_raw(&sql);
        let query = query
            .param("since", since.0)
            .param("horizon", cursors.horizon().0)
            .param("limit", MAX_LATELY);
        let rows = within(self.read_timeout, query.fetch_all::<MarkRow>()).await?;
        let marks = rows.into_iter().map(Mark::from);
        let mut marks: Vec<Mark> = marks.filter(|mark| !cursors.has_read(mark)).collect();
        marks.sort_by_key(|mark| (mark.received_to, mark.collector, mark.segment));
        Ok(marks)
    }
}

impl Stretch {
    /// Puts marks together into stretches of at most this many rows, or one segment. A collector's order is
    /// kept; between collectors the order of receipt is kept as far as a stretch allows.
    pub fn of(marks: &[Mark], most_rows: u32) -> Vec<Self> {
        let mut stretches: Vec<Self> = Vec::new();
        for mark in marks {
            match stretches.last_mut() {
                Some(last) if last.takes(mark, most_rows) => {
                    last.marks.push(*mark);
                    last.received_to = last.received_to.max(mark.received_to);
                    last.reports += mark.reports;
                }
                _ => stretches.push(Self {
                    collector: mark.collector,
                    marks: vec![*mark],
                    received_to: mark.received_to,
                    reports: mark.reports,
                }),
            }
        }
        stretches
    }

    fn takes(&self, mark: &Mark, most_rows: u32) -> bool {
        self.collector == mark.collector
            && self.marks.len() < MOST_SEGMENTS
            && self.marks.last().is_none_or(|l| l.segment < mark.segment)
            && self.reports.saturating_add(mark.reports) <= most_rows
    }

    /// The numbers of its segments.
    pub(super) fn segments(&self) -> Vec<u64> {
        self.marks.iter().map(|mark| mark.segment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(collector: u128, segment: u64, reports: u32) -> Mark {
        let time = Timestamp(i64::try_from(segment).expect("small"));
        Mark {
            collector: CollectorId(Uuid::from_u128(collector)),
            segment,
            received_to: time,
            reports,
            inserted_at: time,
        }
    }

    #[test]
    fn stretches_keep_the_order() {
        let marks = [
            mark(1, 1, 10),
            mark(1, 3, 10),
            mark(2, 1, 10),
            mark(1, 4, 95),
            mark(1, 5, 200),
            mark(1, 6, 1),
            mark(1, 2, 1),
        ];
        let found: Vec<_> = Stretch::of(&marks, 100)
            .into_iter()
            .map(|it| (it.collector.0.as_u128(), it.segments(), it.reports))
            .collect();
        let want = [
            // Number 2 came late: it is not read with its neighbors.
            (1, vec![1, 3], 20),
            (2, vec![1], 10),
            (1, vec![4], 95),
            (1, vec![5], 200),
            (1, vec![6], 1),
            (1, vec![2], 1),
        ];
        assert_eq!(found, want);
    }
}
