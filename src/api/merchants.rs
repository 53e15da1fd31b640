//! `GET /api/v1/merchants`: who is covered, who has gone silent, who needs help.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::registry::{Caller, MAX_PAGE, SiteEntry};
use crate::store::SiteActivity;

pub(super) const PATH: &str = "/merchants";

const DEFAULT_LIMIT: u32 = 100;

/// A merchant without a report for this long is silent.
const SILENT_AFTER: Duration = Duration::from_secs(24 * 3600);

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
#[schema(as = Merchants)]
struct Answer<'a> {
    merchants: Vec<View<'a>>,
    /// Cursor of the next page
    #[schema(value_type = Option<String>)]
    next: Option<&'a SiteId>,
}

/// A merchant
#[derive(Serialize, ToSchema)]
#[schema(as = Merchant)]
struct View<'a> {
    /// Stable id
    #[schema(value_type = String)]
    merchant: &'a SiteId,
    /// For people
    name: &'a str,
    /// Ids of its sites
    #[schema(value_type = Vec<String>)]
    sites: [&'a SiteId; 1],
    /// ISO 3166-1 alpha-2 or empty
    country: &'a str,
    /// Shop software or empty
    platform: &'a str,
    /// How it takes payments, as told, or empty
    integration: &'a str,
    /// Who takes them, as told, or empty
    psp: &'a str,
    /// Stored reports
    reports: u64,
    /// Oldest stored report
    first_report: Option<Moment>,
    /// Newest stored report
    last_report: Option<Moment>,
    /// reporting: a report in the last 24 hours; silent: one before; never: none that is still stored
    status: &'static str,
    /// Alerts about it that are not closed
    unresolved_alerts: u32,
}

/// What is known of merchants beside what they told.
struct Lately {
    activity: BTreeMap<String, SiteActivity>,
    unresolved: BTreeMap<String, u32>,
    silent_before: Timestamp,
}

/// Merchants in the order of their ids: who is covered, who has gone silent, who needs help
#[utoipa::path(get, path = PATH, operation_id = "merchants", tag = "merchants", params(Params), 
    responses((status = 200, description = "A page", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_PAGE)?;
    let after = params::site("cursor", params.cursor.as_deref())?;
    let (registry, cases) = (Arc::clone(&api.registry), api.cases.clone());
    let scope = caller.scope.clone();
    let (entries, unresolved) = web::block(move || {
        let entries = registry.sites(&scope, after.as_ref(), limit)?;
        let unresolved = cases.unresolved_by_site(&scope)?;
        Ok::<_, ApiError>((entries, unresolved))
    })
    .await??;
    let ids: Vec<SiteId> = entries.iter().map(|e| e.record.id.clone()).collect();
    let lately = Lately {
        activity: api.store_for(&caller).activity(&caller.scope, &ids).await?,
        unresolved,
        silent_before: api.clock.now().minus(SILENT_AFTER),
    };
    let full = entries.len() >= limit as usize;
    Ok(HttpResponse::Ok().json(Answer {
        merchants: entries.iter().map(|e| View::of(e, &lately)).collect(),
        next: ids.last().filter(|_| full),
    }))
}

impl<'a> View<'a> {
    fn of(entry: &'a SiteEntry, lately: &Lately) -> Self {
        let record = &entry.record;
        let activity = lately.activity.get(record.id.as_str());
        let unresolved = lately.unresolved.get(record.id.as_str());
        let told = |field| entry.payment.get(field).and_then(|it| it.as_str());
        Self {
            merchant: &record.id,
            name: &record.name,
            sites: [&record.id],
            country: &entry.country,
            platform: &entry.platform,
            integration: told("integration").unwrap_or_default(),
            psp: told("psp").unwrap_or_default(),
            reports: activity.map_or(0, |a| a.reports),
            first_report: activity.map(|a| a.first.into()),
            last_report: activity.map(|a| a.last.into()),
            status: lately.status(activity),
            unresolved_alerts: unresolved.copied().unwrap_or(0),
        }
    }
}

impl Lately {
    fn status(&self, activity: Option<&SiteActivity>) -> &'static str {
        match activity {
            None => "never",
            Some(activity) if activity.last < self.silent_before => "silent",
            Some(_) => "reporting",
        }
    }
}
