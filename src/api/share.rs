//! `/api/v1/organizations/{organization}/sites/{site}`: which sites an organization sees.

use actix_web::web::{Bytes, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::once::{self, Write};
use super::{Api, body, params};
use crate::ids::{OrganizationId, SiteId};
use crate::registry::Caller;
use crate::role::Right;

pub(super) const PATH: &str = "/organizations/{organization}/sites/{site}";

/// How the organization knows the site
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Sharing)]
struct Body {
    /// What it calls it, no two alike; empty if it has no name of its own for it
    #[serde(default)]
    #[schema(max_length = 200, example = "M-4711")]
    reference: String,
}

/// Let an organization see a site
///
/// Alerts that are raised or grow from now on are the organization's too.
#[utoipa::path(put, path = PATH, operation_id = "shareSite", tag = "organizations",
    params(("organization" = String, Path, description = "The organization", max_length = 64),
        ("site" = String, Path, description = "The site", max_length = 64)),
    extensions(("x-right" = json!("operate"))),
    request_body = Body,
    responses((status = 204, description = "It sees it")))]
pub(super) async fn put(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Operate)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    let Body { reference } = body::json(&body)?;
    let (organization, site) = both(&path)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let by = author.clone();
    let outcome = write.make(&api, move |api| {
        let shared = (&site, reference.as_str());
        Ok(api.registry.share_site(&organization, shared, &by)?)
    });
    Ok(once::nothing(&outcome.await?))
}

/// An organization no longer sees a site
///
/// The site and its reports stay.
#[utoipa::path(delete, path = PATH, operation_id = "unshareSite", tag = "organizations",
    params(("organization" = String, Path, description = "The organization", max_length = 64),
        ("site" = String, Path, description = "The site", max_length = 64)),
    extensions(("x-right" = json!("operate"))),
    responses((status = 204, description = "It does not see it")))]
pub(super) async fn delete(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Operate)?;
    params::none(&request)?;
    let (organization, site) = both(&path)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &Bytes::new(),
    };
    let by = author.clone();
    let outcome = write.make(&api, move |api| {
        Ok(api.registry.unshare_site(&organization, &site, &by)?)
    });
    Ok(once::nothing(&outcome.await?))
}

fn both(path: &(String, String)) -> Result<(OrganizationId, SiteId), ApiError> {
    Ok((params::known(&path.0)?, params::known(&path.1)?))
}
