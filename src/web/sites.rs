//! `/sites`: the merchants, by id.

use std::collections::BTreeMap;

use actix_web::web::{self, Data, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::away::{self, told};
use super::error::{self, PageError};
use super::foreign::{code, foreign};
use super::frame::{Content, Place};
use super::reader::{Access, Reader};
use super::{Pages, when, words};
use crate::ids::SiteId;
use crate::registry::SiteEntry;
use crate::store::SiteActivity;

const PAGE: u32 = 50;

#[derive(Deserialize)]
struct Params {
    after: Option<String>,
}

/// What the page is made from.
struct View {
    entries: Vec<SiteEntry>,
    unresolved: BTreeMap<String, u32>,
    activity: Option<BTreeMap<String, SiteActivity>>,
    is_first: bool,
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
    let after = params
        .map_err(|_cause| PageError::NotFound)?
        .into_inner()
        .after;
    let after = after.map(|id| SiteId::new(&id).map_err(|_cause| PageError::NotFound));
    let after = after.transpose()?;
    let is_first = after.is_none();
    let scope = access.caller().scope.clone();
    let control = Data::clone(&pages);
    let (entries, unresolved) = web::block(move || {
        let entries = control.registry.sites(&scope, after.as_ref(), PAGE)?;
        Ok::<_, PageError>((entries, control.cases.unresolved_by_site(&scope)?))
    })
    .await??;
    let ids: Vec<SiteId> = entries
        .iter()
        .map(|entry| entry.record.id.clone())
        .collect();
    let activity = pages.store.activity(&access.caller().scope, &ids).await;
    let view = View {
        entries,
        unresolved,
        activity: told(activity),
        is_first,
    };
    Ok(Content {
        title: reader.t(words::MERCHANTS).to_owned(),
        place: Place::Sites,
        body: body(reader, &view),
    })
}

fn body(reader: &Reader, view: &View) -> Markup {
    let full = view.entries.len() >= PAGE as usize;
    let next = view.entries.last().filter(|_| full);
    html! {
        (away::note(reader, view.activity.is_none()))
        h1 { (reader.t(words::MERCHANTS)) }
        div id="list" data-live {
            @if view.entries.is_empty() { div class="calm" { p { (reader.t(words::NO_SITES)) } } }
            @else { (table(reader, view)) }
        }
        p class="pager" {
            @if !view.is_first { a href="/sites" { (reader.t(words::FIRST_PAGE)) } " " }
            @if let Some(last) = next {
                a href={ "/sites?after=" (last.record.id) } { (reader.t(words::NEXT_PAGE)) }
            }
        }
    }
}

fn table(reader: &Reader, view: &View) -> Markup {
    html! {
        div class="scroll" tabindex="0" {
            table {
                thead { tr {
                    th { (reader.t(words::MERCHANT)) }
                    th { (reader.t(words::MERCHANT_ID)) }
                    th { (reader.t(words::LAST_REPORT)) }
                    th class="figure" { (reader.t(words::REPORTS)) }
                    th class="figure" { (reader.t(words::UNRESOLVED)) }
                } }
                tbody { @for entry in &view.entries { (line(reader, view, entry)) } }
            }
        }
    }
}

fn line(reader: &Reader, view: &View, entry: &SiteEntry) -> Markup {
    let id = entry.record.id.as_str();
    let name = Some(entry.record.name.trim()).filter(|name| !name.is_empty());
    let activity = view.activity.as_ref().map(|activity| activity.get(id));
    let unresolved = view.unresolved.get(id).copied().unwrap_or(0);
    html! {
        tr {
            td { a href={ "/sites/" (id) } { (foreign(name.unwrap_or(id))) } }
            td { (code(id)) }
            @match activity {
                None => { td class="quiet" { (reader.t(words::UNKNOWN_NOW)) } td class="figure" { "–" } }
                Some(None) => { td class="quiet" { (reader.t(words::NEVER)) } td class="figure" { "0" } }
                Some(Some(found)) => {
                    td class="when" { (when::moment_ago(reader, found.last)) }
                    td class="figure" { (when::number(found.reports)) }
                }
            }
            td class="figure" { @if unresolved > 0 { strong class="bad" { (unresolved) } } @else { "0" } }
        }
    }
}
