//! `/api/v1/destinations/{name}/sites/{site}/verdict`: what is decided about a destination for one site.

use actix_web::web::{Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::error::ApiError;
use super::verdict::{Body, Params, judge, withdraw};
use super::{Api, body, params};
use crate::ids::SiteId;
use crate::registry::{Caller, TrustsOf};
use crate::role::Right;

pub(super) const PATH: &str = "/destinations/{name}/sites/{site}/verdict";

/// Decide about a destination for one site
///
/// A verdict counts for everybody who sees the site: if several organizations do, it is the operator's.
#[utoipa::path(put, path = PATH, operation_id = "judgeDestinationAtSite", tag = "evidence",
    params(("name" = String, Path, description = "Registrable domain", max_length = 253),
        ("site" = String, Path, description = "The site", max_length = 64)),
    extensions(("x-right" = json!("triage"))),
    request_body = Body,
    responses((status = 204, description = "It is decided")))]
pub(super) async fn put(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Triage)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    let of = place(&caller, &path.1)?;
    judge((&request, &api), (&author, &body), (&path.0, of)).await
}

/// Withdraw what was decided about a destination for one site
#[utoipa::path(delete, path = PATH, operation_id = "withdrawVerdictAtSite", tag = "evidence",
    params(("name" = String, Path, description = "Registrable domain", max_length = 253),
        ("site" = String, Path, description = "The site", max_length = 64), Params),
    extensions(("x-right" = json!("triage"))),
    responses((status = 204, description = "It is withdrawn")))]
pub(super) async fn delete(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Triage)?;
    let of = place(&caller, &path.1)?;
    withdraw((&request, &api), &author, (&path.0, of)).await
}

/// A site that the caller sees.
fn place(caller: &Caller, site: &str) -> Result<TrustsOf, ApiError> {
    let site: SiteId = params::known(site)?;
    let is_seen = caller.scope.sees(site.as_str());
    is_seen
        .then_some(TrustsOf::Site(site))
        .ok_or(ApiError::NotFound)
}
