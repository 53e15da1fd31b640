//! `GET /api/v1/stats`: what became of all entries, in total and per site.

use actix_web::HttpResponse;
use actix_web::web::{Data, ReqData};
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::error::ApiError;
use crate::registry::Caller;
use crate::store::{Counts, Stats};

pub(super) const PATH: &str = "/stats";

#[derive(Serialize, ToSchema)]
#[schema(as = Stats)]
struct Answer<'a> {
    /// All sites together, and what belongs to no site
    total: &'a Counts,
    sites: Vec<OfSite<'a>>,
}

/// What became of a site's entries
#[derive(Serialize, ToSchema)]
#[schema(as = SiteStats)]
struct OfSite<'a> {
    /// Stable id of the site
    site: &'a str,
    #[serde(flatten)]
    counts: &'a Counts,
}

/// What became of all entries, at most two seconds ago: `received` is the sum of `stored`, `folded` and `discarded`
#[utoipa::path(get, path = PATH, operation_id = "stats", tag = "about", 
    responses((status = 200, description = "Counts in total and per site", body = Answer<'static>)))]
pub(super) async fn get(api: Data<Api>, caller: ReqData<Caller>) -> Result<HttpResponse, ApiError> {
    let stats = api.store_for(&caller).stats(&caller.scope).await?;
    Ok(HttpResponse::Ok().json(Answer::of(&stats)))
}

impl<'a> Answer<'a> {
    fn of(stats: &'a Stats) -> Self {
        let sites = stats.sites.iter();
        Self {
            total: &stats.total,
            sites: sites
                .map(|(site, counts)| OfSite { site, counts })
                .collect(),
        }
    }
}
