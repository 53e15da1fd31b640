//! `GET /api/v1/sites`: which sites there are, and when they reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::{Api, params};
use crate::ids::SiteId;
use crate::registry::{Caller, MAX_PAGE, SiteEntry};
use crate::sites::KeyRecord;
use crate::store::SiteActivity;

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    sites: Vec<View<'a>>,
    next: Option<&'a SiteId>,
}

#[derive(Serialize)]
struct View<'a> {
    site: &'a SiteId,
    name: &'a str,
    keys: &'a [KeyRecord],
    domains: &'a [String],
    checkout_paths: &'a [String],
    admin_paths: &'a [String],
    harmless_parameters: &'a [String],
    country: &'a str,
    platform: &'a str,
    rate: Option<u32>,
    retention_days: u16,
    reports: u64,
    first_report: Option<String>,
    last_report: Option<String>,
}

pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_PAGE)?;
    let after = params::site("cursor", params.cursor.as_deref())?;
    let registry = Arc::clone(&api.registry);
    let scope = caller.scope.clone();
    let entries = web::block(move || registry.sites(&scope, after.as_ref(), limit)).await??;
    let ids: Vec<SiteId> = entries.iter().map(|e| e.record.id.clone()).collect();
    let activity = api.store.activity(&caller.scope, &ids).await?;
    let full = entries.len() >= limit as usize;
    Ok(HttpResponse::Ok().json(Answer {
        sites: entries.iter().map(|e| View::of(e, &activity)).collect(),
        next: ids.last().filter(|_| full),
    }))
}

impl<'a> View<'a> {
    fn of(entry: &'a SiteEntry, activity: &BTreeMap<String, SiteActivity>) -> Self {
        let record = &entry.record;
        let activity = activity.get(record.id.as_str());
        Self {
            site: &record.id,
            name: &record.name,
            keys: &record.keys,
            domains: &record.domains,
            checkout_paths: &record.checkout_paths,
            admin_paths: &record.admin_paths,
            harmless_parameters: &record.harmless_parameters,
            country: &entry.country,
            platform: &entry.platform,
            rate: record.rate,
            retention_days: record.retention_days,
            reports: activity.map_or(0, |a| a.reports),
            first_report: activity.map(|a| a.first.to_string()),
            last_report: activity.map(|a| a.last.to_string()),
        }
    }
}
