//! `/sites`: all merchants, filtered and sorted; `/sites.csv`: the same as a file.

mod bulk;
mod file;
mod filter;
mod table;

pub(super) use bulk::post;
pub(super) use file::get as file;

use std::collections::BTreeMap;

use actix_web::web::{self, Data, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::Pages;
use super::away::told;
use super::error::{self, PageError};
use super::frame::{Content, Place};
use super::reader::{Access, Reader};
use super::words;
use crate::clock::Timestamp;
use crate::registry::SiteLine;
use crate::scope::Scope;
use crate::store::SiteActivity;
use filter::Filter;

/// Merchants on one page.
const PAGE: usize = 50;

/// A merchant in the list.
#[derive(Clone, Debug)]
struct Line {
    site: SiteLine,
    /// What is stored of it: `None` if that cannot be read now, `Some(None)` if there is nothing.
    activity: Option<Option<SiteActivity>>,
    unresolved: u32,
}

/// All merchants, and those of them that are asked for, in order.
struct List {
    filter: Filter,
    lines: Vec<Line>,
    all: usize,
    /// What filters can ask for.
    platforms: Vec<String>,
    labels: Vec<String>,
    is_away: bool,
}

pub(super) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    error::or_page(&reader, page(&request, &pages, &reader, &access).await)
}

async fn page(
    request: &HttpRequest,
    pages: &Data<Pages>,
    reader: &Reader,
    access: &Access,
) -> Result<Content, PageError> {
    let list = list(request, pages, &access.caller().scope, reader.now).await?;
    Ok(Content {
        title: reader.t(words::MERCHANTS).to_owned(),
        place: Place::Sites,
        body: table::body(reader, access, &list),
    })
}

/// What the address asks for.
async fn list(
    request: &HttpRequest,
    pages: &Data<Pages>,
    scope: &Scope,
    now: Timestamp,
) -> Result<List, PageError> {
    let filter = Query::<Filter>::from_query(request.query_string());
    let filter = filter.map_err(|_cause| PageError::NotFound)?.into_inner();
    let (control, sight) = (Data::clone(pages), scope.clone());
    let known = web::block(move || {
        let lines = control.registry.site_lines(&sight)?;
        Ok::<_, PageError>((lines, control.cases.unresolved_by_site(&sight)?))
    });
    let (known, activity) = tokio::join!(known, pages.store.activity(scope, None, now));
    let (sites, unresolved) = known??;
    Ok(List::of(
        filter,
        sites,
        (&unresolved, told(activity).as_ref()),
    ))
}

impl List {
    fn of(
        filter: Filter,
        sites: Vec<SiteLine>,
        (unresolved, activity): (
            &BTreeMap<String, u32>,
            Option<&BTreeMap<String, SiteActivity>>,
        ),
    ) -> Self {
        let all = sites.len();
        let mut platforms: Vec<String> = sites.iter().map(|it| it.platform.clone()).collect();
        let mut labels: Vec<String> = sites.iter().flat_map(|it| it.labels.clone()).collect();
        for words in [&mut platforms, &mut labels] {
            words.retain(|word| !word.is_empty());
            words.sort_unstable();
            words.dedup();
        }
        let line = |site: SiteLine| {
            let id = site.id.as_str();
            Line {
                activity: activity.map(|all| all.get(id).copied()),
                unresolved: unresolved.get(id).copied().unwrap_or(0),
                site,
            }
        };
        let lines = sites.into_iter().map(line);
        let mut lines: Vec<Line> = lines.filter(|line| filter.takes(line)).collect();
        filter.sort(&mut lines);
        Self {
            filter,
            lines,
            all,
            platforms,
            labels,
            is_away: activity.is_none(),
        }
    }

    /// The merchants of the page that is asked for, and whether there is one behind it.
    fn shown(&self) -> (&[Line], bool) {
        let page = usize::try_from(self.filter.page.max(1) - 1).unwrap_or(0);
        let from = page.saturating_mul(PAGE).min(self.lines.len());
        let to = (from + PAGE).min(self.lines.len());
        (
            self.lines.get(from..to).unwrap_or_default(),
            to < self.lines.len(),
        )
    }
}
