//! Where a destination is reported, in the order in which it came there.

use maud::{Markup, html};

use super::super::access::encoded;
use super::super::destinations;
use super::super::reader::Reader;
use super::super::{when, words};
use super::{MERCHANTS, View};
use crate::clock::Timestamp;
use crate::registry::TrustsOf;
use crate::store::{MAX_SPREAD, SiteSpread};

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    html! {
        h2 { (reader.t(words::WHERE_SEEN)) }
        @match view.spread.as_deref() {
            None => { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
            Some([]) => { p class="quiet" { (reader.t(words::NO_REPORTS)) } }
            Some(rows) => (table(reader, view, rows)),
        }
    }
}

fn table(reader: &Reader, view: &View, rows: &[SiteSpread]) -> Markup {
    let left_out = rows.len().saturating_sub(MERCHANTS);
    // Nobody knows how many more there are than are asked for.
    let is_cut = rows.len() >= MAX_SPREAD as usize;
    html! {
        div class="scroll" tabindex="0" {
            table {
                thead { tr {
                    th { (reader.t(words::MERCHANT)) }
                    th { (reader.t(words::FIRST_REPORT)) }
                    th { (reader.t(words::LAST_REPORT)) }
                    th class="figure" { (reader.t(words::BROWSERS)) }
                    th class="figure" { (reader.t(words::NETWORKS)) }
                    th class="figure" { (reader.t(words::BLOCKED_COUNT)) }
                    th class="figure" { (reader.t(words::REPORTS)) }
                } }
                tbody { @for row in rows.iter().take(MERCHANTS) { (line(reader, view, row)) } }
            }
        }
        @if is_cut { p class="quiet" { (words::at_least_more(reader.language, left_out as u64)) } }
        @else if left_out > 0 { p class="quiet" { (words::more(reader.language, left_out)) } }
    }
}

fn line(reader: &Reader, view: &View, row: &SiteSpread) -> Markup {
    let is_here = |of: &TrustsOf| matches!(of, TrustsOf::Site(site) if site.as_str() == row.site);
    let verdict = view.control.trusts.iter().find(|trust| is_here(&trust.of));
    let reports = format!(
        "/reports?site={}&destination={}&range=90d",
        encoded(&row.site),
        encoded(&view.name)
    );
    html! {
        tr {
            td {
                (view.names.link(&row.site))
                @if let Some(verdict) = verdict { " " (destinations::tag(reader, verdict.verdict)) }
            }
            td class="when" { (when::moment_ago(reader, Timestamp(row.first))) }
            td class="when" { (when::moment_ago(reader, Timestamp(row.last))) }
            td class="figure" { (when::counted(row.clients)) }
            td class="figure" { (when::counted(row.networks)) }
            td class="figure" { (when::number(row.enforced)) }
            td class="figure" { a href=(reports) { (when::number(row.reports)) } }
        }
    }
}
