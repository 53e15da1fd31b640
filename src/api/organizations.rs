//! `GET /api/v1/organizations`: whose people use this installation.

use std::sync::Arc;

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::ids::OrganizationId;
use crate::registry::{Caller, MAX_PAGE, Organization};
use crate::role::Right;

pub(super) const PATH: &str = "/organizations";

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Organizations)]
struct Answer<'a> {
    organizations: Vec<View<'a>>,
    /// Cursor of the next page
    next: Option<&'a str>,
}

/// An organization
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
pub(super) struct View<'a> {
    /// Stable id
    organization: &'a str,
    /// For people
    name: &'a str,
    /// operator, psp, acquirer, merchant
    kind: &'static str,
    /// Of its notices: en, ja
    language: &'static str,
    /// Whether its people are told how many merchants of others a campaign hit
    tells_others: bool,
    /// When it was added
    created_at: Moment,
    /// How many sites it sees; the operator sees all and counts none
    sites: u32,
}

/// Organizations in the order of their ids
#[utoipa::path(get, path = PATH, operation_id = "organizations", tag = "organizations", params(Params),
    extensions(("x-right" = json!("operate"))),
    responses((status = 200, description = "A page", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    caller.require(Right::Operate)?;
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_PAGE)?;
    let after = params::parsed::<OrganizationId>("cursor", params.cursor.as_deref())?;
    let registry = Arc::clone(&api.registry);
    let found = web::block(move || registry.organizations(after.as_ref(), limit)).await??;
    let full = found.len() >= limit as usize;
    Ok(HttpResponse::Ok().json(Answer {
        organizations: found.iter().map(View::of).collect(),
        next: found.last().filter(|_| full).map(|it| it.id.as_str()),
    }))
}

impl<'a> View<'a> {
    pub(super) fn of(organization: &'a Organization) -> Self {
        Self {
            organization: organization.id.as_str(),
            name: &organization.name,
            kind: organization.kind.as_str(),
            language: organization.language.tag(),
            tells_others: organization.tells_others,
            created_at: organization.created_at.into(),
            sites: organization.sites,
        }
    }
}
