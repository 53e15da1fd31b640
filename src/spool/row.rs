//! Reports and policies as rows of ClickHouse's RowBinary format, so that delivering them is a copy.
//!
//! [`REPORT_COLUMNS`] is the contract with the store: a row of `reports` is collector, segment and index,
//! which the store prepends, and then these columns in this order.

use super::codec::{put_bytes, put_str, put_varint};
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::redact::{PolicyText, Report};

/// Name and type of the columns of a report's row.
pub const REPORT_COLUMNS: &[(&str, &str)] = &[
    ("received_at", "DateTime64(3, 'UTC')"),
    ("occurred_at", "DateTime64(3, 'UTC')"),
    ("site", "LowCardinality(String)"),
    ("retention", "UInt16"),
    ("type", "LowCardinality(String)"),
    ("format", "LowCardinality(String)"),
    ("destination", "String"),
    ("host", "String"),
    ("directive", "LowCardinality(String)"),
    ("disposition", "LowCardinality(String)"),
    ("page_kind", "LowCardinality(String)"),
    ("tampering", "LowCardinality(String)"),
    ("labels", "Array(LowCardinality(String))"),
    ("document_host", "LowCardinality(String)"),
    ("document_path", "String"),
    ("blocked", "String"),
    ("source", "String"),
    ("line", "UInt32"),
    ("column", "UInt32"),
    ("sample", "String"),
    ("policy", "UInt64"),
    ("referrer_host", "LowCardinality(String)"),
    ("status_code", "UInt16"),
    ("client", "UInt64"),
    ("network", "UInt64"),
    ("country", "LowCardinality(String)"),
    ("asn", "UInt32"),
    ("browser", "LowCardinality(String)"),
    ("browser_major", "UInt16"),
    ("mobile", "Bool"),
    ("card_brand", "LowCardinality(String)"),
    ("card_length", "UInt8"),
    ("card_encoding", "LowCardinality(String)"),
    ("body", "String"),
];

/// Name and type of the columns of a policy's row.
pub const POLICY_COLUMNS: &[(&str, &str)] = &[
    ("hash", "UInt64"),
    ("text", "String"),
    ("seen", "DateTime64(3, 'UTC')"),
];

/// What a row holds besides the report itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// Whose report it is.
    pub(super) site: &'a SiteId,
    /// When it came.
    pub(super) received_at: Timestamp,
    /// How long to keep it.
    pub(super) retention_days: u16,
}

/// Appends a report's row.
pub(super) fn put_report(out: &mut Vec<u8>, report: &Report, context: Context<'_>) {
    put_time(out, context.received_at);
    put_time(out, context.received_at.minus(report.age()));
    put_str(out, context.site.as_str());
    out.extend_from_slice(&context.retention_days.to_le_bytes());
    put_str(out, report.report_type());
    put_str(out, report.shape().as_str());
    put_str(out, report.destination());
    put_str(out, report.host());
    put_str(out, report.directive().as_str());
    put_str(out, report.disposition().as_str());
    put_str(out, report.page_kind().as_str());
    put_str(out, report.tampering().as_str());
    let labels = report.labels();
    put_varint(out, labels.len() as u64);
    for label in labels.iter() {
        put_str(out, label.as_str());
    }
    put_evidence(out, report);
    put_visitor(out, report);
    let card = report.card_number();
    put_str(out, card.map_or("", |card| card.brand));
    out.push(card.map_or(0, |card| card.length));
    put_str(out, card.map_or("", |card| card.encoding));
    put_str(out, report.body());
}

fn put_evidence(out: &mut Vec<u8>, report: &Report) {
    put_str(out, report.document_host());
    put_str(out, report.document_path());
    put_str(out, report.blocked());
    put_str(out, report.source());
    out.extend_from_slice(&report.line().to_le_bytes());
    out.extend_from_slice(&report.column().to_le_bytes());
    put_str(out, report.sample());
    let policy = report.policy().map_or(0, |policy| policy.hash);
    out.extend_from_slice(&policy.to_le_bytes());
    put_str(out, report.referrer_host());
    out.extend_from_slice(&report.status_code().to_le_bytes());
}

fn put_visitor(out: &mut Vec<u8>, report: &Report) {
    let visitor = &report.visitor();
    out.extend_from_slice(&visitor.client.to_le_bytes());
    out.extend_from_slice(&visitor.network.to_le_bytes());
    put_bytes(out, visitor.country.trim_ascii());
    out.extend_from_slice(&visitor.asn.to_le_bytes());
    put_str(out, visitor.browser.family.as_str());
    out.extend_from_slice(&visitor.browser.major.to_le_bytes());
    out.push(u8::from(visitor.browser.mobile));
}

/// Appends a policy's row.
pub(super) fn put_policy(out: &mut Vec<u8>, policy: &PolicyText, seen: Timestamp) {
    out.extend_from_slice(&policy.hash.to_le_bytes());
    put_str(out, &policy.text);
    put_time(out, seen);
}

fn put_time(out: &mut Vec<u8>, time: Timestamp) {
    out.extend_from_slice(&time.0.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::normalize::{Directive, Label};
    use crate::redact::CardNumber;
    use crate::spool::codec::Reader;

    /// Reads a row as ClickHouse would, by nothing but the names and types of the columns.
    fn shown(row: &[u8], columns: &[(&str, &str)]) -> String {
        let mut reader = Reader::new(row);
        let mut text = String::new();
        for (name, kind) in columns {
            let value = value(&mut reader, kind).unwrap_or_else(|| panic!("{name} is cut"));
            writeln!(text, "{name}: {value}").unwrap();
        }
        assert!(reader.is_at_end(), "bytes are left after the last column");
        text
    }

    fn value(reader: &mut Reader<'_>, kind: &str) -> Option<String> {
        let plain = kind
            .strip_prefix("LowCardinality(")
            .and_then(|kind| kind.strip_suffix(')'))
            .unwrap_or(kind);
        Some(match plain {
            "String" => format!("{:?}", reader.str()?),
            "DateTime64(3, 'UTC')" => i64::from_le_bytes(reader.array()?).to_string(),
            "UInt64" => u64::from_le_bytes(reader.array()?).to_string(),
            "UInt32" => u32::from_le_bytes(reader.array()?).to_string(),
            "UInt16" => u16::from_le_bytes(reader.array()?).to_string(),
            "UInt8" | "Bool" => u8::from_le_bytes(reader.array()?).to_string(),
            "Array(LowCardinality(String))" => {
                let words: Option<Vec<_>> = (0..reader.varint()?).map(|_| reader.str()).collect();
                format!("{:?}", words?)
            }
            other => panic!("no reader for {other}"),
        })
    }

    fn row(report: &Report) -> Vec<u8> {
        let mut row = Vec::new();
        let context = Context {
            site: &SiteId::new("shop-1").unwrap(),
            received_at: Timestamp(1_700_000_000_000),
            retention_days: 400,
        };
        put_report(&mut row, report, context);
        row
    }

    #[test]
    fn a_row_is_what_its_columns_say() {
        let mut report = Report::made_up("skimmer.example", Directive::ConnectSrc)
            .with_card_number(CardNumber {
                brand: "jcb",
                length: 16,
                encoding: "base64",
            });
        report.mark_repeat();
        assert!(report.labels().contains(Label::Repeat));
        insta::assert_snapshot!(shown(&row(&report), REPORT_COLUMNS));
    }

    #[test]
    fn what_is_unknown_is_empty_or_zero() {
        let report = Report::made_up("none", Directive::None).with_policy(None);
        let text = shown(&row(&report), REPORT_COLUMNS);
        for line in [
            "labels: []",
            "policy: 0",
            "card_brand: \"\"",
            "card_length: 0",
        ] {
            assert!(text.lines().any(|got| got == line), "{line} in {text}");
        }
    }

    #[test]
    fn a_policy_is_what_its_columns_say() {
        let policy = PolicyText {
            hash: 7,
            text: "default-src 'self'; report-uri /r".to_owned(),
        };
        let mut row = Vec::new();
        put_policy(&mut row, &policy, Timestamp(5));
        assert_eq!(
            shown(&row, POLICY_COLUMNS),
            "hash: 7\ntext: \"default-src 'self'; report-uri /r\"\nseen: 5\n"
        );
    }
}
