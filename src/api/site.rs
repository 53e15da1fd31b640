//! `/api/v1/sites/{site}`: one site and its settings.

use std::sync::Arc;

use actix_web::web::{self, Bytes, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::error::ApiError;
use super::once::{self, Write};
use super::site_body::{Body, View};
use super::{Api, body, params};
use crate::ids::SiteId;
use crate::registry::{Caller, SiteEntry};
use crate::role::Right;
use crate::scope::Scope;

pub(super) const PATH: &str = "/sites/{site}";

/// One site and its settings
#[utoipa::path(get, path = PATH, operation_id = "site", tag = "merchants",
    params(("site" = String, Path, description = "The site", max_length = 64)),
    responses((status = 200, description = "The site", body = View<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    site: Path<String>,
) -> Result<HttpResponse, ApiError> {
    params::none(&request)?;
    let found = read(&api, caller.scope.clone(), params::known(&site)?).await?;
    Ok(HttpResponse::Ok().json(View::of(&found)))
}

/// Change what is told of a site
#[utoipa::path(patch, path = PATH, operation_id = "changeSite", tag = "merchants",
    params(("site" = String, Path, description = "The site", max_length = 64)),
    extensions(("x-right" = json!("manage"))),
    request_body = Body,
    responses((status = 200, description = "As it is now", body = View<'static>)))]
pub(super) async fn patch(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    site: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let body = body::read_up_to(&request, payload, body::MAX_SITE_BYTES).await?;
    let told: Body = body::json(&body)?;
    if told.site.is_some() || told.reference.is_some() {
        let what = "site and reference go with a new site".to_owned();
        return Err(ApiError::Body(what));
    }
    let facts = told.facts()?;
    let id: SiteId = params::known(&site)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let scope = caller.scope.clone();
    let (by, of, within) = (author.clone(), id.clone(), scope.clone());
    let outcome = write.make(&api, move |api| {
        Ok(api.registry.change_site(&within, (&of, facts), &by)?)
    });
    let outcome = outcome.await?;
    let found = read(&api, scope, id).await?;
    Ok(once::answer(&outcome, |_| false).json(View::of(&found)))
}

/// Take a site out
///
/// By an organization: it sees the site no more; the site's keys and reports stay, and so does what others see of it. By
/// the operator: its keys are retired and nobody sees it any more; its reports stay until their time is over.
#[utoipa::path(delete, path = PATH, operation_id = "removeSite", tag = "merchants",
    params(("site" = String, Path, description = "The site", max_length = 64)),
    extensions(("x-right" = json!("manage"))),
    responses((status = 204, description = "It is out")))]
pub(super) async fn delete(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    site: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let id: SiteId = params::known(&site)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &Bytes::new(),
    };
    let (by, caller) = (author.clone(), caller.into_inner());
    let outcome = write.make(&api, move |api| {
        // Another provider of the same shop would lose it too.
        match caller.scope {
            Scope::Operator => api.registry.retire_site(&caller.scope, &id, &by)?,
            Scope::Portfolio(_) => api.registry.unshare_site(&caller.organization, &id, &by)?,
        }
        Ok(())
    });
    Ok(once::nothing(&outcome.await?))
}

/// The site, if it is in scope.
pub(super) async fn read(api: &Api, scope: Scope, id: SiteId) -> Result<SiteEntry, ApiError> {
    let registry = Arc::clone(&api.registry);
    let found = web::block(move || registry.site(&scope, &id)).await??;
    found.ok_or(ApiError::NotFound)
}
