//! `/alerts/{id}`: what happened, to whom, since when, why it was raised, what to do. [`View`] is what the
//! page is made from.
//!
//! The rule: whoever comes here without having heard of it understands it within half a minute.

mod evidence;
mod exposure;
mod head;
mod history;
mod hits;
mod members;
mod reasons;
mod story;
mod timeline;
mod triage;
mod withheld;

pub(super) use triage::post;

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ReqData};
use maud::{Markup, html};

use super::away::{self, told};
use super::error::{self, PageError};
use super::foreign::visible;
use super::frame::{self, Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::when::Grain;
use super::{Pages, words};
use crate::cases::{Alert, Event};
use crate::clock::Timestamp;
use crate::detect;
use crate::ids::AlertId;
use crate::registry::User;
use crate::scope::Scope;
use crate::store::{NamedSource, ReportFilter, SiteSlice, SiteSpread};
use evidence::Rest;
use timeline::Span;

/// Merchants whose names are looked up and that have a row; the others are counted.
pub(super) const SHOWN: usize = 100;

const HOUR: Duration = Duration::from_secs(3600);

/// What the page is made from.
struct View {
    alert: Alert,
    events: Vec<Event>,
    names: Names,
    span: Span,
    /// How exactly moments are told.
    grain: Grain,
    /// What is stored of it now, by site.
    spread: Option<BTreeMap<String, SiteSpread>>,
    slices: Option<Vec<SiteSlice>>,
    /// The scripts that browsers name, those of the most merchants first.
    sources: Option<Vec<NamedSource>>,
    /// Page views that canaries counted since it began, by site.
    canaries: Option<BTreeMap<String, u64>>,
    /// Who may look after it.
    people: Vec<User>,
    /// The settings by which detection judges.
    detect: detect::Config,
}

pub(super) async fn get(
    id: Path<String>,
    pages: Data<Pages>,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    match page(&id, &pages, &reader, &access).await {
        Ok((content, rest)) => frame::streamed(&reader, content, rest.read(pages)),
        Err(error) => error::page(&reader, error),
    }
}

async fn page(
    id: &str,
    pages: &Data<Pages>,
    reader: &Reader,
    access: &Access,
) -> Result<(Content, Rest), PageError> {
    let id: AlertId = id.parse().map_err(|_cause| PageError::NotFound)?;
    let scope = &access.caller().scope;
    let view = load(pages, scope, id, reader.now).await?;
    let campaign = &view.alert.campaign;
    let (before, after) = words::title(campaign.kind, reader.language);
    let content = Content {
        title: format!("{before}{}{after}", visible(&campaign.destination)),
        place: Place::Alerts,
        body: body(reader, access, &view),
    };
    let destinations = destinations(&view.alert);
    let rest = Rest {
        filter: ReportFilter {
            destinations: destinations.iter().map(|&name| name.to_owned()).collect(),
            ..ReportFilter::default()
        },
        grain: view.grain,
        scope: scope.clone(),
        reader: reader.clone(),
        names: view.names,
    };
    Ok((content, rest))
}

async fn load(
    pages: &Data<Pages>,
    scope: &Scope,
    id: AlertId,
    now: Timestamp,
) -> Result<View, PageError> {
    let (control, sight) = (Data::clone(pages), scope.clone());
    let (alert, events, names, people) = web::block(move || {
        let alert = control
            .cases
            .alert(&sight, &id)?
            .ok_or(PageError::NotFound)?;
        let events = control.cases.events(&sight, &id)?;
        let hits = alert.campaign.sites.iter().take(SHOWN);
        let names = Names::of(&control.registry, &sight, hits.map(|hit| &hit.site))?;
        let people = triage::people(&control, &sight)?;
        Ok::<_, PageError>((alert, events, names, people))
    })
    .await??;
    let span = Span::of(&alert, now);
    let destinations = destinations(&alert);
    let lanes = timeline::lanes(&alert);
    let (spread, slices, sources, canaries) = tokio::join!(
        pages.store.spread(scope, &destinations, span.from),
        pages
            .store
            .spread_over_time(scope, (&destinations, &lanes), span.from, span.step),
        pages.store.sources(scope, &destinations, span.from),
        pages.store.canary_views(scope, &lanes, span.from),
    );
    let by_site = |rows: Vec<SiteSpread>| rows.into_iter().map(|row| (row.site.clone(), row));
    Ok(View {
        events,
        names,
        span,
        grain: grain(&alert),
        spread: told(spread).map(|rows| by_site(rows).collect()),
        slices: told(slices),
        sources: told(sources),
        canaries: told(canaries),
        people,
        detect: pages.detect.clone(),
        alert,
    })
}

/// All that belong to it, as many as are shown.
fn destinations(alert: &Alert) -> Vec<&str> {
    let campaign = &alert.campaign;
    let others = campaign
        .members
        .iter()
        .take(SHOWN)
        .map(|it| it.destination.as_str());
    let mut all = vec![campaign.destination.as_str()];
    all.extend(others.filter(|it| *it != campaign.destination));
    all
}

fn body(reader: &Reader, access: &Access, view: &View) -> Markup {
    let is_away = view.spread.is_none() || view.slices.is_none() || view.sources.is_none();
    html! {
        (away::note(reader, is_away))
        (head::head(reader, view))
        div class="columns" {
            section id="what" data-live { (story::what_happened(reader, view)) }
            section class="card steps" id="steps" data-live { (story::what_to_do(reader, (access, view))) }
        }
        section id="members" data-live { (members::section(reader, view)) }
        section id="hits" data-live { (hits::section(reader, view)) }
        section id="exposure" data-live { (exposure::section(reader, view)) }
        section id="timeline" data-live { (timeline::section(reader, view)) }
        div class="columns" {
            div {
                section id="why" data-live { (reasons::section(reader, view)) }
                section id="history" data-live { (history::section(reader, view)) }
            }
            section class="card" id="respond" data-live { (triage::forms(reader, access, (&view.alert, &view.people))) }
        }
    }
}

/// Seconds tell apart what came within an hour: the first report at each merchant, and the alert.
fn grain(alert: &Alert) -> Grain {
    let campaign = &alert.campaign;
    let firsts = campaign.sites.iter().map(|hit| hit.first_seen);
    let last = firsts.fold(alert.raised_at, Timestamp::max);
    if last.minus(HOUR) < campaign.first_seen {
        Grain::Second
    } else {
        Grain::Minute
    }
}
