//! What browsers keep back, as far as the evidence shows it: whoever looks should not take silence for an answer.
//!
//! Which browser tells what was measured with real ones, see `tests/fixtures/reports`.

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::words;
use crate::store::ReportRow;

/// Something that is missing, and in which reports it would have been expected.
struct Gap {
    text: words::Text,
    is_missing: fn(&ReportRow) -> bool,
}

const GAPS: [Gap; 4] = [
    Gap {
        text: words::NO_SOURCE,
        is_missing: |row| row.source.is_empty(),
    },
    Gap {
        text: words::ORIGIN_ONLY,
        is_missing: is_origin_only,
    },
    Gap {
        text: words::NO_SAMPLE,
        is_missing: |row| {
            matches!(row.destination.as_str(), "inline" | "eval") && row.sample.is_empty()
        },
    },
    Gap {
        text: words::NO_CLIENT,
        is_missing: |row| row.client == 0,
    },
];

pub(super) fn section(reader: &Reader, rows: &[ReportRow]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    html! {
        h3 { (reader.t(words::WITHHELD)) }
        ul class="notes" {
            @for gap in GAPS {
                @let missing = rows.iter().filter(|row| (gap.is_missing)(row)).count();
                @if missing > 0 {
                    li { (words::in_reports(reader.language, missing, rows.len())) " " (reader.t(gap.text)) }
                }
            }
            li { (reader.t(words::NEVER_TOLD)) }
        }
    }
}

/// A scheme and a host, and nothing behind it.
fn is_origin_only(row: &ReportRow) -> bool {
    let rest = row.blocked.split_once("://").map(|(_, rest)| rest);
    rest.is_some_and(|rest| !rest.trim_end_matches('/').contains('/') && !rest.contains('?'))
}
