//! `GET /api/v1/merchants`: who is covered, who has gone silent, who needs help.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web::{self, Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::merchant::View as Detail;
use super::moment::Moment;
use super::once::{self, Write};
use super::{Api, body, merchant, params};
use crate::ids::{MerchantId, SiteId};
use crate::registry::{Caller, Done, MAX_PAGE, MerchantEntry, SiteEntry};
use crate::role::Right;
use crate::store::{Reporting, SiteActivity};

pub(super) const PATH: &str = "/merchants";

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
#[schema(as = Merchants)]
struct Answer<'a> {
    merchants: Vec<View<'a>>,
    /// Cursor of the next page
    next: Option<&'a str>,
}

/// A merchant
#[derive(Serialize, ToSchema)]
#[schema(as = Merchant)]
struct View<'a> {
    /// Stable id
    merchant: &'a str,
    /// For people
    name: &'a str,
    /// Ids of its sites, at most 100
    #[schema(value_type = Vec<String>)]
    sites: &'a [SiteId],
    /// ISO 3166-1 alpha-2 or empty
    country: &'a str,
    /// Shop software of its first site, or empty
    platform: &'a str,
    /// How its first site takes payments, as told, or empty
    integration: &'a str,
    /// Who takes them there, as told, or empty
    psp: &'a str,
    /// Stored reports
    reports: u64,
    /// Oldest stored report
    first_report: Option<Moment>,
    /// Newest stored report
    last_report: Option<Moment>,
    /// Of the site that tells most: sending: a report within 24 hours; unclear: none since then, but there may have been
    /// nothing to report; silent: none for ten times as long as usual; never: none that is still stored
    status: &'static str,
    /// Alerts that are not closed, at the site that has the most of them
    unresolved_alerts: u32,
}

/// What is known of merchants beside what they told.
struct Lately {
    activity: BTreeMap<String, SiteActivity>,
    unresolved: BTreeMap<String, u32>,
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
    let after = params::parsed::<MerchantId>("cursor", params.cursor.as_deref())?;
    let (registry, cases) = (Arc::clone(&api.registry), api.cases.clone());
    let scope = caller.scope.clone();
    let (merchants, firsts, unresolved) = web::block(move || {
        let merchants = registry.merchants(&scope, after.as_ref(), limit)?;
        let firsts = merchants.iter().map(|it| match it.sites.first() {
            Some(site) => registry.site(&scope, site),
            None => Ok(None),
        });
        let firsts = firsts.collect::<Result<Vec<_>, _>>()?;
        let unresolved = cases.unresolved_by_site(&scope)?;
        Ok::<_, ApiError>((merchants, firsts, unresolved))
    })
    .await??;
    let sites: Vec<SiteId> = merchants.iter().flat_map(|it| it.sites.clone()).collect();
    let lately = Lately {
        activity: api
            .store_for(&caller)
            .activity(&caller.scope, Some(&sites), api.clock.now())
            .await?,
        unresolved,
    };
    let full = merchants.len() >= limit as usize;
    let all = merchants.iter().zip(&firsts);
    Ok(HttpResponse::Ok().json(Answer {
        merchants: all
            .map(|(it, first)| View::of(it, first.as_ref(), &lately))
            .collect(),
        next: merchants.last().filter(|_| full).map(|it| it.id.as_str()),
    }))
}

impl<'a> View<'a> {
    /// `first` is the first of its sites.
    fn of(merchant: &'a MerchantEntry, first: Option<&'a SiteEntry>, lately: &Lately) -> Self {
        let sites = merchant.sites.iter().map(SiteId::as_str);
        let activity: Vec<&SiteActivity> = sites
            .clone()
            .filter_map(|it| lately.activity.get(it))
            .collect();
        let last = activity.iter().map(|it| it.last).max();
        let told = |field| first.and_then(|it| it.payment.get(field)?.as_str());
        Self {
            merchant: merchant.id.as_str(),
            name: &merchant.name,
            sites: &merchant.sites,
            country: &merchant.country,
            platform: first.map_or("", |it| it.platform.as_str()),
            integration: told("integration").unwrap_or_default(),
            psp: told("psp").unwrap_or_default(),
            reports: activity.iter().map(|it| it.reports).sum(),
            first_report: activity.iter().map(|it| it.first).min().map(Moment),
            last_report: last.map(Moment),
            status: activity
                .iter()
                .map(|it| it.reporting)
                .min()
                .map_or("never", Reporting::as_str),
            unresolved_alerts: sites
                .filter_map(|it| lately.unresolved.get(it))
                .copied()
                .max()
                .unwrap_or(0),
        }
    }
}

/// What is told of a new merchant
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMerchant)]
struct Body {
    /// Its id, for ever: for the operator, else it is made
    #[schema(max_length = 64)]
    merchant: Option<String>,
    /// For people
    #[schema(min_length = 1, max_length = 200, example = "Example Shop")]
    name: String,
    /// ISO 3166-1 alpha-2
    #[serde(default)]
    #[schema(max_length = 200, example = "JP")]
    country: String,
}

/// Add a merchant, whose sites name it then
#[utoipa::path(post, path = PATH, operation_id = "addMerchant", tag = "merchants",
    extensions(("x-right" = json!("manage"))),
    request_body = Body,
    responses((status = 201, description = "The merchant", body = Detail<'static>)))]
pub(super) async fn post(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    let told: Body = body::json(&body)?;
    let id = id(told.merchant.as_deref(), &caller)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let (by, of, caller) = (author.clone(), id.clone(), caller.into_inner());
    let scope = caller.scope.clone();
    let outcome = write.make(&api, move |api| {
        if api.registry.merchant(&caller.scope, &of)?.is_some() {
            return Err(ApiError::Conflict(format!(
                "merchant {of} is there already"
            )));
        }
        let facts = (&of, told.name.as_str(), told.country.as_str());
        Ok(api
            .registry
            .put_merchant(&caller.organization, facts, &by)?)
    });
    let outcome = outcome.await?;
    let id = match &outcome {
        Done::Now(_) => id,
        Done::Before(made) => params::known(&made.subject)?,
    };
    let found = merchant::read(&api, scope, id).await?;
    Ok(once::created(&outcome).json(Detail::of(&found)))
}

fn id(told: Option<&str>, caller: &Caller) -> Result<MerchantId, ApiError> {
    let told = match told {
        // Whoever chooses an id finds out which there are.
        Some(_) if !caller.role.may(Right::Operate) => {
            let what = "merchant: the id of a new merchant is made".to_owned();
            return Err(ApiError::Body(what));
        }
        Some(id) => id.to_owned(),
        None => format!("m{}", uuid::Uuid::new_v4().simple()),
    };
    MerchantId::new(&told).map_err(|error| ApiError::Body(format!("merchant: {error}")))
}
