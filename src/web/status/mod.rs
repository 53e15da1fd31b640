//! `/status`: what becomes of the reports on their way, in a sentence and in figures. [`View`] is what it is made from.
//!
//! The rule: figures of the installation are for whoever sees all of it; others see what became of the entries of their
//! own sites.

mod machine;
mod outcomes;
mod sentence;

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ReqData};
use maud::{Markup, html};

use super::away::{self, told};
use super::chart::{self, Bars};
use super::error::{self, PageError};
use super::frame::{Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::{Pages, tiles, when, words};
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::registry::{Caller, Told, WaitingNotices};
use crate::role::Right;
use crate::store::{BusySite, Counts, Feeding, Recent, ReportFilter};

use machine::Machine;

const MINUTE: Duration = Duration::from_secs(60);
const MINUTES: u16 = 60;
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// Sites and notices that are shown.
const SITES: u32 = 20;
const NOTICES: u32 = 10;

/// What the page is made from.
struct View {
    recent: Option<Recent>,
    minutes: Option<Bars>,
    outcomes: Option<Counts>,
    sites: Option<Vec<BusySite>>,
    /// What collectors delivered in the last hour.
    feeding: Option<Vec<Feeding>>,
    names: Names,
    /// The figures of this process, for whoever sees all of the installation.
    machine: Option<Machine>,
    /// For whoever looks after notices.
    notices: Option<Notices>,
}

/// What was told.
struct Notices {
    told: Vec<Told>,
    /// For whoever sees all of the installation.
    waiting: Option<WaitingNotices>,
}

pub(super) async fn get(
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let content = load(&pages, access.caller(), reader.now).await;
    let content = content.map(|view| Content {
        title: reader.t(words::STATUS_TAB).to_owned(),
        place: Place::Status,
        body: body(&reader, &view),
    });
    error::or_page(&reader, content)
}

async fn load(pages: &Data<Pages>, caller: &Caller, now: Timestamp) -> Result<View, PageError> {
    let (store, scope) = (&pages.store, &caller.scope);
    let begin = chart::begins(now, MINUTE, MINUTES);
    let of_hour = ReportFilter::since(begin);
    let (recent, minutes, outcomes, sites, feeding) = tokio::join!(
        store.recent(scope, now),
        store.histogram(scope, &of_hour, MINUTE),
        store.outcomes(scope, now.minus(DAY)),
        store.busy_sites(scope, now.minus(DAY), SITES),
        store.feeding(now.minus(HOUR)),
    );
    let sites = told(sites);
    let ids = sites.iter().flatten();
    let ids: Vec<SiteId> = ids.filter_map(|it| SiteId::new(&it.site).ok()).collect();
    let (control, caller) = (Data::clone(pages), caller.clone());
    let sees_all = caller.scope.portfolio().is_none();
    let (names, notices) = web::block(move || {
        let names = Names::of(&control.registry, &caller.scope, &ids)?;
        Ok::<_, PageError>((names, notices(&control, &caller)?))
    })
    .await??;
    Ok(View {
        recent: told(recent),
        minutes: told(minutes).map(|slices| Bars::new(begin, MINUTE, MINUTES, &slices)),
        outcomes: told(outcomes),
        sites,
        feeding: told(feeding),
        names,
        machine: sees_all.then(Machine::now),
        notices,
    })
}

/// What was told last, to the own organization or to all.
fn notices(pages: &Pages, caller: &Caller) -> Result<Option<Notices>, PageError> {
    let role = caller.role;
    if !role.may(Right::Manage) && !role.may(Right::Audit) {
        return Ok(None);
    }
    let sees_all = caller.scope.portfolio().is_none();
    let of = (!sees_all).then_some(&caller.organization);
    let told = pages.registry.told(of, NOTICES)?;
    let waiting = sees_all.then(|| pages.registry.waiting_notices());
    Ok(Some(Notices {
        told,
        waiting: waiting.transpose()?,
    }))
}

fn body(reader: &Reader, view: &View) -> Markup {
    let is_away = view.recent.is_none() || view.outcomes.is_none() || view.feeding.is_none();
    html! {
        (away::note(reader, is_away))
        h1 { (reader.t(words::STATUS_TAB)) }
        section id="sentence" data-live { (sentence::show(reader, view)) }
        section id="intake" data-live { (intake(reader, view)) }
        section id="outcomes" data-live { (outcomes::section(reader, view)) }
        section id="machine" data-live {
            @if let Some(machine) = &view.machine { (machine.show(reader, view.feeding.as_deref())) }
        }
        section id="notices" data-live {
            @if let Some(notices) = &view.notices { (notices_told(reader, notices)) }
        }
    }
}

fn intake(reader: &Reader, view: &View) -> Markup {
    html! {
        h2 { (reader.t(words::INTAKE)) }
        (tiles::intake(reader, view.recent.as_ref()))
        @if let Some(bars) = &view.minutes { (bars.draw(reader, reader.t(words::BY_MINUTE))) }
    }
}

fn notices_told(reader: &Reader, Notices { told, waiting }: &Notices) -> Markup {
    html! {
        h2 { (reader.t(words::LAST_NOTICES)) }
        @if let Some(waiting) = waiting {
            p {
                (words::notices_waiting(reader.language, u64::from(waiting.count)))
                @if let Some(oldest) = waiting.oldest { " " (reader.t(words::SINCE)) " " (when::moment_ago(reader, oldest)) }
            }
        }
        @if told.is_empty() { p class="quiet" { (reader.t(words::NO_NOTICES)) } }
        @else {
            div class="scroll" tabindex="0" { table {
                thead { tr {
                    th { (reader.t(words::TIME)) } th { (reader.t(words::CHANNEL)) }
                    th { (reader.t(words::ABOUT)) } th { (reader.t(words::WHAT_BECAME)) }
                } }
                tbody { @for it in told { tr {
                    td class="when" { (when::moment_ago(reader, it.at)) }
                    td { (super::foreign::foreign(&it.channel)) }
                    td {
                        (super::alerts::severity(reader, it.severity)) " "
                        @if let Some(alert) = &it.alert { a href={ "/alerts/" (alert) } { (reader.t(words::ALERT)) } }
                        @else { (reader.t(words::TEST_NOTICE)) }
                    }
                    td {
                        (reader.t(words::delivery_state(&it.state)))
                        @if let Some(at) = it.sent_at { " · " (when::moment(at)) }
                    }
                } } }
            } }
        }
    }
}
