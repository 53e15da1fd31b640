//! A table of single reports, wherever some are shown.

use maud::{Markup, html};

use super::super::access::encoded;
use super::super::foreign::{code, foreign};
use super::super::names::Names;
use super::super::reader::Reader;
use super::super::when::Grain;
use super::super::words;
use crate::clock::Timestamp;
use crate::store::ReportRow;

/// Most reports in a table.
pub(in crate::web) const SHOWN: u32 = 20;

/// What a table shows besides what is always there.
#[derive(Clone, Copy)]
pub(in crate::web) struct Columns<'a> {
    /// Merchants, if the reports are of several.
    pub(in crate::web) names: Option<&'a Names>,
    /// How exactly moments are told.
    pub(in crate::web) grain: Grain,
    /// Whether the reports go to several destinations.
    pub(in crate::web) with_destination: bool,
}

/// The reports, each leading to its own page. The country stands there if it is known of any.
pub(in crate::web) fn table(
    reader: &Reader,
    rows: Option<&[ReportRow]>,
    columns: Columns<'_>,
) -> Markup {
    let Some(rows) = rows else {
        return html! { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } };
    };
    if rows.is_empty() {
        return html! { p class="quiet" { (reader.t(words::NO_REPORTS)) } };
    }
    let has_country = rows.iter().any(|row| !row.country.is_empty());
    html! {
        div class="scroll" tabindex="0" {
            table class="dense" {
                thead { tr {
                    th { (reader.t(words::TIME)) }
                    @if columns.names.is_some() { th { (reader.t(words::MERCHANT)) } }
                    @if columns.with_destination { th { (reader.t(words::DESTINATION)) } }
                    th { (reader.t(words::PAGE)) }
                    th { (reader.t(words::DIRECTIVE)) }
                    th { (reader.t(words::BLOCKED)) }
                    th { (reader.t(words::SOURCE)) }
                    th { (reader.t(words::BROWSER)) }
                    @if has_country { th { (reader.t(words::COUNTRY)) } }
                } }
                tbody { @for row in rows { (line(reader, row, columns, has_country)) } }
            }
        }
        p class="quiet" { (reader.t(words::MASKED)) }
    }
}

fn line(reader: &Reader, row: &ReportRow, columns: Columns<'_>, has_country: bool) -> Markup {
    html! {
        tr {
            td class="when" { a href={ "/reports/" (row.id) } { (columns.grain.moment(Timestamp(row.received_at))) } }
            @if let Some(names) = columns.names { td { (names.link(&row.site)) } }
            @if columns.with_destination {
                td class="destination" { a href={ "/destinations/" (encoded(&row.destination)) } { (foreign(&row.destination)) } }
            }
            td class="url" {
                (code(&format!("{}{}", row.document_host, row.document_path)))
                " " span class="tag" { (reader.t(words::page_kind(&row.page_kind))) }
            }
            td class="when" { (code(&row.directive)) }
            td class="url" { (code(&row.blocked)) }
            td class="url" { @if row.source.is_empty() { "–" } @else { (code(&place(row))) } }
            td { (browser(reader, row)) }
            @if has_country { td { @if row.country.is_empty() { "–" } @else { (foreign(&row.country)) } } }
        }
    }
}

pub(super) fn place(row: &ReportRow) -> String {
    match row.line {
        0 => row.source.clone(),
        line => format!("{}:{line}", row.source),
    }
}

pub(super) fn browser(reader: &Reader, row: &ReportRow) -> Markup {
    html! {
        (foreign(words::browser(reader.language, &row.browser)))
        @if row.browser_major > 0 { " " (row.browser_major) }
        @if row.mobile { " " span class="tag" { (reader.t(words::MOBILE)) } }
    }
}
