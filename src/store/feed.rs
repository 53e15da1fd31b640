//! What came in since: commit marks by collector and segment, never by time alone, so that nothing that is
//! delivered late is passed over.

use std::collections::BTreeMap;

use clickhouse::Row;
use serde::Deserialize;
use uuid::Uuid;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::CollectorId;

/// The last segment of each collector that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors(BTreeMap<CollectorId, u64>);

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
}

/// Segments of one collector that are read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whose they are.
    pub collector: CollectorId,
    /// The first, and the last.
    pub segments: (u64, u64),
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
}

impl Cursors {
    /// Everything up to the end of a stretch was read.
    pub fn pass(&mut self, stretch: &Stretch) {
        let last = self.0.entry(stretch.collector).or_default();
        *last = stretch.segments.1.max(*last);
    }

    /// The texts of the conditions, and the values that they name.
    fn conditions(&self) -> (String, Vec<(String, String)>) {
        let mut text = String::new();
        let mut values = Vec::new();
        for (n, (collector, segment)) in self.0.iter().enumerate() {
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

impl Store {
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
            queries::MARKS_AFTER,
            queries::BY_RECEIPT,
        );
        let query = self.reader().query_raw(&sql);
        let query = query.param("since", since.0).param("limit", limit);
        let query = values
            .iter()
            .fold(query, |query, (name, value)| query.param(name, value));
        let rows = within(self.read_timeout, query.fetch_all::<MarkRow>()).await?;
        let mark = |row: MarkRow| Mark {
            collector: CollectorId(row.collector),
            segment: row.segment,
            received_to: Timestamp(row.received_to),
            reports: row.reports,
        };
        Ok(rows.into_iter().map(mark).collect())
    }
}

impl Stretch {
    /// Puts marks together into stretches of at most this many rows, or one segment. A collector's order is
    /// kept; between collectors the order of receipt is kept as far as a stretch allows.
    pub fn of(marks: &[Mark], most_rows: u32) -> Vec<Self> {
        let mut stretches: Vec<Self> = Vec::new();
        for mark in marks {
            match stretches.last_mut() {
                Some(last)
                    if last.collector == mark.collector
                        && last.segments.1 < mark.segment
                        && last.reports.saturating_add(mark.reports) <= most_rows =>
                {
                    last.segments.1 = mark.segment;
                    last.received_to = last.received_to.max(mark.received_to);
                    last.reports += mark.reports;
                }
                _ => stretches.push(Self {
                    collector: mark.collector,
                    segments: (mark.segment, mark.segment),
                    received_to: mark.received_to,
                    reports: mark.reports,
                }),
            }
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(collector: u128, segment: u64, reports: u32) -> Mark {
        Mark {
            collector: CollectorId(Uuid::from_u128(collector)),
            segment,
            received_to: Timestamp(i64::try_from(segment).expect("small")),
            reports,
        }
    }

    #[test]
    fn stretches_keep_the_order() {
        let marks = [
            mark(1, 1, 10),
            mark(1, 2, 10),
            mark(2, 1, 10),
            mark(1, 3, 95),
            mark(1, 4, 200),
            mark(1, 5, 1),
        ];
        let found: Vec<_> = Stretch::of(&marks, 100)
            .into_iter()
            .map(|it| (it.collector.0.as_u128(), it.segments, it.reports))
            .collect();
        let want = [
            (1, (1, 2), 20),
            (2, (1, 1), 10),
            (1, (3, 3), 95),
            (1, (4, 4), 200),
            (1, (5, 5), 1),
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn cursors_never_go_back() {
        let mut cursors = Cursors::default();
        for stretch in Stretch::of(&[mark(1, 7, 1), mark(1, 3, 1), mark(2, 1, 1)], 0) {
            cursors.pass(&stretch);
        }
        let (text, values) = cursors.conditions();
        assert_eq!(text.matches("AND NOT").count(), 2);
        assert_eq!(values[1].1, "7");
    }
}
