//! `/`: what is going on right now. [`Control`] and [`Traffic`] are what the page is made from.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ReqData};
use maud::{Markup, html};

use super::alerts::UNRESOLVED;
use super::away::{self, told};
use super::chart::{self, Bars};
use super::destinations::{self, Known};
use super::error::{self, PageError};
use super::frame::{Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::recall::Recall;
use super::{Pages, alerts, when, words};
use crate::cases::{Alert, AlertFilter, MAX_PAGE, State};
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;
use crate::store::{NewDestination, Recent, Reporting};

/// What counts as new.
pub(super) const NEW: Duration = Duration::from_secs(30 * 86_400);

const MINUTE: Duration = Duration::from_secs(60);
const MINUTES: u16 = 60;
const THREE_HOURS: Duration = Duration::from_secs(3 * 3600);
const WEEK: u16 = 56;

/// Most alerts, merchants, destinations that are shown.
const ALERTS: usize = 6;
const MERCHANTS: usize = 10;
const DESTINATIONS: u32 = 12;

/// What the control state knows.
struct Control {
    alerts: Vec<Alert>,
    unresolved: usize,
    counts: BTreeMap<State, u32>,
    /// Merchants with the most unresolved alerts, and how many these are.
    hit: Vec<(String, u32)>,
    hit_in_all: usize,
    sites: u64,
    names: Names,
}

/// What ClickHouse knows.
struct Traffic {
    recent: Option<Recent>,
    minutes: Option<Bars>,
    week: Option<Bars>,
    reporting: Option<Reporting>,
    destinations: Option<Vec<NewDestination>>,
    known: Known,
}

pub(super) async fn get(
    pages: Data<Pages>,
    recall: Data<Recall>,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    let scope = access.caller().scope.clone();
    error::or_page(&reader, page(&pages, &recall, &reader, scope).await)
}

async fn page(
    pages: &Data<Pages>,
    recall: &Recall,
    reader: &Reader,
    scope: Scope,
) -> Result<Content, PageError> {
    let (inner, sight) = (Data::clone(pages), scope.clone());
    let control = web::block(move || control(&inner, &sight));
    let (control, traffic) = tokio::join!(control, traffic(pages, recall, &scope, reader.now));
    let (control, mut traffic) = (control??, traffic);
    if let Some(rows) = &traffic.destinations {
        let wanted = rows.iter().map(|row| row.destination.clone()).collect();
        traffic.known = destinations::known(pages, scope, wanted).await?;
    }
    Ok(Content {
        title: reader.t(words::OVERVIEW).to_owned(),
        place: Place::Overview,
        body: body(reader, &control, &traffic),
    })
}

fn control(pages: &Pages, scope: &Scope) -> Result<Control, PageError> {
    let filter = AlertFilter {
        states: UNRESOLVED.to_vec(),
        ..AlertFilter::default()
    };
    let mut found = pages.cases.alerts(scope, &filter, None, MAX_PAGE)?.alerts;
    let unresolved = found.len();
    // The newest stay first among equals.
    found.sort_by_key(|alert| std::cmp::Reverse(alert.campaign.severity));
    found.truncate(ALERTS);
    let mut hit: Vec<_> = pages.cases.unresolved_by_site(scope)?.into_iter().collect();
    let hit_in_all = hit.len();
    hit.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    hit.truncate(MERCHANTS);
    let ids: Vec<SiteId> = hit
        .iter()
        .filter_map(|(site, _)| SiteId::new(site).ok())
        .collect();
    let shown = found
        .iter()
        .flat_map(|alert| alert.campaign.sites.iter().take(3));
    let names = Names::of(&pages.registry, scope, shown.map(|it| &it.site).chain(&ids))?;
    Ok(Control {
        alerts: found,
        unresolved,
        counts: pages.cases.counts(scope)?,
        hit,
        hit_in_all,
        sites: pages.registry.site_count(scope)?,
        names,
    })
}

async fn traffic(pages: &Pages, recall: &Recall, scope: &Scope, now: Timestamp) -> Traffic {
    let store = &pages.store;
    let (hour, week) = (
        chart::begins(now, MINUTE, MINUTES),
        chart::begins(now, THREE_HOURS, WEEK),
    );
    let (recent, minutes, hours, reporting, destinations) = tokio::join!(
        store.recent(scope, now),
        store.series(scope, hour, MINUTE),
        store.series(scope, week, THREE_HOURS),
        store.reporting(scope, now),
        recall.destinations(pages, scope, now.minus(NEW), DESTINATIONS),
    );
    Traffic {
        recent: told(recent),
        minutes: told(minutes).map(|slices| Bars::new(hour, MINUTE, MINUTES, &slices)),
        week: told(hours).map(|slices| Bars::new(week, THREE_HOURS, WEEK, &slices)),
        reporting: told(reporting),
        destinations,
        known: Known::default(),
    }
}

fn body(reader: &Reader, control: &Control, traffic: &Traffic) -> Markup {
    let is_away = traffic.recent.is_none() || traffic.destinations.is_none();
    html! {
        (away::note(reader, is_away))
        h1 class="hidden" { (reader.t(words::OVERVIEW)) }
        section id="open" data-live { (open(reader, control)) }
        section id="intake" data-live { (intake(reader, traffic)) }
        div class="columns even" {
            section id="coverage" data-live { (coverage(reader, control, traffic)) }
            section id="states" data-live { (states(reader, control)) }
        }
        section id="destinations" data-live {
            h2 { (reader.t(words::NEW_DESTINATIONS)) }
            p class="quiet" { (reader.t(words::NEW_DESTINATIONS_MORE)) }
            (destinations::table(reader, traffic.destinations.as_deref(), &traffic.known, true))
        }
    }
}

fn open(reader: &Reader, control: &Control) -> Markup {
    if control.alerts.is_empty() {
        return html! {
            div class="calm" {
                p class="big" { (reader.t(words::NOTHING_OPEN)) }
                p { (reader.t(words::NOTHING_OPEN_MORE)) }
            }
        };
    }
    html! {
        h2 { (words::unresolved(reader.language, control.unresolved)) }
        (alerts::list(reader, &control.alerts, &control.names))
        @if control.unresolved > control.alerts.len() {
            p class="pager" { a href="/alerts" { (reader.t(words::ALL_UNRESOLVED)) } }
        }
    }
}

fn intake(reader: &Reader, traffic: &Traffic) -> Markup {
    let figure = |of: fn(&Recent) -> u64| traffic.recent.as_ref().map(of);
    html! {
        h2 { (reader.t(words::INTAKE)) }
        div class="tiles" {
            (tile(reader, figure(|it| it.minute), words::LAST_MINUTE))
            (tile(reader, figure(|it| it.hour), words::LAST_HOUR))
            (tile(reader, figure(|it| it.day), words::LAST_DAY))
        }
        div class="columns even" {
            @if let Some(bars) = &traffic.minutes { (bars.draw(reader, reader.t(words::BY_MINUTE))) }
            @if let Some(bars) = &traffic.week { (bars.draw(reader, reader.t(words::BY_THREE_HOURS))) }
        }
    }
}

fn coverage(reader: &Reader, control: &Control, traffic: &Traffic) -> Markup {
    let figure = |of: &dyn Fn(&Reporting) -> u64| traffic.reporting.as_ref().map(of);
    html! {
        h2 { (reader.t(words::COVERAGE)) }
        div class="tiles" {
            (tile(reader, figure(&|it| it.lately), words::REPORTING))
            (tile(reader, figure(&|it| it.ever.saturating_sub(it.lately)), words::SILENT))
            (tile(reader, figure(&|it| control.sites.saturating_sub(it.ever)), words::NEVER_REPORTED))
        }
    }
}

fn states(reader: &Reader, control: &Control) -> Markup {
    html! {
        h2 { (reader.t(words::ALERTS_BY_STATE)) }
        div class="tiles" {
            @for state in State::ALL {
                (tile(reader, Some(u64::from(control.counts.get(&state).copied().unwrap_or(0))), words::state(state)))
            }
        }
        @if !control.hit.is_empty() {
            h3 { (reader.t(words::MERCHANTS_WITH_ALERTS)) " (" (control.hit_in_all) ")" }
            ul class="inline" {
                @for (site, count) in &control.hit {
                    li { (control.names.link(site)) @if *count > 1 { " (" (count) ")" } }
                }
                @if control.hit_in_all > control.hit.len() {
                    li class="quiet" { (words::more(reader.language, control.hit_in_all - control.hit.len())) }
                }
            }
        }
    }
}

fn tile(reader: &Reader, value: Option<u64>, text: words::Text) -> Markup {
    html! {
        div class="tile" {
            span class="value" { @match value { Some(value) => (when::number(value)), None => "–" } }
            span class="label" { (reader.t(text)) }
        }
    }
}
