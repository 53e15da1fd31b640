//! `GET /api/v1/stats`: what became of all entries, in total and per site.

use actix_web::HttpResponse;
use actix_web::web::{Data, ReqData};
use serde::Serialize;

use super::Api;
use super::error::ApiError;
use crate::registry::Caller;
use crate::store::{Counts, Stats};

#[derive(Serialize)]
struct Answer<'a> {
    total: &'a Counts,
    sites: Vec<OfSite<'a>>,
}

#[derive(Serialize)]
struct OfSite<'a> {
    site: &'a str,
    #[serde(flatten)]
    counts: &'a Counts,
}

pub(super) async fn get(api: Data<Api>, caller: ReqData<Caller>) -> Result<HttpResponse, ApiError> {
    let stats = api.store.stats(&caller.scope).await?;
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
