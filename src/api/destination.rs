//! `GET /api/v1/destinations/{name}`: a destination's history, site by site.

use actix_web::web::{Data, Path, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, destinations, params};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::{Caller, MAX_DOMAIN_BYTES};
use crate::store::SiteSpread;

pub(super) const PATH: &str = "/destinations/{name}";

#[derive(Serialize, ToSchema)]
#[schema(as = DestinationHistory)]
struct Answer<'a> {
    /// As it was asked for
    destination: &'a str,
    /// In the order in which it began there; at most 1000
    sites: Vec<View<'a>>,
    /// Ids of the alerts about it, the oldest first
    #[schema(value_type = Vec<String>)]
    alerts: &'a [AlertId],
}

/// A destination at a site
#[derive(Serialize, ToSchema)]
#[schema(as = DestinationSite)]
struct View<'a> {
    /// Stable id of the site
    site: &'a str,
    first_seen: Moment,
    last_seen: Moment,
    /// Reports of it there
    reports: u64,
    /// Browsers that report it there, about; null if there are too many reports of it to count them
    clients: Option<u64>,
    /// Networks that they are in, about; or as above
    networks: Option<u64>,
}

/// A destination's history, site by site
#[utoipa::path(get, path = PATH, operation_id = "destination", tag = "evidence", params(("name" = String, Path, description = "Registrable domain, else bare scheme, inline, eval, none", max_length = 253)), 
    responses((status = 200, description = "Its history", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    name: Path<String>,
) -> Result<HttpResponse, ApiError> {
    params::none(&request)?;
    let name = name.into_inner();
    if name.len() > MAX_DOMAIN_BYTES {
        let what = format!("is longer than {MAX_DOMAIN_BYTES} bytes");
        return params::refuse("destination", what);
    }
    let sites = api
        .store_for(&caller)
        .spread_ever(&caller.scope, &name)
        .await?;
    if sites.is_empty() {
        return Err(ApiError::NotFound);
    }
    let names = vec![name.clone()];
    let alerts = destinations::alerts(&api, caller.into_inner(), names).await?;
    Ok(HttpResponse::Ok().json(Answer {
        destination: &name,
        sites: sites.iter().map(View::of).collect(),
        alerts: alerts.get(&name).map_or(&[], Vec::as_slice),
    }))
}

impl<'a> View<'a> {
    fn of(spread: &'a SiteSpread) -> Self {
        Self {
            site: &spread.site,
            first_seen: Timestamp(spread.first).into(),
            last_seen: Timestamp(spread.last).into(),
            reports: spread.reports,
            clients: spread.clients,
            networks: spread.networks,
        }
    }
}
