//! `/api/v1/organizations/{organization}`: one organization, added or changed by its id.

use std::sync::Arc;

use actix_web::web::{self, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::once::{self, Write};
use super::organizations::View;
use super::{Api, body, params};
use crate::ids::OrganizationId;
use crate::language::Language;
use crate::registry::{Caller, Organization, OrganizationFacts, OrganizationKind};
use crate::role::Right;

pub(super) const PATH: &str = "/organizations/{organization}";

/// What is told of an organization
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganizationFacts)]
struct Body {
    /// For people
    #[schema(min_length = 1, max_length = 200, example = "Example Payments")]
    name: String,
    /// psp, acquirer, merchant; `operator` for the operator's own alone
    #[schema(pattern = "^(psp|acquirer|merchant|operator)$", example = "psp")]
    kind: String,
    /// Of its notices
    #[schema(pattern = "^(en|ja)$", example = "ja")]
    language: String,
    /// Whether its people are told how many merchants of others a campaign hit
    #[serde(default)]
    tells_others: bool,
}

/// One organization
#[utoipa::path(get, path = PATH, operation_id = "organization", tag = "organizations",
    params(("organization" = String, Path, description = "The organization", max_length = 64)),
    extensions(("x-right" = json!("operate"))),
    responses((status = 200, description = "The organization", body = View<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    organization: Path<String>,
) -> Result<HttpResponse, ApiError> {
    caller.require(Right::Operate)?;
    params::none(&request)?;
    let found = read(&api, params::known(&organization)?).await?;
    Ok(HttpResponse::Ok().json(View::of(&found)))
}

/// Add an organization, or change what is told of one
#[utoipa::path(put, path = PATH, operation_id = "putOrganization", tag = "organizations",
    params(("organization" = String, Path, description = "Its id, for ever: letters, digits, `.`, `_`, `-`", max_length = 64)),
    extensions(("x-right" = json!("operate"))),
    request_body = Body,
    responses((status = 200, description = "As it is now", body = View<'static>),
        (status = 201, description = "It is new", body = View<'static>)))]
pub(super) async fn put(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    organization: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Operate)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    let facts = facts(body::json(&body)?)?;
    let id: OrganizationId = params::known(&organization)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let (of, by) = (id.clone(), author.clone());
    let outcome = write.make(&api, move |api| {
        Ok(api.registry.put_organization(&of, facts, &by)?)
    });
    let outcome = outcome.await?;
    let found = read(&api, id).await?;
    Ok(once::answer(&outcome, |is_new| *is_new).json(View::of(&found)))
}

async fn read(api: &Api, id: OrganizationId) -> Result<Organization, ApiError> {
    let registry = Arc::clone(&api.registry);
    let found = web::block(move || registry.organization(&id)).await??;
    found.ok_or(ApiError::NotFound)
}

fn facts(body: Body) -> Result<OrganizationFacts, ApiError> {
    let refuse = |what: &str| Err(ApiError::Body(what.to_owned()));
    let Some(kind) = OrganizationKind::of_word(&body.kind) else {
        return refuse("kind is psp, acquirer or merchant");
    };
    let Some(language) = Language::of_tag(&body.language) else {
        return refuse("language is en or ja");
    };
    if body.name.trim().is_empty() {
        return refuse("name: say what it is called");
    }
    Ok(OrganizationFacts {
        name: body.name,
        kind,
        language,
        tells_others: body.tells_others,
    })
}
