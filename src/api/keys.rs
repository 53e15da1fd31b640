//! `/api/v1/sites/{site}/keys`: a site gets one more key, or a new one for those that it has.

use std::time::Duration;

use actix_web::web::{Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::once::{self, Write};
use super::site_body::View;
use super::{Api, body, params, site};
use crate::ids::SiteId;
use crate::registry::Caller;
use crate::role::Right;

pub(super) const PATH: &str = "/sites/{site}/keys";

/// What becomes of the keys that the site has
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewKey)]
struct Body {
    /// Days that they count on beside the new one; without it, they stay good
    #[schema(minimum = 0, maximum = 400, example = 30)]
    overlap_days: Option<u32>,
}

/// Give a site a new key
#[utoipa::path(post, path = PATH, operation_id = "addKey", tag = "merchants",
    params(("site" = String, Path, description = "The site", max_length = 64)),
    extensions(("x-right" = json!("manage"))),
    request_body = Body,
    responses((status = 201, description = "The site with its keys: the new one is active and has no end", body = View<'static>)))]
pub(super) async fn post(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    site: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    let Body { overlap_days } = body::json(&body)?;
    let id: SiteId = params::known(&site)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let scope = caller.scope.clone();
    let (by, of, within) = (author.clone(), id.clone(), scope.clone());
    let outcome = write.make(&api, move |api| {
        match overlap_days {
            None => api.registry.add_key(&within, &of, &by).map(drop)?,
            Some(days) => {
                let overlap = Duration::from_secs(u64::from(days) * 24 * 3600);
                let rotated = api.registry.rotate_key(&within, (&of, overlap), &by);
                rotated.map(drop)?;
            }
        }
        Ok(())
    });
    let outcome = outcome.await?;
    let found = site::read(&api, scope, id).await?;
    Ok(once::created(&outcome).json(View::of(&found)))
}
