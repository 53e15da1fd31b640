//! `/reports/{id}`: one report with all that is kept of it.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ReqData};
use maud::{Markup, html};

use super::super::Pages;
use super::super::access::encoded;
use super::super::away::told;
use super::super::error::{self, PageError};
use super::super::foreign::{code, foreign, whole};
use super::super::frame::{Content, Place};
use super::super::names::Names;
use super::super::reader::{Access, Reader};
use super::super::when::Grain;
use super::super::words::{self, Text};
use super::ask::{Asked, Field};
use super::form::shown;
use super::table;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::store::{Hexadecimal, ReportId, ReportRow};

/// What came this long before and after is what came at the same time.
const AROUND: Duration = Duration::from_secs(300);

pub(in crate::web) async fn get(
    id: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    error::or_page(&reader, page(&id, &pages, &reader, &access).await)
}

async fn page(
    id: &str,
    pages: &Data<Pages>,
    reader: &Reader,
    access: &Access,
) -> Result<Content, PageError> {
    let id: ReportId = id.parse().map_err(|_cause| PageError::NotFound)?;
    let scope = &access.caller().scope;
    let row = told(pages.store.report(scope, &id).await).ok_or(PageError::ReportsAway)?;
    let row = row.ok_or(PageError::NotFound)?;
    let policies = match row.policy {
        0 => None,
        hash => told(pages.store.policy_texts(&[hash]).await),
    };
    let policy = policies.and_then(|mut texts| texts.remove(&row.policy));
    let sites: Vec<SiteId> = SiteId::new(&row.site).into_iter().collect();
    let (control, sight) = (Data::clone(pages), scope.clone());
    let names = web::block(move || Names::of(&control.registry, &sight, &sites)).await??;
    Ok(Content {
        title: reader.t(words::ONE_REPORT).to_owned(),
        place: Place::Reports,
        body: body(reader, (&row, policy.as_deref()), &names),
    })
}

fn body(reader: &Reader, (row, policy): (&ReportRow, Option<&str>), names: &Names) -> Markup {
    html! {
        h1 { (reader.t(words::ONE_REPORT)) }
        p class="quiet" { (code(&row.id)) }
        section { h2 { (reader.t(words::WHAT_IT_SAYS)) } (what(reader, row)) }
        section { h2 { (reader.t(words::WHERE_FROM)) } (origin(reader, row, names)) }
        @if !row.body.is_empty() {
            section { h2 { (reader.t(words::BODY)) } pre { (pretty(&row.body)) } }
        }
        @if row.policy != 0 {
            section {
                h2 { (reader.t(words::POLICY)) }
                p class="quiet" { (code(&Hexadecimal(row.policy).to_string())) }
                @match policy {
                    Some(text) => { pre { @for part in text.split("; ") { (whole(part)) ";\n" } } }
                    None => { p class="quiet" { (reader.t(words::NO_POLICY_TEXT)) } }
                }
            }
        }
        section { h2 { (reader.t(words::RELATED)) } (related(reader, row)) }
        p class="quiet" { (reader.t(words::MASKED)) }
    }
}

fn what(reader: &Reader, row: &ReportRow) -> Markup {
    let destination = format!("/destinations/{}", encoded(&row.destination));
    let fact = |text: Text, value: Markup| html! { dt { (reader.t(text)) } dd { (value) } };
    let unless_empty =
        |text: Text, value: &str| html! { @if !value.is_empty() { (fact(text, code(value))) } };
    html! {
        div class="card" { dl class="evidence" {
            (fact(words::TIME, Grain::Second.moment_ago(reader, Timestamp(row.received_at))))
            (fact(words::OCCURRED, Grain::Second.moment(Timestamp(row.occurred_at))))
            (fact(words::DESTINATION, html! { a href=(destination) { (foreign(&row.destination)) } }))
            (unless_empty(words::HOST, &row.host))
            (unless_empty(words::BLOCKED, &row.blocked))
            (fact(words::DIRECTIVE, code(&row.directive)))
            (fact(words::DISPOSITION, html! { (shown(reader, Field::Disposition, &row.disposition)) }))
            @if !row.source.is_empty() {
                (fact(words::SOURCE, html! { (code(&table::place(row))) @if row.column > 0 { ":" (row.column) } }))
            }
            (unless_empty(words::SAMPLE, &row.sample))
            @if row.card_length > 0 {
                (fact(words::CARD_IN_REPORT, html! {
                    span class="tag bad" { (foreign(&row.card_brand)) } " "
                    (words::card_digits(reader.language, u64::from(row.card_length))) " (" (foreign(&row.card_encoding)) ")"
                }))
            }
            @if !row.labels.is_empty() {
                (fact(words::LABEL, html! { @for label in &row.labels { span class="tag" { (foreign(label)) } " " } }))
            }
            (fact(words::REPORT_TYPE, html! { (code(&row.r#type)) " " span class="quiet" { (foreign(&row.format)) } }))
        } }
    }
}

fn origin(reader: &Reader, row: &ReportRow, names: &Names) -> Markup {
    let fact = |text: Text, value: Markup| html! { dt { (reader.t(text)) } dd { (value) } };
    let page = format!("{}{}", row.document_host, row.document_path);
    html! {
        div class="card" { dl class="evidence" {
            (fact(words::MERCHANT, html! { (names.link(&row.site)) " " (code(&row.site)) }))
            (fact(words::PAGE, html! {
                (code(&page)) " " span class="tag" { (reader.t(words::page_kind(&row.page_kind))) }
            }))
            @if row.status_code > 0 { (fact(words::STATUS_CODE, html! { (row.status_code) })) }
            @if !row.referrer_host.is_empty() { (fact(words::REFERRER, code(&row.referrer_host))) }
            (fact(words::BROWSER, table::browser(reader, row)))
            @if !row.country.is_empty() { (fact(words::COUNTRY, foreign(&row.country))) }
            @if row.asn > 0 { (fact(words::NETWORK_OPERATOR, html! { (words::operator_number(reader.language, &row.asn.to_string())) })) }
            @if row.network != 0 { (fact(words::NETWORK, code(&Hexadecimal(row.network).to_string()))) }
            @if row.client != 0 { (fact(words::CLIENT, code(&Hexadecimal(row.client).to_string()))) }
        } }
    }
}

/// Other reports that have something in common with it.
fn related(reader: &Reader, row: &ReportRow) -> Markup {
    let none = Asked::default();
    let at = Timestamp(row.received_at);
    let around = i64::try_from(AROUND.as_millis()).unwrap_or(0);
    let moment = none
        .with(Field::Site, &row.site)
        .between(at.minus(AROUND), Timestamp(at.0 + around));
    let number = |number: u64| Hexadecimal(number).to_string();
    let link = |text: Text, asked: &Asked| html! { li { a href=(asked.address("/reports", &[])) { (reader.t(text)) } } };
    html! {
        ul class="notes" {
            (link(words::SAME_DESTINATION, &none.with(Field::Destination, &row.destination)))
            (link(words::SAME_MOMENT, &moment))
            @if row.network != 0 { (link(words::SAME_NETWORK, &none.with(Field::Network, &number(row.network)))) }
            @if row.policy != 0 { (link(words::SAME_POLICY, &none.with(Field::Policy, &number(row.policy)))) }
        }
    }
}

/// JSON on several lines, if it is JSON.
fn pretty(body: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(body);
    let lines = value.and_then(|value| serde_json::to_string_pretty(&value));
    let lines = lines.unwrap_or_else(|_not_json| body.to_owned());
    lines.lines().map(whole).collect::<Vec<_>>().join("\n")
}
