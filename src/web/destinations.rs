//! A table of destinations that are new.

use std::collections::BTreeMap;

use actix_web::web::{self, Data};
use maud::{Markup, html};

use super::error::PageError;
use super::foreign::foreign;
use super::reader::Reader;
use super::{Pages, when, words};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::scope::Scope;
use crate::store::NewDestination;

/// Which alert there is about a destination.
pub(super) type AlertsByDestination = BTreeMap<String, AlertId>;

/// The destinations; with the number of merchants where there may be several.
pub(super) fn table(
    reader: &Reader,
    rows: Option<&[NewDestination]>,
    alerts: &AlertsByDestination,
    with_merchants: bool,
) -> Markup {
    let Some(rows) = rows else {
        return html! { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } };
    };
    if rows.is_empty() {
        return html! { p class="quiet" { (reader.t(words::NO_NEW_DESTINATIONS)) } };
    }
    html! {
        div class="scroll" tabindex="0" {
            table {
                thead { tr {
                    th { (reader.t(words::DESTINATION)) }
                    th { (reader.t(words::FIRST_REPORT)) }
                    @if with_merchants { th class="figure" { (reader.t(words::MERCHANTS_HIT)) } }
                    th class="figure" { (reader.t(words::BROWSERS)) }
                    th class="figure" { (reader.t(words::NETWORKS)) }
                    th { (reader.t(words::PAGE_KINDS)) }
                    th class="figure" { (reader.t(words::REPORTS)) }
                } }
                tbody { @for row in rows { (line(reader, row, alerts, with_merchants)) } }
            }
        }
    }
}

fn line(
    reader: &Reader,
    row: &NewDestination,
    alerts: &AlertsByDestination,
    with_merchants: bool,
) -> Markup {
    html! {
        tr {
            td class="destination" {
                @if let Some(id) = alerts.get(&row.destination) {
                    a href={ "/alerts/" (id) } { (foreign(&row.destination)) }
                    " " span class="tag bad" { (reader.t(words::ALERT)) }
                } @else { (foreign(&row.destination)) }
            }
            td class="when" { (when::moment_ago(reader, Timestamp(row.first))) }
            @if with_merchants { td class="figure" { (when::number(row.sites)) } }
            td class="figure" { (when::number(row.clients)) }
            td class="figure" { (when::number(row.networks)) }
            td class="words" { @for kind in &row.page_kinds { span class="tag" { (reader.t(words::page_kind(kind))) } " " } }
            td class="figure" { (when::number(row.reports)) }
        }
    }
}

/// The alerts that there are about these destinations.
pub(super) async fn alerts(
    pages: &Data<Pages>,
    scope: Scope,
    destinations: Vec<String>,
) -> Result<AlertsByDestination, PageError> {
    let pages = Data::clone(pages);
    web::block(move || {
        let names: Vec<&str> = destinations.iter().map(String::as_str).collect();
        let found = pages.cases.by_destination(&scope, &names)?;
        let newest = found
            .into_iter()
            .filter_map(|(name, mut ids)| Some((name, ids.pop()?)));
        Ok(newest.collect())
    })
    .await?
}
