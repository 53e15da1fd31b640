//! `/sites/{id}`: a merchant's site: whether it reports, what is open, the header to paste, what is new there; and what it
//! was seen to run and to send as policies.

mod policies;
mod questions;
mod scripts;
mod setup;

pub(super) use policies::get as policies;
pub(super) use scripts::get as scripts;

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ReqData};
use maud::{Markup, html};

use super::away::{self, told};
use super::destinations::{self, Known};
use super::error::{self, PageError};
use super::foreign::{code, foreign, visible};
use super::frame::{Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::recall::Recall;
use super::reports::Columns;
use super::when::Grain;
use super::{NEW, Pages, alerts, reports, when, words};
use crate::cases::{Alert, AlertFilter};
use crate::ids::SiteId;
use crate::registry::SiteEntry;
use crate::scope::Scope;
use crate::store::{NewDestination, ReportFilter, ReportRow, Reporting, SeenFilter, SiteActivity};
use setup::Setup;

/// Most alerts and destinations that are shown.
const ALERTS: u32 = 10;
const DESTINATIONS: u32 = 15;

/// What the page is made from.
struct View {
    entry: SiteEntry,
    alerts: Vec<Alert>,
    names: Names,
    activity: Option<BTreeMap<String, SiteActivity>>,
    destinations: Option<Vec<NewDestination>>,
    known: Known,
    reports: Option<Vec<ReportRow>>,
}

pub(super) async fn get(
    id: Path<String>,
    (pages, recall): (Data<Pages>, Data<Recall>),
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    let content = page(&id, (&pages, &recall), &reader, &access).await;
    error::or_page(&reader, content)
}

async fn page(
    id: &str,
    (pages, recall): (&Data<Pages>, &Recall),
    reader: &Reader,
    access: &Access,
) -> Result<Content, PageError> {
    let id = SiteId::new(id).map_err(|_cause| PageError::NotFound)?;
    let scope = &access.caller().scope;
    if !scope.sees(id.as_str()) {
        return Err(PageError::NotFound);
    }
    let view = load((pages, recall), scope, id, reader).await?;
    Ok(Content {
        title: visible(name(&view.entry)),
        place: Place::Sites,
        body: body(reader, &view, &pages.intake),
    })
}

async fn load(
    (pages, recall): (&Data<Pages>, &Recall),
    scope: &Scope,
    id: SiteId,
    reader: &Reader,
) -> Result<View, PageError> {
    let (control, sight, site) = (Data::clone(pages), scope.clone(), id.clone());
    let (entry, alerts, names) = web::block(move || {
        let entry = control
            .registry
            .site(&sight, &site)?
            .ok_or(PageError::NotFound)?;
        let filter = AlertFilter {
            site: Some(site),
            ..AlertFilter::default()
        };
        let found = control.cases.alerts(&sight, &filter, None, ALERTS)?.alerts;
        let names = alerts::names(&control, &sight, &found)?;
        Ok::<_, PageError>((entry, found, names))
    })
    .await??;
    let filter = ReportFilter {
        site: Some(id.clone()),
        ..ReportFilter::default()
    };
    let (since, ids) = (reader.now.minus(NEW), [id.clone()]);
    let (activity, fresh, newest) = tokio::join!(
        pages.store.activity(scope, Some(&ids), reader.now),
        recall.newest(pages, (scope, Some(&id)), since, DESTINATIONS),
        pages.store.reports(scope, &filter, None, reports::SHOWN),
    );
    let wanted = fresh
        .iter()
        .flatten()
        .map(|row| row.destination.clone())
        .collect();
    Ok(View {
        entry,
        alerts,
        names,
        activity: told(activity),
        known: destinations::known(pages, scope.clone(), wanted).await?,
        destinations: fresh,
        reports: told(newest).map(|page| page.reports),
    })
}

fn name(entry: &SiteEntry) -> &str {
    let name = Some(entry.record.name.trim()).filter(|name| !name.is_empty());
    name.unwrap_or(entry.record.id.as_str())
}

fn body(reader: &Reader, view: &View, intake: &str) -> Markup {
    let record = &view.entry.record;
    let columns = Columns {
        names: None,
        grain: Grain::Minute,
        with_destination: true,
    };
    html! {
        (away::note(reader, view.activity.is_none()))
        (head(reader, &view.entry))
        (tabs(reader, record.id.as_str(), Tab::Site))
        section id="status" data-live { (status(reader, view)) }
        section id="questions" data-live { (questions::section(reader, view)) }
        section id="alerts" data-live {
            @if !view.alerts.is_empty() {
                h2 { (reader.t(words::SITE_ALERTS)) }
                (alerts::list(reader, &view.alerts, &view.names))
            }
        }
        section id="setup" {
            h2 { (reader.t(words::SETUP)) }
            @match Setup::of(&view.entry, intake) {
                Some(setup) => (setup.show(reader)),
                None => { p class="problem" { (reader.t(words::NO_KEY)) } }
            }
        }
        section id="destinations" data-live {
            h2 { (reader.t(words::SITE_DESTINATIONS)) }
            (destinations::table(reader, view.destinations.as_deref(), &view.known, false))
        }
        section id="reports" data-live {
            h2 { (reader.t(words::SITE_REPORTS)) }
            (reports::table(reader, view.reports.as_deref(), columns))
            p class="pager" { a href={ "/reports?site=" (view.entry.record.id) } { (reader.t(words::SITE_ALL_REPORTS)) } }
        }
    }
}

fn head(reader: &Reader, entry: &SiteEntry) -> Markup {
    let record = &entry.record;
    html! {
        header class="head" {
            h1 { (foreign(name(entry))) }
            p class="quiet" {
                (code(record.id.as_str()))
                @if !record.domains.is_empty() { " · " (reader.t(words::DOMAINS)) ": " }
                @for (i, domain) in record.domains.iter().enumerate() { @if i > 0 { ", " } (foreign(domain)) }
            }
        }
    }
}

/// The pages about one site.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Site,
    Scripts,
    Policies,
}

fn tabs(reader: &Reader, site: &str, shown: Tab) -> Markup {
    let tabs = [
        (Tab::Site, "", words::SITE),
        (Tab::Scripts, "/scripts", words::SCRIPTS),
        (Tab::Policies, "/policies", words::POLICIES),
    ];
    html! {
        nav class="tabs" aria-label=(reader.t(words::SITE)) {
            @for (tab, path, text) in tabs {
                a href={ "/sites/" (site) (path) } aria-current=[(tab == shown).then_some("page")] { (reader.t(text)) }
            }
        }
    }
}

/// What was seen at a site in the time before now.
fn seen(reader: &Reader, entry: &SiteEntry, span: Duration) -> SeenFilter {
    SeenFilter {
        site: Some(entry.record.id.clone()),
        since: Some(reader.now.minus(span)),
        until: None,
    }
}

/// A page about what was seen at a site; nothing if that cannot be read now.
fn about(
    reader: &Reader,
    entry: &SiteEntry,
    shown: Tab,
    (more, seen): (words::Text, Option<Markup>),
) -> Content {
    Content {
        title: visible(name(entry)),
        place: Place::Sites,
        body: html! {
            (away::note(reader, seen.is_none()))
            (head(reader, entry))
            (tabs(reader, entry.record.id.as_str(), shown))
            p class="quiet" { (reader.t(more)) }
            @match seen {
                Some(seen) => (seen),
                None => { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
            }
        },
    }
}

/// The site of an address, if the reader may see it. Blocks on the disk.
async fn entry(pages: &Data<Pages>, access: &Access, id: &str) -> Result<SiteEntry, PageError> {
    let id = SiteId::new(id).map_err(|_cause| PageError::NotFound)?;
    let (control, scope) = (Data::clone(pages), access.caller().scope.clone());
    let found = web::block(move || control.registry.site(&scope, &id)).await??;
    found.ok_or(PageError::NotFound)
}

fn status(reader: &Reader, view: &View) -> Markup {
    let Some(activity) = &view.activity else {
        return html! { div class="status" { p class="big" { (reader.t(words::NO_STATUS)) } } };
    };
    let Some(found) = activity.get(view.entry.record.id.as_str()) else {
        return html! {
            div class="status waiting" {
                p class="big" { span class="dot" {} (reader.t(words::WAITING)) }
                p { (reader.t(words::WAITING_MORE)) }
            }
        };
    };
    let (class, text, more) = match found.reporting {
        Reporting::Sending => ("status arriving", words::ARRIVING, None),
        Reporting::Unclear => (
            "status",
            words::SITE_UNCLEAR,
            Some(words::SITE_UNCLEAR_MORE),
        ),
        Reporting::Silent => (
            "status silent",
            words::SITE_SILENT,
            Some(words::SITE_SILENT_MORE),
        ),
    };
    html! {
        div class=(class) {
            p class="big" { span class="dot" {} (reader.t(text)) }
            p {
                (reader.t(words::FIRST_REPORT)) " " (when::moment(found.first))
                " · " (reader.t(words::LAST_REPORT)) " " (when::moment_ago(reader, found.last))
                " · " (words::reports(reader.language, &when::number(found.reports)))
            }
            @if let Some(more) = more { p { (reader.t(more)) } }
        }
    }
}
