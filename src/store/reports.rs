//! Stored reports, newest first, a page at a time.

use std::fmt;
use std::str::FromStr;

use clickhouse::Row;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use super::client::{Store, within};
use super::conditions::Conditions;
use super::error::StoreError;
use super::queries;
use super::spread::OF_DESTINATIONS;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;

/// Most reports on one page.
pub const MAX_REPORTS: u32 = 1000;

/// Which reports. What is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    /// Of this site.
    pub site: Option<SiteId>,
    /// To one of these destinations: registrable domains, bare schemes, `inline`, `eval`, `none`. Empty: to any.
    pub destinations: Vec<String>,
    /// To this host.
    pub host: Option<String>,
    /// With this label.
    pub label: Option<String>,
    /// Of this directive.
    pub directive: Option<String>,
    /// On this kind of page.
    pub page_kind: Option<String>,
    /// Of this report type.
    pub report_type: Option<String>,
    /// Received at this moment or later.
    pub since: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
}

/// Where a page ended. Its text is opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    received_at: i64,
    collector: uuid::Uuid,
    segment: u64,
    index: u32,
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
        let conditions = conditions(self.within(scope).await?, filter, after);
        let sql = format!(
            "{}{}{}",
            queries::REPORTS,
            conditions.clause(),
            queries::NEWEST_FIRST
        );
        let query = conditions
            .fill(self.reader().query(&sql))
            .param("limit", limit);
        let reports = within(self.read_timeout, query.fetch_all::<ReportRow>()).await?;
        let full = reports.len() >= limit as usize;
        let next = reports.last().filter(|_| full).and_then(Cursor::at);
        Ok(ReportPage { reports, next })
    }
}

/// Adds what a filter asks for to the scope.
pub(super) fn conditions(
    mut all: Conditions,
    filter: &ReportFilter,
    after: Option<&Cursor>,
) -> Conditions {
    let site = filter.site.as_ref().map(SiteId::as_str);
    all.text("site = {site:String}", "site", site);
    if !filter.destinations.is_empty() {
        all.texts(OF_DESTINATIONS, "destinations", filter.destinations.clone());
    }
    all.text("host = {host:String}", "host", filter.host.as_deref());
    all.text(
        "has(labels, {label:String})",
        "label",
        filter.label.as_deref(),
    );
    all.text(
        "directive = {directive:String}",
        "directive",
        filter.directive.as_deref(),
    );
    all.text(
        "page_kind = {page_kind:String}",
        "page_kind",
        filter.page_kind.as_deref(),
    );
    all.text(
        "type = {type:String}",
        "type",
        filter.report_type.as_deref(),
    );
    all.number(
        "received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')",
        "since",
        filter.since.map(|t| t.0),
    );
    all.number(
        "received_at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')",
        "until",
        filter.until.map(|t| t.0),
    );
    if let Some(cursor) = after {
        cursor.add_to(&mut all);
    }
    all
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
            Some(&self.collector.to_string()),
        );
        all.value("c_segment", self.segment);
        all.value("c_index", u64::from(self.index));
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            received_at,
            collector,
            segment,
            index,
        } = self;
        write!(f, "{received_at}-{collector}-{segment:016x}-{index}")
    }
}

/// A text that is not a cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor: give back `next` of an earlier answer, as it was")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let parse = || {
            let (received_at, rest) = text.split_once('-')?;
            let (rest, index) = rest.rsplit_once('-')?;
            let (collector, segment) = rest.rsplit_once('-')?;
            Some(Self {
                received_at: received_at.parse().ok()?,
                collector: collector.parse().ok()?,
                segment: u64::from_str_radix(segment, 16).ok()?,
                index: index.parse().ok()?,
            })
        };
        parse().ok_or(InvalidCursor)
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
            let cursor = Cursor { received_at, collector, segment, index };
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
