//! `GET /api/v1/policies`: the policies that pages were shown with.

use std::time::Duration;

use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::clock::Timestamp;
use crate::registry::Caller;
use crate::store::{MAX_POLICIES, SeenCursor, SeenFilter, SeenPolicy};

pub(super) const PATH: &str = "/policies";

const DEFAULT_LIMIT: u32 = 50;

/// How far back is looked if nothing else is asked for.
pub(super) const DEFAULT_SPAN: Duration = Duration::from_secs(90 * 24 * 3600);

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// Seen at this site
    site: Option<String>,
    /// In reports received then or later; without it, in the last 90 days
    #[param(value_type = Option<Moment>, inline)]
    since: Option<String>,
    /// In reports received before
    #[param(value_type = Option<Moment>, inline)]
    until: Option<String>,
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Policies)]
struct Answer<'a> {
    policies: Vec<View<'a>>,
    /// Cursor of the next page
    next: Option<String>,
}

/// A policy and where it was seen
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
struct View<'a> {
    /// Hash of what the policy says, the same whatever its nonces: `policy` of a report
    #[schema(pattern = "^[0-9a-f]{16}$")]
    hash: String,
    /// The policy, without nonces and secrets; empty if it is not kept
    #[schema(example = "default-src 'self'; report-uri https://csp.example/r/")]
    text: &'a str,
    /// First report of it
    first_seen: Moment,
    /// Last report of it
    last_seen: Moment,
    /// Reports of it
    reports: u64,
    /// How many sites report it
    site_count: u64,
    /// Their ids, at most 200
    sites: &'a [String],
}

/// Policies that pages were shown with, as browsers report them, those seen last first
///
/// A policy that nothing breaks is not reported, so it does not show. Give `until` for a walk through the pages that
/// what is reported meanwhile does not disturb.
#[utoipa::path(get, path = PATH, operation_id = "policies", tag = "evidence", params(Params),
    responses((status = 200, description = "A page", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_POLICIES)?;
    let cursor = params::parsed::<SeenCursor>("cursor", params.cursor.as_deref())?;
    let filter = filter(&api, &params.site, &params.since, &params.until)?;
    let store = api.store_for(&caller);
    let page = store.policies(&caller.scope, &filter, cursor.as_ref(), limit);
    let page = page.await?;
    Ok(HttpResponse::Ok().json(Answer {
        policies: page.policies.iter().map(View::of).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Where and when to look; not further back than usual if nobody says so.
pub(super) fn filter(
    api: &Api,
    site: &Option<String>,
    since: &Option<String>,
    until: &Option<String>,
) -> Result<SeenFilter, ApiError> {
    let since = params::parsed::<Timestamp>("since", since.as_deref())?;
    Ok(SeenFilter {
        site: params::site("site", site.as_deref())?,
        since: since.or_else(|| Some(api.clock.now().minus(DEFAULT_SPAN))),
        until: params::parsed("until", until.as_deref())?,
    })
}

impl<'a> View<'a> {
    fn of(policy: &'a SeenPolicy) -> Self {
        Self {
            hash: format!("{:016x}", policy.hash),
            text: &policy.text,
            first_seen: Timestamp(policy.first).into(),
            last_seen: Timestamp(policy.last).into(),
            reports: policy.reports,
            site_count: policy.num_sites,
            sites: &policy.sites,
        }
    }
}
