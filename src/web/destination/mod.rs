//! `/destinations/{name}`: all that is known of a destination: where it came first, on which pages, who reports it,
//! what people decided about it. [`View`] is what the page is made from.
//!
//! The rule: whoever sees some of the sites sees what those saw, as if there were no others.

mod facets;
mod merchants;
mod rest;
mod verdicts;

pub(super) use verdicts::post;

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ReqData};
use maud::{Markup, html};

use super::away::{self, told};
use super::chart::{self, Bars};
use super::destinations;
use super::error::{self, PageError};
use super::foreign::{foreign, visible};
use super::frame::{self, Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::{Pages, alerts, when, words};
use crate::cases::Alert;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::normalize::registrable;
use crate::registry::{Decided, MAX_DOMAIN_BYTES, Trust};
use crate::scope::Scope;
use crate::store::{DestinationFilter, MOST_COUNTED, NewDestination, ReportFilter, SiteSpread};
use rest::Rest;

/// Merchants that have a row; the others are counted.
const MERCHANTS: usize = 100;

/// Most alerts that are shown, the newest.
const ALERTS: usize = 10;

const DAY: Duration = Duration::from_secs(86_400);

/// Days in the chart, and of what only reports themselves tell.
const DAYS: u16 = 60;
const LATELY: Duration = Duration::from_secs(30 * 86_400);

/// What the page is made from.
struct View {
    name: String,
    /// Whether it is a domain that can be decided about.
    is_domain: bool,
    control: Control,
    /// What the reports say of it; none within if nobody in scope reported it.
    total: Option<Option<NewDestination>>,
    spread: Option<Vec<SiteSpread>>,
    bars: Option<Bars>,
    names: Names,
}

/// What the control state knows.
struct Control {
    alerts: Vec<Alert>,
    alert_names: Names,
    trusts: Vec<Trust>,
    decided: Vec<Decided>,
}

pub(super) async fn get(
    name: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    match page(name.into_inner(), &pages, (&reader, &access), None).await {
        Ok((content, rest)) => frame::streamed(&reader, content, rest.read(pages)),
        Err(error) => error::page(&reader, error),
    }
}

/// The page after something was decided in vain: what was typed is still there.
async fn tried(
    name: String,
    pages: &Data<Pages>,
    who: (&Reader, &Access),
    tried: (verdicts::Deed, words::Text),
) -> Result<Content, PageError> {
    let (content, rest) = page(name, pages, who, Some(tried)).await?;
    let rest = rest.read(Data::clone(pages)).await;
    Ok(Content {
        body: html! { (content.body) (rest) },
        ..content
    })
}

async fn page(
    name: String,
    pages: &Data<Pages>,
    (reader, access): (&Reader, &Access),
    tried: Option<(verdicts::Deed, words::Text)>,
) -> Result<(Content, Rest), PageError> {
    if name.is_empty() || name.len() > MAX_DOMAIN_BYTES {
        return Err(PageError::NotFound);
    }
    let scope = &access.caller().scope;
    let view = load(name, pages, scope, reader.now).await?;
    // A domain that nobody reported can be decided about all the same.
    if matches!(view.total, Some(None)) && !view.is_domain {
        return Err(PageError::NotFound);
    }
    let mut forms = verdicts::Forms::of(pages, access, &view).await?;
    if let Some(tried) = tried {
        forms = forms.after(tried);
    }
    let content = Content {
        title: visible(&view.name),
        place: Place::Destinations,
        body: body((reader, access), &view, &forms),
    };
    // What everybody reports every day is told of a day alone.
    let total = view.total.iter().flatten();
    let is_frequent = total.into_iter().any(|it| it.reports > MOST_COUNTED);
    let rest = Rest {
        since: reader.now.minus(if is_frequent { DAY } else { LATELY }),
        scope: scope.clone(),
        reader: reader.clone(),
        name: view.name,
    };
    Ok((content, rest))
}

async fn load(
    name: String,
    pages: &Data<Pages>,
    scope: &Scope,
    now: Timestamp,
) -> Result<View, PageError> {
    let store = &pages.store;
    let (inner, sight, wanted) = (Data::clone(pages), scope.clone(), name.clone());
    let control = web::block(move || control(&inner, &sight, &wanted));
    let itself = DestinationFilter {
        names: Some(vec![name.clone()]),
        ..DestinationFilter::default()
    };
    let begin = chart::begins(now, DAY, DAYS);
    let by_day = ReportFilter {
        destinations: vec![name.clone()],
        since: Some(begin),
        ..ReportFilter::default()
    };
    let (control, total, spread, slices) = tokio::join!(
        control,
        store.destinations(scope, &itself, None, 1),
        store.spread_ever(scope, &name),
        store.histogram(scope, &by_day, DAY),
    );
    let spread = told(spread);
    let names = names(pages, scope, spread.as_deref()).await?;
    Ok(View {
        is_domain: registrable(&name).is_ok_and(|domain| domain == name),
        control: control??,
        total: told(total).map(|page| page.destinations.into_iter().next()),
        spread,
        bars: told(slices).map(|slices| Bars::new(begin, DAY, DAYS, &slices)),
        names,
        name,
    })
}

fn control(pages: &Pages, scope: &Scope, name: &str) -> Result<Control, PageError> {
    let about = pages.cases.by_destination(scope, &[name])?.remove(name);
    let mut found = Vec::new();
    for id in about.iter().flatten().rev().take(ALERTS) {
        found.extend(pages.cases.alert(scope, id)?);
    }
    Ok(Control {
        alert_names: alerts::names(pages, scope, &found)?,
        alerts: found,
        trusts: pages.registry.trusts_about(scope, name)?,
        decided: pages.registry.decided(scope, name)?,
    })
}

/// Of the sites that have a row.
async fn names(
    pages: &Data<Pages>,
    scope: &Scope,
    spread: Option<&[SiteSpread]>,
) -> Result<Names, PageError> {
    let rows = spread.unwrap_or_default().iter().take(MERCHANTS);
    let sites: Vec<SiteId> = rows.filter_map(|row| SiteId::new(&row.site).ok()).collect();
    let (pages, scope) = (Data::clone(pages), scope.clone());
    Ok(web::block(move || Names::of(&pages.registry, &scope, &sites)).await??)
}

fn body((reader, access): (&Reader, &Access), view: &View, forms: &verdicts::Forms) -> Markup {
    let is_away = view.total.is_none() || view.spread.is_none() || view.bars.is_none();
    html! {
        (away::note(reader, is_away))
        header class="head" id="head" data-live { (head(reader, view)) }
        section id="alerts" data-live {
            @if !view.control.alerts.is_empty() {
                h2 { (reader.t(words::ALERTS_ABOUT)) }
                (alerts::list(reader, &view.control.alerts, &view.control.alert_names))
            }
        }
        section id="over-time" data-live {
            @if let Some(bars) = &view.bars { (bars.draw(reader, reader.t(words::BY_DAY))) }
        }
        section id="merchants" data-live { (merchants::section(reader, view)) }
        (verdicts::section((reader, access), view, forms))
    }
}

fn head(reader: &Reader, view: &View) -> Markup {
    let trusts = &view.control.trusts;
    html! {
        h1 class="destination" {
            (foreign(&view.name))
            @for trust in trusts.iter().take(2) { " " (destinations::tag(reader, trust.verdict)) }
        }
        @match &view.total {
            None => { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
            Some(None) => { p { (reader.t(words::NEVER_SEEN)) } }
            Some(Some(total)) => {
                dl class="facts" {
                    (fact(reader, words::FIRST_REPORT, when::moment_ago(reader, Timestamp(total.first))))
                    (fact(reader, words::LAST_REPORT, when::moment_ago(reader, Timestamp(total.last))))
                    (fact(reader, words::MERCHANTS_HIT, html! { (when::number(total.sites)) }))
                    (fact(reader, words::BROWSERS, html! { (when::counted(total.clients)) }))
                    (fact(reader, words::NETWORKS, html! { (when::counted(total.networks)) }))
                    (fact(reader, words::REPORTS, html! { (when::number(total.reports)) }))
                }
            }
        }
    }
}

fn fact(reader: &Reader, text: words::Text, value: Markup) -> Markup {
    html! { div { dt { (reader.t(text)) } dd { (value) } } }
}
