//! `GET /api/v1/scripts`: the scripts of payment pages, as far as browsers report them.

use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::reports::PageKindWord;
use super::{Api, params, policies};
use crate::clock::Timestamp;
use crate::normalize::PageKind;
use crate::registry::Caller;
use crate::store::{MAX_SCRIPTS, SeenCursor, SeenScript};

pub(super) const PATH: &str = "/scripts";

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// Seen at this site
    site: Option<String>,
    /// On this kind of page; without it, on payment pages
    #[param(value_type = Option<PageKindWord>, inline)]
    page_kind: Option<String>,
    /// In reports received then or later; without it, in the last 90 days
    #[param(value_type = Option<Moment>, inline)]
    since: Option<String>,
    /// In reports received before
    #[param(value_type = Option<Moment>, inline)]
    until: Option<String>,
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500, default = 100)]
    limit: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Scripts)]
struct Answer<'a> {
    scripts: Vec<View<'a>>,
    /// Cursor of the next page
    next: Option<String>,
}

/// A script at a site
#[derive(Serialize, ToSchema)]
#[schema(as = Script)]
struct View<'a> {
    /// Names the script at this site, in this role
    #[schema(pattern = "^[0-9a-f]{16}$")]
    id: String,
    /// Stable id of the site
    site: &'a str,
    /// `element`: the page ran or loaded it, or tried to. `source`: it was named as the one that did something; a page
    /// can forge that
    #[schema(example = "element")]
    role: &'a str,
    /// Host and path, redacted; `inline`, `eval`
    #[schema(example = "cdn.example/checkout.js")]
    script: &'a str,
    /// First characters of inline code, without digits and quoted text
    sample: &'a str,
    /// First report of it
    first_seen: Moment,
    /// Last report of it
    last_seen: Moment,
    /// Reports of it
    reports: u64,
    /// On how many pages, about
    pages: u64,
    /// Browsers that report it, about
    clients: u64,
    /// Networks that they are in, about
    networks: u64,
    /// Whether a browser said that it blocked it, or what it did
    blocked: bool,
    /// What is known about its reports: `extension` for what visitors brought along
    labels: &'a [String],
}

/// Scripts of payment pages, site by site, those seen last first: what PCI DSS 6.4.3 asks an inventory of
///
/// Seen are scripts that a policy reports and scripts that are named as the source of anything reported. A script that a
/// policy allows, and that does nothing that is reported, does not show. Give `until` for a walk through the pages that
/// what is reported meanwhile does not disturb.
#[utoipa::path(get, path = PATH, operation_id = "scripts", tag = "evidence", params(Params),
    responses((status = 200, description = "A page", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_SCRIPTS)?;
    let cursor = params::parsed::<SeenCursor>("cursor", params.cursor.as_deref())?;
    let filter = policies::filter(&api, &params.site, &params.since, &params.until)?;
    let kind = match params.page_kind {
        None => PageKind::Checkout,
        Some(word) => {
            let known = PageKind::ALL
                .iter()
                .copied()
                .find(|kind| kind.as_str() == word);
            known.map_or_else(|| params::refuse("page_kind", "is no known word"), Ok)?
        }
    };
    let store = api.store_for(&caller);
    let page = store.scripts(&caller.scope, (&filter, kind), cursor.as_ref(), limit);
    let page = page.await?;
    Ok(HttpResponse::Ok().json(Answer {
        scripts: page.scripts.iter().map(View::of).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

impl<'a> View<'a> {
    fn of(script: &'a SeenScript) -> Self {
        Self {
            id: format!("{:016x}", script.id),
            site: &script.site,
            role: &script.role,
            script: &script.script,
            sample: &script.sample,
            first_seen: Timestamp(script.first).into(),
            last_seen: Timestamp(script.last).into(),
            reports: script.reports,
            pages: script.pages,
            clients: script.clients,
            networks: script.networks,
            blocked: script.blocked,
            labels: &script.labels,
        }
    }
}
