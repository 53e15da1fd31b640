//! `GET /api/v1/destinations`: places that browsers were not led to before, newest first.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::{Api, params};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::Caller;
use crate::store::{MAX_DESTINATIONS, NewDestination};

const DEFAULT_LIMIT: u32 = 100;

/// How far back a destination counts as new, if nothing else is asked for.
const DEFAULT_SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    site: Option<String>,
    since: Option<String>,
    limit: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    destinations: Vec<View<'a>>,
}

#[derive(Serialize)]
struct View<'a> {
    destination: &'a str,
    first_seen: String,
    last_seen: String,
    reports: u64,
    sites: u64,
    clients: u64,
    networks: u64,
    page_kinds: &'a [String],
    alert: Option<&'a AlertId>,
}

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
        .store
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
            first_seen: Timestamp(found.first).to_string(),
            last_seen: Timestamp(found.last).to_string(),
            reports: found.reports,
            sites: found.sites,
            clients: found.clients,
            networks: found.networks,
            page_kinds: &found.page_kinds,
            alert: alerts.and_then(|ids| ids.last()),
        }
    }
}
