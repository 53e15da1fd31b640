//! A report's row as JSON, for those who look at a segment that is not in ClickHouse.

use serde_json::{Map, Value};

use super::codec::Reader;
use super::row::REPORT_COLUMNS;

/// The row with the names of its columns; none if it does not hold what they say. Times are milliseconds
/// since 1970.
pub fn report(row: &[u8]) -> Option<Map<String, Value>> {
    let mut reader = Reader::new(row);
    let column = |(name, kind): &(&str, &str)| {
        let value = value(&mut reader, kind)?;
        Some(((*name).to_owned(), value))
    };
    let columns = REPORT_COLUMNS.iter().map(column).collect::<Option<_>>()?;
    reader.is_at_end().then_some(columns)
}

fn value(reader: &mut Reader<'_>, kind: &str) -> Option<Value> {
    Some(match kind {
        "String" | "LowCardinality(String)" => reader.str()?.into(),
        "DateTime64(3, 'UTC')" => i64::from_le_bytes(reader.array()?).into(),
        "UInt64" => u64::from_le_bytes(reader.array()?).into(),
        "UInt32" => u32::from_le_bytes(reader.array()?).into(),
        "UInt16" => u16::from_le_bytes(reader.array()?).into(),
        "UInt8" => u8::from_le_bytes(reader.array()?).into(),
        "Bool" => (u8::from_le_bytes(reader.array()?) != 0).into(),
        "Array(LowCardinality(String))" => {
            let words = (0..reader.count()?).map(|_| reader.str().map(Value::from));
            Value::Array(words.collect::<Option<_>>()?)
        }
        // A column of a type that is new here.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::row::{Context, put_report};
    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::SiteId;
    use crate::normalize::Directive;
    use crate::redact::Report;

    #[test]
    fn every_column_is_shown() {
        let mut row = Vec::new();
        let context = Context {
            site: &SiteId::new("shop-1").expect("a plain id"),
            received_at: Timestamp(1_700_000_000_000),
            retention_days: 400,
        };
        let made_up = Report::made_up("skimmer.example", Directive::ConnectSrc);
        put_report(&mut row, &made_up, context);
        let shown = report(&row).expect("a whole row");
        assert_eq!(shown.len(), REPORT_COLUMNS.len());
        assert_eq!(shown["destination"], "skimmer.example");
        assert_eq!(shown["received_at"], 1_700_000_000_000_i64);
        assert_eq!(report(&row[..row.len() - 1]), None, "cut");
    }
}
