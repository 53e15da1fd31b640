//! `/alerts`: alerts by state, newest first; and how an alert looks in any list.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Data, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::error::{self, PageError};
use super::foreign::{code, foreign};
use super::frame::{Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::{Pages, when, words};
use crate::cases::{Alert, AlertFilter, AlertPage, Campaign, Cursor, Figures, State};
use crate::finding::{FindingKind, Severity};
use crate::language::Language;
use crate::scope::Scope;

const PAGE: u32 = 30;

/// Of which alerts the page says how they were dealt with.
const QUARTER: Duration = Duration::from_secs(90 * 24 * 3600);

/// Merchants that are named in a list; the others are counted.
const NAMED: usize = 3;

/// States of alerts that nobody has done with.
pub(super) const UNRESOLVED: [State; 3] = [State::Open, State::Acknowledged, State::Contained];

#[derive(Deserialize)]
struct Params {
    state: Option<String>,
    after: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Unresolved,
    Closed,
    All,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Unresolved, Self::Closed, Self::All];

    fn word(self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    fn text(self) -> words::Text {
        match self {
            Self::Unresolved => words::UNRESOLVED,
            Self::Closed => words::CLOSED_TAB,
            Self::All => words::ALL_TAB,
        }
    }

    fn states(self) -> Vec<State> {
        match self {
            Self::Unresolved => UNRESOLVED.to_vec(),
            Self::Closed => vec![State::Closed],
            Self::All => Vec::new(),
        }
    }
}

pub(super) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    error::or_page(&reader, page(&request, pages, &reader, &access).await)
}

async fn page(
    request: &HttpRequest,
    pages: Data<Pages>,
    reader: &Reader,
    access: &Access,
) -> Result<Content, PageError> {
    let params = Query::<Params>::from_query(request.query_string());
    let params = params.map_err(|_cause| PageError::NotFound)?.into_inner();
    let word = params.state.as_deref().unwrap_or("unresolved");
    let tab = Tab::ALL.into_iter().find(|tab| tab.word() == word);
    let tab = tab.ok_or(PageError::NotFound)?;
    let after: Option<Cursor> = match params.after.as_deref().map(str::parse) {
        None => None,
        Some(cursor) => Some(cursor.map_err(|_cause| PageError::NotFound)?),
    };
    let scope = access.caller().scope.clone();
    let now = reader.now;
    let (found, names, figures) = web::block(move || {
        let filter = AlertFilter {
            states: tab.states(),
            ..AlertFilter::default()
        };
        let found = pages.cases.alerts(&scope, &filter, after.as_ref(), PAGE)?;
        let names = names(&pages, &scope, &found.alerts)?;
        let span = (now.minus(QUARTER), now);
        let figures = pages.cases.performance(&scope, span)?.all;
        Ok::<_, PageError>((found, names, figures))
    })
    .await??;
    Ok(Content {
        title: reader.t(words::ALERTS).to_owned(),
        place: Place::Alerts,
        body: body(reader, tab, (&found, &figures), &names),
    })
}

fn body(
    reader: &Reader,
    tab: Tab,
    (found, figures): (&AlertPage, &Figures),
    names: &Names,
) -> Markup {
    html! {
        h1 { (reader.t(words::ALERTS)) }
        p class="quiet" { (dealt_with(reader, figures)) }
        nav class="tabs" aria-label=(reader.t(words::STATE)) {
            @for it in Tab::ALL {
                a href={ "/alerts?state=" (it.word()) } aria-current=[(it == tab).then_some("page")] {
                    (reader.t(it.text()))
                }
            }
        }
        div id="list" data-live {
            h2 class="hidden" { (reader.t(tab.text())) }
            @if found.alerts.is_empty() {
                div class={ @if tab == Tab::Unresolved { "calm" } @else { "empty" } } { p { (reader.t(words::NO_ALERTS)) } }
            } @else {
                (list(reader, &found.alerts, names))
            }
            @if let Some(next) = &found.next {
                p class="pager" {
                    a href={ "/alerts?state=" (tab.word()) "&after=" (next) } { (reader.t(words::OLDER)) }
                }
            }
        }
    }
}

/// The names that a list of alerts shows.
pub(super) fn names(pages: &Pages, scope: &Scope, alerts: &[Alert]) -> Result<Names, PageError> {
    let hits = alerts
        .iter()
        .flat_map(|alert| alert.campaign.sites.iter().take(NAMED));
    let registry = Arc::clone(&pages.registry);
    Ok(Names::of(&registry, scope, hits.map(|hit| &hit.site))?)
}

/// Alerts as entries of a list.
pub(super) fn list(reader: &Reader, alerts: &[Alert], names: &Names) -> Markup {
    html! { ul class="alerts" { @for alert in alerts { li { (entry(reader, alert, names)) } } } }
}

fn entry(reader: &Reader, alert: &Alert, names: &Names) -> Markup {
    let campaign = &alert.campaign;
    let class = format!(
        "alert {} {}",
        campaign.severity.as_str(),
        alert.state.as_str()
    );
    let count = campaign.sites.len() + campaign.others as usize;
    html! {
        article class=(class) {
            div class="badges" {
                (severity(reader, campaign.severity)) (state(reader, alert.state)) (due(reader, alert))
            }
            h3 { a href={ "/alerts/" (alert.id) } { (title(reader.language, campaign.kind, &campaign.destination)) } }
            p {
                strong { (words::merchants(reader.language, count)) } ": "
                (merchants(reader, campaign, names))
            }
            p class="quiet" {
                @if let Some(account) = &campaign.account { (reader.t(words::ACCOUNT)) " " (code(account)) " · " }
                (reader.t(words::SINCE)) " " (when::moment_ago(reader, campaign.first_seen))
                " · " (reader.t(words::RAISED)) " " (when::moment(alert.raised_at))
            }
        }
    }
}

/// The first merchants by name, and how many there are besides.
pub(super) fn merchants(reader: &Reader, campaign: &Campaign, names: &Names) -> Markup {
    let shown = campaign.sites.iter().take(NAMED);
    let left_out = campaign.sites.len() + campaign.others as usize - shown.len();
    html! {
        @for (i, hit) in shown.enumerate() {
            @if i > 0 { (reader.language.pick(", ", "、")) }
            (names.link(hit.site.as_str()))
        }
        @if left_out > 0 { " " (words::more(reader.language, left_out)) }
    }
}

/// What an alert is about, in words.
pub(super) fn title(language: Language, kind: FindingKind, destination: &str) -> Markup {
    let (before, after) = words::title(kind, language);
    html! { (before) span class="destination" { (foreign(destination)) } (after) }
}

/// How urgent it is.
pub(super) fn severity(reader: &Reader, severity: Severity) -> Markup {
    html! { span class={ "severity " (severity.as_str()) } { (reader.t(words::severity(severity))) } }
}

/// How far people are with it.
pub(super) fn state(reader: &Reader, state: State) -> Markup {
    html! { span class={ "state " (state.as_str()) } { (reader.t(words::state(state))) } }
}

/// How long it may still wait for somebody, or for how long it has waited too long.
pub(super) fn due(reader: &Reader, alert: &Alert) -> Markup {
    let left = alert.due_at.map(|due| due.0 - reader.now.0);
    let text = left.map(|left| words::due(reader.language, alert.state, left));
    let class = if left.is_some_and(|left| left < 0) {
        "due late"
    } else {
        "due"
    };
    html! { @if let Some(text) = text { span class=(class) { (text) } } }
}

/// How the alerts of a quarter were dealt with, in a sentence.
fn dealt_with(reader: &Reader, figures: &Figures) -> String {
    let look = figures
        .first_look
        .half
        .map(|ms| words::span(reader.language, ms));
    let close = figures
        .close
        .half
        .map(|ms| words::span(reader.language, ms));
    let counts = (figures.raised, figures.share_looked_at(), figures.overdue);
    words::dealt_with(reader.language, counts, (look.as_deref(), close.as_deref()))
}
