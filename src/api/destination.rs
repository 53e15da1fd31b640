//! `GET /api/v1/destinations/{name}`: a destination's history, site by site.

use actix_web::web::{Data, Path, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::{Api, destinations, params};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::{Caller, MAX_DOMAIN_BYTES};
use crate::store::SiteSpread;

/// None: the name is in the path.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {}

#[derive(Serialize)]
struct Answer<'a> {
    destination: &'a str,
    sites: Vec<View<'a>>,
    alerts: &'a [AlertId],
}

#[derive(Serialize)]
struct View<'a> {
    site: &'a str,
    first_seen: String,
    last_seen: String,
    reports: u64,
    clients: u64,
    networks: u64,
}

pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    name: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let Params {} = params::query(&request)?;
    let name = name.into_inner();
    if name.len() > MAX_DOMAIN_BYTES {
        let what = format!("is longer than {MAX_DOMAIN_BYTES} bytes");
        return params::refuse("destination", what);
    }
    let ever = Timestamp(0);
    let sites = api.store.spread(&caller.scope, &[&name], ever).await?;
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
            first_seen: Timestamp(spread.first).to_string(),
            last_seen: Timestamp(spread.last).to_string(),
            reports: spread.reports,
            clients: spread.clients,
            networks: spread.networks,
        }
    }
}
