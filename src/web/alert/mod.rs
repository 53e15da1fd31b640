//! `/alerts/{id}`: what happened, to whom, since when, why it was raised, what to do. [`View`] is what the
//! page is made from.
//!
//! The rule: whoever comes here without having heard of it understands it within half a minute.

mod history;
mod hits;
mod reasons;
mod timeline;
mod triage;

pub(super) use triage::post;

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ReqData};
use maud::{Markup, html};

use super::alerts::{severity, state, title};
use super::away::{self, told};
use super::error::{self, PageError};
use super::foreign::{foreign, visible};
use super::frame::{Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::{Pages, reports, when, words};
use crate::cases::{Alert, Event};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::scope::Scope;
use crate::store::{ReportFilter, ReportRow, SiteSlice, SiteSpread};
use timeline::Span;

/// Merchants whose names are looked up and that have a row; the others are counted.
pub(super) const SHOWN: usize = 100;

/// What the page is made from.
struct View {
    alert: Alert,
    events: Vec<Event>,
    names: Names,
    span: Span,
    /// What is stored of it now, by site.
    spread: Option<BTreeMap<String, SiteSpread>>,
    slices: Option<Vec<SiteSlice>>,
    evidence: Option<Vec<ReportRow>>,
}

pub(super) async fn get(
    id: Path<String>,
    pages: Data<Pages>,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    let content = page(&id, &pages, &reader, &access).await;
    error::or_page(&reader, content)
}

async fn page(
    id: &str,
    pages: &Data<Pages>,
    reader: &Reader,
    access: &Access,
) -> Result<Content, PageError> {
    let id: AlertId = id.parse().map_err(|_cause| PageError::NotFound)?;
    let scope = &access.caller().scope;
    let view = load(pages, scope, id, reader.now).await?;
    let campaign = &view.alert.campaign;
    let (before, after) = words::title(campaign.kind, reader.language);
    Ok(Content {
        title: format!("{before}{}{after}", visible(&campaign.destination)),
        place: Place::Alerts,
        body: body(reader, access, &view),
    })
}

async fn load(
    pages: &Data<Pages>,
    scope: &Scope,
    id: AlertId,
    now: Timestamp,
) -> Result<View, PageError> {
    let (control, sight) = (Data::clone(pages), scope.clone());
    let (alert, events, names) = web::block(move || {
        let alert = control
            .cases
            .alert(&sight, &id)?
            .ok_or(PageError::NotFound)?;
        let events = control.cases.events(&sight, &id)?;
        let hits = alert.campaign.sites.iter().take(SHOWN);
        let names = Names::of(&control.registry, hits.map(|hit| &hit.site))?;
        Ok::<_, PageError>((alert, events, names))
    })
    .await??;
    let span = Span::of(&alert, now);
    let destination = alert.campaign.destination.as_str();
    let lanes = timeline::lanes(&alert);
    let filter = ReportFilter {
        destination: Some(destination.to_owned()),
        ..ReportFilter::default()
    };
    let (spread, slices, evidence) = tokio::join!(
        pages.store.spread(scope, destination, span.from),
        pages
            .store
            .spread_over_time(scope, (destination, &lanes), span.from, span.step),
        pages.store.reports(scope, &filter, None, reports::SHOWN),
    );
    let by_site = |rows: Vec<SiteSpread>| rows.into_iter().map(|row| (row.site.clone(), row));
    Ok(View {
        events,
        names,
        span,
        spread: told(spread).map(|rows| by_site(rows).collect()),
        slices: told(slices),
        evidence: told(evidence).map(|page| page.reports),
        alert,
    })
}

fn body(reader: &Reader, access: &Access, view: &View) -> Markup {
    let campaign = &view.alert.campaign;
    let is_away = view.spread.is_none() || view.slices.is_none() || view.evidence.is_none();
    html! {
        (away::note(reader, is_away))
        (head(reader, view))
        div class="columns" {
            section id="what" data-live {
                h2 { (reader.t(words::WHAT_HAPPENED)) }
                p class="lead" { (facts(reader, view).paragraph(reader.language)) }
            }
            section class="card steps" {
                h2 { (reader.t(words::TO_DO)) }
                ol { @for step in words::steps(campaign.kind) { li { (reader.t(step)) } } }
            }
        }
        section id="hits" data-live { (hits::section(reader, view)) }
        section id="timeline" data-live { (timeline::section(reader, view)) }
        div class="columns" {
            div {
                section id="why" data-live { (reasons::section(reader, campaign)) }
                section id="history" data-live { (history::section(reader, view)) }
            }
            section class="card" id="respond" data-live { (triage::forms(reader, access, &view.alert)) }
        }
        section id="evidence" data-live {
            h2 { (reader.t(words::EVIDENCE)) }
            p class="quiet" { (reader.t(words::EVIDENCE_MORE)) }
            (reports::table(reader, view.evidence.as_deref(), Some(&view.names)))
        }
    }
}

fn head(reader: &Reader, view: &View) -> Markup {
    let alert = &view.alert;
    let campaign = &alert.campaign;
    let count = campaign.sites.len() + campaign.others as usize;
    html! {
        header class={ "alert head " (campaign.severity.as_str()) " " (alert.state.as_str()) } id="head" data-live {
            div class="badges" { (severity(reader, campaign.severity)) (state(reader, alert.state)) }
            h1 { (title(reader.language, campaign.kind, &campaign.destination)) }
            dl class="facts" {
                div { dt { (reader.t(words::SINCE)) } dd { (when::moment_ago(reader, campaign.first_seen)) } }
                div { dt { (reader.t(words::RAISED)) } dd { (when::moment(alert.raised_at)) } }
                div { dt { (reader.t(words::MERCHANTS)) } dd { (count) } }
                div { dt { (reader.t(words::LAST_REPORT)) } dd { (when::moment_ago(reader, last(view))) } }
            }
        }
    }
}

/// The last report of it, as far as it is known now.
fn last(view: &View) -> Timestamp {
    let stored = view
        .spread
        .iter()
        .flat_map(BTreeMap::values)
        .map(|row| row.last);
    let stored = stored.max().map_or(Timestamp(0), Timestamp);
    stored.max(view.alert.campaign.last_seen)
}

fn facts(reader: &Reader, view: &View) -> words::Facts {
    let campaign = &view.alert.campaign;
    let sites = &campaign.sites;
    let spread = match sites.as_slice() {
        [first, .., last] => Some(last.first_seen.0 - first.first_seen.0),
        _ => None,
    };
    let figures = sites.iter().map(|hit| hits::seen_by(view, hit));
    let seen_by = figures.fold((0, 0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    words::Facts {
        kind: campaign.kind,
        destination: html! { strong class="destination" { (foreign(&campaign.destination)) } },
        merchants: sites.len(),
        others: campaign.others,
        first: sites.first().map(|hit| view.names.link(hit.site.as_str())),
        since: when::moment(campaign.first_seen),
        spread: spread.map(|ms| words::span(reader.language, ms)),
        seen_by,
        with_card: sites.iter().filter(|hit| hit.card_number).count(),
    }
}
