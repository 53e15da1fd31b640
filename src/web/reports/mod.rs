//! `/reports`: stored reports by anything that stands in them, over time, page by page. [`Asked`] is what is asked for,
//! and the query string holds all of it, so that an address can be passed on.

mod ask;
mod file;
mod form;
mod one;
mod table;

pub use file::Desk;
pub(super) use file::get as file;
pub(super) use one::get as one;
pub(super) use table::{Columns, SHOWN, table};

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};

use self::ask::{Asked, Field, Meant, Wrong};
use super::away::{self, told};
use super::chart::Bars;
use super::frame::{self, Content, Place};
use super::names::Names;
use super::reader::{Access, Reader};
use super::when::Grain;
use super::{Pages, words};
use crate::clock::Timestamp;
use crate::scope::Scope;
use crate::store::{ExportFormat, ReportPage, Slice};

/// Reports on one page.
const PAGE: u32 = 25;

/// Most bars, and how long each may be, in seconds.
const BARS: i64 = 72;
const STEPS: [i64; 13] = [
    1, 10, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 172_800, 604_800,
];

/// What is read after the rest of the page is there: the reports.
struct Rest {
    asked: Asked,
    meant: Meant,
    scope: Scope,
    reader: Reader,
}

pub(super) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let asked = Asked::read(request.query_string());
    let content = |body| Content {
        title: reader.t(words::REPORTS_TAB).to_owned(),
        place: Place::Reports,
        body,
    };
    let meant = match asked.meant(reader.now) {
        Ok(meant) => meant,
        Err(wrong) => {
            let content = content(refused(&reader, &asked, &wrong));
            return frame::answer(&reader, StatusCode::BAD_REQUEST, &content);
        }
    };
    let (scope, step) = (access.caller().scope.clone(), step(meant.span));
    let slices = pages.store.histogram(&scope, &meant.filter, step).await;
    let bars = told(slices).map(|slices| bars(&meant, step, &slices));
    let content = content(body(&reader, &asked, (&meant, bars.as_ref())));
    let rest = Rest {
        asked,
        meant,
        scope,
        reader: reader.clone().into_inner(),
    };
    frame::streamed(&reader, content, rest.read(pages))
}

impl Rest {
    async fn read(self, pages: Data<Pages>) -> Markup {
        let (filter, after) = (&self.meant.filter, self.meant.after.as_ref());
        let page = told(pages.store.reports(&self.scope, filter, after, PAGE).await);
        let rows = page.iter().flat_map(|page| &page.reports);
        let sites = rows.map(|row| row.site.as_str());
        let names = Names::read(&pages, &self.scope, sites).await;
        let is_live = self.meant.is_live();
        html! {
            section id="found" data-live[is_live] { (self.list(page.as_ref(), &names)) }
            (files(&self.reader, &self.asked, &self.meant))
        }
    }

    fn list(&self, page: Option<&ReportPage>, names: &Names) -> Markup {
        let columns = Columns {
            names: Some(names),
            grain: Grain::Second,
            with_destination: true,
        };
        let (reader, asked) = (&self.reader, &self.asked);
        let rows = page.map(|page| page.reports.as_slice());
        let next = page.and_then(|page| page.next.as_ref());
        html! {
            (table(reader, rows, columns))
            p class="pager" {
                @if self.meant.after.is_some() { a href=(asked.address("/reports", &[])) { (reader.t(words::FIRST_PAGE)) } " " }
                @if let Some(next) = next {
                    a href=(asked.address("/reports", &[("after", &next.to_string())])) { (reader.t(words::OLDER_REPORTS)) }
                }
            }
        }
    }
}

/// The shortest of which there are not too many.
fn step((from, to): (Timestamp, Timestamp)) -> Duration {
    let seconds = (to.0 - from.0) / 1000;
    let fits = |step: &i64| seconds / step < BARS;
    let step = STEPS.into_iter().find(fits).unwrap_or(7 * 86_400);
    Duration::from_secs(step.unsigned_abs())
}

fn bars(meant: &Meant, step: Duration, slices: &[Slice]) -> Bars {
    let (from, to) = meant.span;
    let length = i64::try_from(step.as_millis()).unwrap_or(i64::MAX);
    let first = from.0 / length;
    let count = u16::try_from((to.0 - 1) / length - first + 1).unwrap_or(u16::MAX);
    let bars = Bars::new(Timestamp(first * length), step, count, slices);
    if meant.ends_now { bars } else { bars.ended() }
}

fn refused(reader: &Reader, asked: &Asked, wrong: &Wrong) -> Markup {
    html! {
        h1 { (reader.t(words::REPORTS_TAB)) }
        (form::form(reader, asked, wrong))
    }
}

fn body(reader: &Reader, asked: &Asked, (meant, bars): (&Meant, Option<&Bars>)) -> Markup {
    let is_away = bars.is_none();
    let lead = |from: Timestamp, to: Timestamp| {
        // A bar may begin before the time that is asked for.
        let (begin, end) = (from.max(meant.span.0), to.min(meant.span.1));
        asked.between(begin, end).address("/reports", &[])
    };
    let is_live = meant.is_live();
    html! {
        @if is_live { (away::note(reader, is_away)) } @else if is_away { p class="problem" { (reader.t(words::AWAY)) } }
        h1 { (reader.t(words::REPORTS_TAB)) }
        (form::form(reader, asked, &Wrong::new()))
        (form::chips(reader, asked))
        section id="over-time" data-live[is_live] {
            @if let Some(bars) = bars {
                (bars.draw_leading(reader, reader.t(words::OVER_TIME), Some(&lead)))
                p class="quiet" {
                    (words::reports_found(reader.language, bars.total()))
                    @if bars.total() > 0 { " · " (reader.t(words::BARS_LEAD)) }
                    @if asked.has_any(&[Field::From, Field::To]) {
                        " · " a href=(wider(asked)) { (reader.t(words::WHOLE_TIME)) }
                    }
                }
            }
        }
    }
}

/// The same without moments.
fn wider(asked: &Asked) -> String {
    let without = asked.with(Field::From, "").with(Field::To, "");
    without.address("/reports", &[])
}

/// The same reports as files. A time that ends now is written down: the file is of what was looked at.
fn files(reader: &Reader, asked: &Asked, meant: &Meant) -> Markup {
    let (from, to) = meant.span;
    let fixed = asked.between(from, to);
    html! {
        section id="files" {
            h2 { (reader.t(words::AS_FILE)) }
            p { @for format in ExportFormat::ALL {
                a class="button" href=(fixed.address("/reports/export", &[("format", format.as_str())])) download {
                    (name(format))
                } " "
            } }
            p class="quiet" { (reader.t(words::AS_FILE_MORE)) }
        }
    }
}

/// What a kind of file is called.
fn name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::NdJson => "NDJSON",
        ExportFormat::Csv => "CSV",
        ExportFormat::Parquet => "Parquet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_few_and_round() {
        for (seconds, expected) in [
            (1, 1),
            (60, 1),
            (3600, 60),
            (86_400, 1800),
            (7 * 86_400, 10_800),
            (30 * 86_400, 86_400),
            (90 * 86_400, 172_800),
            (400 * 86_400, 604_800),
        ] {
            let span = (Timestamp(0), Timestamp(seconds * 1000));
            assert_eq!(step(span), Duration::from_secs(expected), "{seconds}");
        }
    }
}
