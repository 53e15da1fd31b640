//! Stored reports, newest first, a page at a time.

use std::fmt;
use std::str::FromStr;

use clickhouse::Row;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use super::client::{Store, within};
use super::conditions::Conditions;
use super::error::StoreError;
use super::filter::ReportFilter;
use super::queries;
use super::spread::OF_DESTINATIONS;
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Condition on the moment of receipt.
const FROM: &str = "received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')";

/// Reports of destinations that are looked through without asking for those of a day first.
const MANY: u64 = 200_000;

/// In milliseconds.
const DAY: i64 = 86_400_000;

/// Most reports on one page.
pub const MAX_REPORTS: u32 = 1000;

/// The skip index on `segment` finds it.
const THIS_ONE: &str =
    "collector = {collector:UUID} AND segment = {segment:UInt64} AND `index` = {index:UInt32}";

/// What a report goes by: its text is `id` of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportId {
    collector: uuid::Uuid,
    segment: u64,
    index: u32,
}

/// Where a page ended. Its text is opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    received_at: i64,
    id: ReportId,
}

/// One page.
#[derive(Debug)]
pub struct ReportPage {
    /// At most as many as asked for.
    pub reports: Vec<ReportRow>,
    /// Where the next page begins, if there may be one.
    pub next: Option<Cursor>,
}

/// A stored report
///
/// Numbers of 64 bits are written in hexadecimal, because JSON's readers keep only 53.
#[derive(Clone, Debug, Row, Serialize, Deserialize, ToSchema)]
#[schema(as = Report)]
pub struct ReportRow {
    /// Unique
    pub id: String,
    /// When the submission arrived
    #[schema(value_type = String, format = DateTime)]
    #[serde(serialize_with = "moment")]
    pub received_at: i64,
    /// When the browser says it happened
    #[schema(value_type = String, format = DateTime)]
    #[serde(serialize_with = "moment")]
    pub occurred_at: i64,
    /// Stable id of the site
    pub site: String,
    /// Report type
    pub r#type: String,
    /// Dialect of the wire
    pub format: String,
    /// Registrable domain, else bare scheme, inline, eval, none
    pub destination: String,
    /// Blocked host, redacted, or empty
    pub host: String,
    /// Effective directive
    pub directive: String,
    /// enforce, report, unknown
    pub disposition: String,
    /// checkout, admin, other
    pub page_kind: String,
    /// js, link, none
    pub tampering: String,
    /// What is known about it
    pub labels: Vec<String>,
    /// Host of the page
    pub document_host: String,
    /// Path of the page, redacted
    pub document_path: String,
    /// Blocked URL or keyword, redacted
    pub blocked: String,
    /// Script that did it, redacted; a page can forge it
    pub source: String,
    /// Line in the source, 0 if unknown
    pub line: u32,
    /// Column in the source, 0 if unknown
    pub column: u32,
    /// First characters of inline code, redacted
    pub sample: String,
    /// Hash of the policy, hexadecimal
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    #[serde(serialize_with = "hexadecimal")]
    pub policy: u64,
    /// Host of the referrer
    pub referrer_host: String,
    /// Status of the document, 0 if unknown
    pub status_code: u16,
    /// Pseudonym, hexadecimal
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    #[serde(serialize_with = "hexadecimal")]
    pub client: u64,
    /// Pseudonym, hexadecimal
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    #[serde(serialize_with = "hexadecimal")]
    pub network: u64,
    /// ISO 3166-1 alpha-2 or empty
    pub country: String,
    /// Autonomous system, 0 if unknown
    pub asn: u32,
    /// Family
    pub browser: String,
    /// Major version, 0 if unknown
    pub browser_major: u16,
    /// A phone or a tablet
    pub mobile: bool,
    /// Brand of a card number that stood in it, or empty
    pub card_brand: String,
    /// Its digits, 0 if there was none
    pub card_length: u8,
    /// How it was written, or empty
    pub card_encoding: String,
    /// Redacted body of a report that is no CSP violation
    pub body: String,
}

impl Store {
    /// Reports in scope, newest first, beginning after `after`.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn reports(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<ReportPage, StoreError> {
        let limit = limit.clamp(1, MAX_REPORTS);
        // Of what everybody reports a page ends within a day, which is read much sooner than all.
        let mut reports = Vec::new();
        if self.are_many(scope, filter).await? {
            reports = self.newest(scope, (filter, true), after, limit).await?;
        }
        if reports.len() < limit as usize {
            reports = self.newest(scope, (filter, false), after, limit).await?;
        }
        let full = reports.len() >= limit as usize;
        let next = reports.last().filter(|_| full).and_then(Cursor::at);
        Ok(ReportPage { reports, next })
    }

    /// Whether a day may have a page full of them, as far as destinations say.
    async fn are_many(&self, scope: &Scope, filter: &ReportFilter) -> Result<bool, StoreError> {
        if filter.destinations.is_empty() {
            return Ok(true);
        }
        let mut conditions = self.within(scope).await?;
        let names = filter.destinations.clone();
        conditions.texts(OF_DESTINATIONS, "destinations", names);
        let sql = format!("{}{}", queries::COUNT_FILTERED, conditions.clause());
        let query = conditions.fill(self.reader().query_raw(&sql)).fetch_one();
        let count: u64 = within(self.read_timeout, query).await?;
        Ok(count > MANY)
    }

    async fn newest(
        &self,
        scope: &Scope,
        (filter, of_a_day): (&ReportFilter, bool),
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<ReportRow>, StoreError> {
        let mut conditions = filter.within(self.within(scope).await?);
        if let Some(cursor) = after {
            cursor.add_to(&mut conditions);
        }
        if of_a_day {
            let end = after.map(|cursor| cursor.received_at);
            match end.or(filter.until.map(|until| until.0)) {
                Some(end) => conditions.number(FROM, "from", Some(end.saturating_sub(DAY))),
                None => conditions.fixed("received_at >= now() - INTERVAL 1 DAY"),
            }
        }
        let sql = queries::newest_reports(&conditions.clause());
        let query = conditions
            .fill(self.reader().query(&sql))
            .param("limit", limit);
        within(self.read_timeout, query.fetch_all::<ReportRow>()).await
    }

    /// One report, if it is in scope.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn report(
        &self,
        scope: &Scope,
        id: &ReportId,
    ) -> Result<Option<ReportRow>, StoreError> {
        let mut conditions = self.within(scope).await?;
        let collector = id.collector.to_string();
        conditions.text(THIS_ONE, "collector", Some(&collector));
        conditions.value("segment", id.segment);
        conditions.value("index", u64::from(id.index));
        let sql = format!("{}{}\n    LIMIT 1", queries::REPORTS, conditions.clause());
        let query = conditions.fill(self.reader().query(&sql));
        within(self.read_timeout, query.fetch_optional()).await
    }
}

impl Cursor {
    fn at(row: &ReportRow) -> Option<Self> {
        format!("{}-{}", row.received_at, row.id).parse().ok()
    }

    fn add_to(&self, all: &mut Conditions) {
        // The first condition says no more than the second, but the key and the parts understand it.
        all.number(
            "received_at <= fromUnixTimestamp64Milli({c_received:Int64}, 'UTC')",
            "c_received",
            Some(self.received_at),
        );
        all.text(
            "(received_at, collector, segment, `index`) \
             < (fromUnixTimestamp64Milli({c_received:Int64}, 'UTC'), {c_collector:UUID}, \
             {c_segment:UInt64}, {c_index:UInt32})",
            "c_collector",
            Some(&self.id.collector.to_string()),
        );
        all.value("c_segment", self.id.segment);
        all.value("c_index", u64::from(self.id.index));
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.received_at, self.id)
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}-{}", self.collector, self.segment, self.index)
    }
}

/// A text that is not a cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor: give back `next` of an earlier answer, as it was")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (received_at, id) = text.split_once('-').ok_or(InvalidCursor)?;
        Ok(Self {
            received_at: received_at.parse().map_err(|_cause| InvalidCursor)?,
            id: id.parse().map_err(|InvalidReportId| InvalidCursor)?,
        })
    }
}

/// A text by which no report goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no report has such an id")]
pub struct InvalidReportId;

impl FromStr for ReportId {
    type Err = InvalidReportId;

    fn from_str(text: &str) -> Result<Self, InvalidReportId> {
        let parse = || {
            let (rest, index) = text.rsplit_once('-')?;
            let (collector, segment) = rest.rsplit_once('-')?;
            Some(Self {
                collector: collector.parse().ok()?,
                segment: u64::from_str_radix(segment, 16).ok()?,
                index: index.parse().ok()?,
            })
        };
        parse().ok_or(InvalidReportId)
    }
}

fn moment<S: Serializer>(ms: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Timestamp(*ms))
}

fn hexadecimal<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{number:016x}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_survive_text(received_at in 0_i64.., collector: u128, segment: u64, index: u32) {
            let collector = uuid::Uuid::from_u128(collector);
            let cursor = Cursor { received_at, id: ReportId { collector, segment, index } };
            prop_assert_eq!(cursor.id.to_string().parse(), Ok(cursor.id.clone()));
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn anything_else_is_no_cursor(text in "\\PC{0,60}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert!(cursor.to_string().parse() == Ok(cursor));
            }
        }
    }
}
