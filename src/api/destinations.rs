//! `GET /api/v1/destinations`: places that browsers were not led to before, newest first.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::Caller;
use crate::store::{MAX_DESTINATIONS, NewDestination};

pub(super) const PATH: &str = "/destinations";

const DEFAULT_LIMIT: u32 = 100;

/// How far back a destination counts as new, if nothing else is asked for.
const DEFAULT_SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// New at this site
    site: Option<String>,
    /// First seen then or later; without it, in the last 30 days
    #[param(value_type = Option<Moment>, inline)]
    since: Option<String>,
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 100)]
    limit: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Destinations)]
struct Answer<'a> {
    destinations: Vec<View<'a>>,
}

/// A destination and who reports it
#[derive(Serialize, ToSchema)]
#[schema(as = Destination)]
struct View<'a> {
    /// Registrable domain or address
    destination: &'a str,
    first_seen: Moment,
    last_seen: Moment,
    /// Reports of it
    reports: u64,
    /// Sites that report it, about
    sites: u64,
    /// Browsers that report it, about; null if there are too many reports of it to count them
    clients: Option<u64>,
    /// Networks that they are in, about; or as above
    networks: Option<u64>,
    /// Kinds of the pages: checkout, admin, other
    page_kinds: &'a [String],
    /// Id of the alert about it
    #[schema(value_type = Option<String>)]
    alert: Option<&'a AlertId>,
}

/// Hosts that were not reported before, newest first; sites' own domains and hosts on visitors' networks are left out
#[utoipa::path(get, path = PATH, operation_id = "destinations", tag = "evidence", params(Params), 
    responses((status = 200, description = "The newest", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_DESTINATIONS)?;
    let site = params::site("site", params.site.as_deref())?;
    let since = params::parsed::<Timestamp>("since", params.since.as_deref())?;
    let since = since.unwrap_or_else(|| api.clock.now().minus(DEFAULT_SPAN));
    let found = api
        .store_for(&caller)
        .new_destinations(&caller.scope, site.as_ref(), since, limit)
        .await?;
    let names = found.iter().map(|it| it.destination.clone()).collect();
    let alerts = alerts(&api, caller.into_inner(), names).await?;
    Ok(HttpResponse::Ok().json(Answer {
        destinations: found.iter().map(|it| View::of(it, &alerts)).collect(),
    }))
}

/// The alerts about these destinations that the caller may see.
pub(super) async fn alerts(
    api: &Api,
    caller: Caller,
    destinations: Vec<String>,
) -> Result<BTreeMap<String, Vec<AlertId>>, ApiError> {
    let cases = api.cases.clone();
    let alerts = web::block(move || {
        let destinations: Vec<&str> = destinations.iter().map(String::as_str).collect();
        cases.by_destination(&caller.scope, &destinations)
    });
    Ok(alerts.await??)
}

impl<'a> View<'a> {
    fn of(found: &'a NewDestination, alerts: &'a BTreeMap<String, Vec<AlertId>>) -> Self {
        let alerts = alerts.get(&found.destination);
        Self {
            destination: &found.destination,
            first_seen: Timestamp(found.first).into(),
            last_seen: Timestamp(found.last).into(),
            reports: found.reports,
            sites: found.sites,
            clients: found.clients,
            networks: found.networks,
            page_kinds: &found.page_kinds,
            alert: alerts.and_then(|ids| ids.last()),
        }
    }
}
