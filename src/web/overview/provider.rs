//! The overview of whoever looks after many merchants. [`Control`] and [`Traffic`] are what the page is made from.

use std::time::Duration;

use actix_web::web::{self, Data};
use maud::{Markup, html};

use super::super::alerts::UNRESOLVED;
use super::super::away::{self, told};
use super::super::chart::{self, Bars};
use super::super::destinations::{self, Known};
use super::super::error::PageError;
use super::super::frame::{Content, Place};
use super::super::names::Names;
use super::super::reader::Reader;
use super::super::recall::Recall;
use super::super::{NEW, Pages, alerts, tiles, words};
use super::matrix::Matrix;
use super::{ages, coverage};
use crate::cases::{Alert, AlertFilter, Waiting};
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;
use crate::store::{Coverage, NewDestination, Recent, ReportFilter};

const MINUTE: Duration = Duration::from_secs(60);
const MINUTES: u16 = 60;
const THREE_HOURS: Duration = Duration::from_secs(3 * 3600);
const WEEK: u16 = 56;

/// Most alerts and destinations that are shown, and alerts that are looked through for the most urgent.
const ALERTS: usize = 6;
const LOOKED_THROUGH: u32 = 100;
const DESTINATIONS: u32 = 12;

/// What the control state knows.
struct Control {
    /// The most urgent first, the newest first among equals.
    alerts: Vec<Alert>,
    waiting: Vec<Waiting>,
    sites: u64,
    names: Names,
}

/// What ClickHouse knows.
struct Traffic {
    recent: Option<Recent>,
    minutes: Option<Bars>,
    week: Option<Bars>,
    coverage: Option<Coverage>,
    destinations: Option<Vec<NewDestination>>,
    known: Known,
}

pub(super) async fn page(
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
    let found = pages.cases.alerts(scope, &filter, None, LOOKED_THROUGH)?;
    let mut alerts = found.alerts;
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.campaign.severity));
    let in_matrix: Vec<SiteId> = Matrix::of(&alerts).sites().cloned().collect();
    let listed = alerts.iter().take(ALERTS);
    let listed = listed.flat_map(|alert| alert.campaign.sites.iter().take(3));
    let named = listed.map(|hit| &hit.site).chain(&in_matrix);
    let names = Names::of(&pages.registry, scope, named)?;
    Ok(Control {
        waiting: pages.cases.waiting(scope)?,
        sites: pages.registry.site_count(scope)?,
        names,
        alerts,
    })
}

async fn traffic(pages: &Pages, recall: &Recall, scope: &Scope, now: Timestamp) -> Traffic {
    let store = &pages.store;
    let (hour, week) = (
        chart::begins(now, MINUTE, MINUTES),
        chart::begins(now, THREE_HOURS, WEEK),
    );
    let (of_hour, of_week) = (ReportFilter::since(hour), ReportFilter::since(week));
    let (recent, minutes, hours, coverage, destinations) = tokio::join!(
        store.recent(scope, now),
        store.histogram(scope, &of_hour, MINUTE),
        store.histogram(scope, &of_week, THREE_HOURS),
        store.coverage(scope, now),
        recall.newest(pages, (scope, None), now.minus(NEW), DESTINATIONS),
    );
    Traffic {
        recent: told(recent),
        minutes: told(minutes).map(|slices| Bars::new(hour, MINUTE, MINUTES, &slices)),
        week: told(hours).map(|slices| Bars::new(week, THREE_HOURS, WEEK, &slices)),
        coverage: told(coverage),
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
        section id="matrix" data-live { (Matrix::of(&control.alerts).show(reader, &control.names)) }
        section id="ages" data-live { @if !control.waiting.is_empty() { (ages::table(reader, &control.waiting)) } }
        section id="coverage" data-live {
            (coverage::section(reader, (control.sites, traffic.coverage.as_ref())))
        }
        section id="intake" data-live { (intake(reader, traffic)) }
        section id="destinations" data-live {
            h2 { (reader.t(words::NEW_DESTINATIONS)) }
            p class="quiet" { (reader.t(words::NEW_DESTINATIONS_MORE)) }
            (destinations::table(reader, traffic.destinations.as_deref(), &traffic.known, true))
        }
    }
}

fn open(reader: &Reader, control: &Control) -> Markup {
    if control.waiting.is_empty() {
        return html! {
            div class="calm" {
                p class="big" { (reader.t(words::NOTHING_OPEN)) }
                p { (reader.t(words::NOTHING_OPEN_MORE)) }
            }
        };
    }
    let shown = control.alerts.get(..ALERTS).unwrap_or(&control.alerts);
    html! {
        h2 { (words::unresolved(reader.language, control.waiting.len())) }
        (alerts::list(reader, shown, &control.names))
        @if control.waiting.len() > shown.len() {
            p class="pager" { a href="/alerts" { (reader.t(words::ALL_UNRESOLVED)) } }
        }
    }
}

fn intake(reader: &Reader, traffic: &Traffic) -> Markup {
    html! {
        h2 { (reader.t(words::INTAKE)) }
        (tiles::intake(reader, traffic.recent.as_ref()))
        div class="columns even" {
            @if let Some(bars) = &traffic.minutes { (bars.draw(reader, reader.t(words::BY_MINUTE))) }
            @if let Some(bars) = &traffic.week { (bars.draw(reader, reader.t(words::BY_THREE_HOURS))) }
        }
    }
}
