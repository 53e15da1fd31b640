//! `GET /api/v1/sites`: which sites there are, and when they reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web::{self, Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::once::{self, Write};
use super::site_body::{Body, View as Detail};
use super::{Api, body, params, site};
use crate::ids::SiteId;
use crate::registry::{Caller, Done, MAX_PAGE, NewSite, SiteEntry, SiteOwner};
use crate::role::Right;
use crate::sites::KeyRecord;
use crate::store::SiteActivity;

pub(super) const PATH: &str = "/sites";

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
#[schema(as = Sites)]
struct Answer<'a> {
    sites: Vec<View<'a>>,
    /// Cursor of the next page
    #[schema(value_type = Option<String>)]
    next: Option<&'a SiteId>,
}

/// A key of a site
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
struct KeyView<'a> {
    /// What stands in `/r/{key}`
    key: &'a str,
    /// active, retired
    state: &'static str,
}

/// A site
#[derive(Serialize, ToSchema)]
#[schema(as = Site)]
struct View<'a> {
    /// Stable id
    #[schema(value_type = String)]
    site: &'a SiteId,
    /// For people
    name: &'a str,
    keys: Vec<KeyView<'a>>,
    /// Hosts that it is served from
    domains: &'a [String],
    /// Beginnings of the paths of its payment pages
    checkout_paths: &'a [String],
    /// Beginnings of the paths of its administration
    admin_paths: &'a [String],
    /// Names of query parameters whose values stay readable
    harmless_parameters: &'a [String],
    /// ISO 3166-1 alpha-2 or empty
    country: &'a str,
    /// Shop software or empty
    platform: &'a str,
    /// Entries per second; null: the default
    rate: Option<u32>,
    /// Days that its reports are kept
    retention_days: u16,
    /// Stored reports
    reports: u64,
    /// Oldest stored report
    first_report: Option<Moment>,
    /// Newest stored report
    last_report: Option<Moment>,
}

/// Sites in the order of their ids, and when they reported
#[utoipa::path(get, path = PATH, operation_id = "sites", tag = "merchants", params(Params), 
    responses((status = 200, description = "A page", body = Answer<'static>)))]
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
    let now = api.clock.now();
    let activity = api
        .store_for(&caller)
        .activity(&caller.scope, Some(&ids), now)
        .await?;
    let full = entries.len() >= limit as usize;
    Ok(HttpResponse::Ok().json(Answer {
        sites: entries.iter().map(|e| View::of(e, &activity)).collect(),
        next: ids.last().filter(|_| full),
    }))
}

impl<'a> KeyView<'a> {
    fn of(record: &'a KeyRecord) -> Self {
        Self {
            key: record.key.as_str(),
            state: record.state.as_str(),
        }
    }
}

impl<'a> View<'a> {
    fn of(entry: &'a SiteEntry, activity: &BTreeMap<String, SiteActivity>) -> Self {
        let record = &entry.record;
        let activity = activity.get(record.id.as_str());
        Self {
            site: &record.id,
            name: &record.name,
            keys: record.keys.iter().map(KeyView::of).collect(),
            domains: &record.domains,
            checkout_paths: &record.checkout_paths,
            admin_paths: &record.admin_paths,
            harmless_parameters: &record.harmless_parameters,
            country: &entry.country,
            platform: &entry.platform,
            rate: record.rate,
            retention_days: record.retention_days,
            reports: activity.map_or(0, |a| a.reports),
            first_report: activity.map(|a| a.first.into()),
            last_report: activity.map(|a| a.last.into()),
        }
    }
}

/// Add a site, with a key of its own
#[utoipa::path(post, path = PATH, operation_id = "addSite", tag = "merchants",
    extensions(("x-right" = json!("manage"))),
    request_body = Body,
    responses((status = 201, description = "The site", body = Detail<'static>)))]
pub(super) async fn post(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let body = body::read_up_to(&request, payload, body::MAX_SITE_BYTES).await?;
    let new = new(body::json(&body)?, &caller)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let (by, organization) = (author.clone(), caller.organization.clone());
    let outcome = write.make(&api, move |api| {
        let owner = SiteOwner {
            organization: &organization,
            author: &by,
        };
        Ok(api.registry.add_site(owner, new)?)
    });
    let outcome = outcome.await?;
    let found = match &outcome {
        Done::Now(site) => site.clone(),
        Done::Before(made) => {
            let id = params::known(&made.subject)?;
            site::read(&api, caller.scope.clone(), id).await?
        }
    };
    Ok(once::created(&outcome).json(Detail::of(&found)))
}

fn new(mut told: Body, caller: &Caller) -> Result<NewSite, ApiError> {
    let id = match told.site.take() {
        // Whoever chooses an id finds out which there are.
        Some(_) if !caller.role.may(Right::Operate) => {
            let what = "site: the id of a new site is made; give what you call it as reference";
            return Err(ApiError::Body(what.to_owned()));
        }
        Some(id) => {
            Some(SiteId::new(&id).map_err(|error| ApiError::Body(format!("site: {error}")))?)
        }
        None => None,
    };
    Ok(NewSite {
        id,
        reference: told.reference.take().unwrap_or_default(),
        facts: told.facts()?,
    })
}
