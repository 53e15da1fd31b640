//! `/api/v1/tokens`: the tokens of an organization's programs, and new ones.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::once::Write;
use super::{Api, body, params};
use crate::ids::OrganizationId;
use crate::registry::{Caller, Done, TokenEntry, TokenRequest};
use crate::role::{Right, Role};

pub(super) const PATH: &str = "/tokens";

const DEFAULT_DAYS: u32 = 365;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Of this organization; for the operator, others have but their own
    organization: Option<String>,
}

/// What a new token is for
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokenRequest)]
struct Body {
    /// In somebody's words
    #[schema(min_length = 1, max_length = 200, example = "SIEM of the head office")]
    name: String,
    /// What it allows; no more than the role of whoever asks
    #[schema(value_type = RoleWord)]
    role: String,
    /// How long it counts, in days
    #[schema(minimum = 1, maximum = 730, default = 365)]
    days: Option<u32>,
}

/// What somebody is in an organization
#[derive(ToSchema)]
#[schema(as = Role, rename_all = "kebab-case")]
#[expect(dead_code, reason = "it stands in the description")]
pub(super) enum RoleWord {
    Operator,
    Administrator,
    Analyst,
    Merchant,
    MerchantReader,
    Auditor,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
struct Answer<'a> {
    tokens: Vec<View<'a>>,
}

/// A token, without what it is
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
struct View<'a> {
    /// What it is called by when it is revoked
    id: &'a str,
    /// What it is for
    name: &'a str,
    /// Whose it is
    organization: &'a str,
    /// What it allows
    #[schema(value_type = RoleWord)]
    role: &'static str,
    /// Who made it
    made_by: &'a str,
    created_at: Moment,
    /// Until when it counts
    expires_at: Moment,
    /// When it was revoked
    revoked_at: Option<Moment>,
}

/// A token that was made now
#[derive(Serialize, ToSchema)]
#[schema(as = NewToken)]
struct NewView<'a> {
    /// What it is called by when it is revoked
    id: &'a str,
    /// What programs send: `Authorization: Bearer …`. It shows here and nowhere else
    #[schema(example = "skimwatch_…")]
    token: &'a str,
}

/// Tokens of the organization, the newest first, those that count no more last
#[utoipa::path(get, path = PATH, operation_id = "tokens", tag = "organizations", params(Params),
    extensions(("x-right" = json!("manage")), ("x-names" = json!("organization"))),
    responses((status = 200, description = "All of them; at most 100 count", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    caller.require(Right::Manage)?;
    let organization = organization(&request, &api, &caller).await?;
    let registry = Arc::clone(&api.registry);
    let found = web::block(move || registry.tokens(&organization)).await??;
    Ok(HttpResponse::Ok().json(Answer {
        tokens: found.iter().map(View::of).collect(),
    }))
}

/// Make a token for a program
///
/// What it is shows once. Sent again with the same `Idempotency-Key`, the request makes no other, and is answered with 409
/// (`made_before`): if the answer to the first did not arrive, revoke that token and make another.
#[utoipa::path(post, path = PATH, operation_id = "addToken", tag = "organizations", params(Params),
    extensions(("x-right" = json!("manage")), ("x-names" = json!("organization"))),
    request_body = Body,
    responses((status = 201, description = "The token", body = NewView<'static>)))]
pub(super) async fn post(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    let organization = organization(&request, &api, &caller).await?;
    let body = body::read(&request, payload).await?;
    let wanted = wanted(body::json(&body)?, caller.role)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let by = author.clone();
    let outcome = write.make(&api, move |api| {
        Ok(api.registry.add_token(&organization, &wanted, &by)?)
    });
    match outcome.await? {
        Done::Now((id, token)) => {
            let (id, token) = (id.as_str(), token.as_str());
            let mut head = HttpResponse::build(StatusCode::CREATED);
            Ok(head.json(NewView { id, token }))
        }
        Done::Before(made) => Err(ApiError::MadeBefore(format!("token {}", made.subject))),
    }
}

fn wanted(body: Body, giver: Role) -> Result<TokenRequest, ApiError> {
    let Some(role) = Role::of_word(&body.role) else {
        let roles = Role::ALL.map(Role::as_str).join(", ");
        return Err(ApiError::Body(format!("role is one of {roles}")));
    };
    if !giver.may_give(role) {
        return Err(ApiError::Role(role.as_str()));
    }
    Ok(TokenRequest {
        name: body.name,
        role,
        days: body.days.unwrap_or(DEFAULT_DAYS),
    })
}

/// Whose tokens are meant.
pub(super) async fn organization(
    request: &HttpRequest,
    api: &Api,
    caller: &Caller,
) -> Result<OrganizationId, ApiError> {
    let params: Params = params::query(request)?;
    let named = params.organization.as_deref();
    let runs_all = caller.role.may(Right::Operate);
    let named = params::organization(api, (caller, runs_all), named).await?;
    Ok(named.unwrap_or_else(|| caller.organization.clone()))
}

impl<'a> View<'a> {
    fn of(token: &'a TokenEntry) -> Self {
        Self {
            id: &token.id,
            name: &token.name,
            organization: token.organization.as_str(),
            role: token.role.as_str(),
            made_by: &token.actor,
            created_at: token.created_at.into(),
            expires_at: token.expires_at.into(),
            revoked_at: token.revoked_at.map(Moment::from),
        }
    }
}
