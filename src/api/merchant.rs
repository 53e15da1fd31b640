//! `/api/v1/merchants/{merchant}`: one merchant.

use std::sync::Arc;

use actix_web::web::{self, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::once::{self, Write};
use super::{Api, body, params};
use crate::ids::{MerchantId, SiteId};
use crate::registry::{Caller, MerchantEntry};
use crate::role::Right;
use crate::scope::Scope;

pub(super) const PATH: &str = "/merchants/{merchant}";

/// What is told of a merchant
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MerchantFacts)]
struct Body {
    /// For people
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// ISO 3166-1 alpha-2
    #[schema(max_length = 200)]
    country: Option<String>,
}

/// A merchant and its sites
#[derive(Serialize, ToSchema)]
#[schema(as = MerchantDetail)]
pub(super) struct View<'a> {
    /// Stable id
    merchant: &'a str,
    /// For people
    name: &'a str,
    /// ISO 3166-1 alpha-2 or empty
    country: &'a str,
    /// Ids of its sites, at most 100
    #[schema(value_type = Vec<String>)]
    sites: &'a [SiteId],
}

/// One merchant and its sites
#[utoipa::path(get, path = PATH, operation_id = "merchant", tag = "merchants",
    params(("merchant" = String, Path, description = "The merchant", max_length = 64)),
    responses((status = 200, description = "The merchant", body = View<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    merchant: Path<String>,
) -> Result<HttpResponse, ApiError> {
    params::none(&request)?;
    let found = read(&api, caller.scope.clone(), params::known(&merchant)?).await?;
    Ok(HttpResponse::Ok().json(View::of(&found)))
}

/// Change a merchant's name or country
#[utoipa::path(patch, path = PATH, operation_id = "changeMerchant", tag = "merchants",
    params(("merchant" = String, Path, description = "The merchant", max_length = 64)),
    extensions(("x-right" = json!("manage"))),
    request_body = Body,
    responses((status = 200, description = "As it is now", body = View<'static>)))]
pub(super) async fn patch(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    merchant: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    let told: Body = body::json(&body)?;
    let id: MerchantId = params::known(&merchant)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let (by, of, caller) = (author.clone(), id.clone(), caller.into_inner());
    let scope = caller.scope.clone();
    let outcome = write.make(&api, move |api| {
        let standing = api.registry.merchant(&caller.scope, &of)?;
        let standing = standing.ok_or(ApiError::NotFound)?;
        let name = told.name.unwrap_or(standing.name);
        let country = told.country.unwrap_or(standing.country);
        let facts = (&of, name.as_str(), country.as_str());
        let changed = api.registry.put_merchant(&caller.organization, facts, &by);
        Ok(changed?)
    });
    let outcome = outcome.await?;
    let found = read(&api, scope, id).await?;
    Ok(once::answer(&outcome, |_| false).json(View::of(&found)))
}

/// The merchant, if it is in scope.
pub(super) async fn read(
    api: &Api,
    scope: Scope,
    id: MerchantId,
) -> Result<MerchantEntry, ApiError> {
    let registry = Arc::clone(&api.registry);
    let found = web::block(move || registry.merchant(&scope, &id)).await??;
    found.ok_or(ApiError::NotFound)
}

impl<'a> View<'a> {
    pub(super) fn of(entry: &'a MerchantEntry) -> Self {
        Self {
            merchant: entry.id.as_str(),
            name: &entry.name,
            country: &entry.country,
            sites: &entry.sites,
        }
    }
}
