//! A table of destinations, wherever some are shown. Each leads to its own page, and to its alert if there is one.

use std::collections::BTreeMap;

use actix_web::web::{self, Data};
use maud::{Markup, html};

use super::super::access::encoded;
use super::super::error::PageError;
use super::super::foreign::foreign;
use super::super::reader::Reader;
use super::super::{Pages, when, words};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::Trust;
use crate::scope::Scope;
use crate::store::NewDestination;
use crate::trust::Verdict;

/// Which alert there is about a destination.
pub(in crate::web) type AlertsByDestination = BTreeMap<String, AlertId>;

/// What was decided about destinations, for sites that the reader sees.
pub(in crate::web) type VerdictsByDestination = BTreeMap<String, Vec<Trust>>;

/// What is known of destinations besides their reports.
#[derive(Debug, Default)]
pub(in crate::web) struct Known {
    pub(in crate::web) alerts: AlertsByDestination,
    pub(in crate::web) verdicts: VerdictsByDestination,
}

/// The destinations; with the number of merchants where there may be several.
pub(in crate::web) fn table(
    reader: &Reader,
    rows: Option<&[NewDestination]>,
    known: &Known,
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
                tbody { @for row in rows { (line(reader, row, known, with_merchants)) } }
            }
        }
    }
}

fn line(reader: &Reader, row: &NewDestination, known: &Known, with_merchants: bool) -> Markup {
    html! {
        tr {
            td class="destination" {
                a href={ "/destinations/" (encoded(&row.destination)) } { (foreign(&row.destination)) }
                @if let Some(id) = known.alerts.get(&row.destination) {
                    " " a class="tag bad" href={ "/alerts/" (id) } { (reader.t(words::ALERT)) }
                }
                @for verdict in stands(known.verdicts.get(&row.destination)) { " " (tag(reader, verdict)) }
            }
            td class="when" { (when::moment_ago(reader, Timestamp(row.first))) }
            @if with_merchants { td class="figure" { (when::number(row.sites)) } }
            td class="figure" { (when::counted(row.clients)) }
            td class="figure" { (when::counted(row.networks)) }
            td class="words" { @for kind in &row.page_kinds { span class="tag" { (reader.t(words::page_kind(kind))) } " " } }
            td class="figure" { (when::number(row.reports)) }
        }
    }
}

/// Which verdicts hold somewhere, whatever they are for.
fn stands(trusts: Option<&Vec<Trust>>) -> impl Iterator<Item = Verdict> {
    let trusts = trusts.map(Vec::as_slice).unwrap_or_default();
    let has = |verdict: &Verdict| trusts.iter().any(|trust| trust.verdict == *verdict);
    Verdict::ALL.into_iter().rev().filter(has)
}

/// A verdict beside what it is about.
pub(in crate::web) fn tag(reader: &Reader, verdict: Verdict) -> Markup {
    let (class, text) = match verdict {
        Verdict::Approved => ("tag good", words::APPROVED),
        Verdict::Blocked => ("tag bad", words::BLOCKED_TAG),
    };
    html! { span class=(class) { (reader.t(text)) } }
}

/// What is known of these destinations.
pub(in crate::web) async fn known(
    pages: &Data<Pages>,
    scope: Scope,
    destinations: Vec<String>,
) -> Result<Known, PageError> {
    let pages = Data::clone(pages);
    web::block(move || {
        let names: Vec<&str> = destinations.iter().map(String::as_str).collect();
        let found = pages.cases.by_destination(&scope, &names)?;
        let newest = found
            .into_iter()
            .filter_map(|(name, mut ids)| Some((name, ids.pop()?)));
        let mut verdicts = VerdictsByDestination::new();
        for name in &destinations {
            let trusts = pages.registry.trusts_about(&scope, name)?;
            verdicts.insert(name.clone(), trusts);
        }
        Ok(Known {
            alerts: newest.collect(),
            verdicts,
        })
    })
    .await?
}
