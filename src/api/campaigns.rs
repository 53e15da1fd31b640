//! `GET /api/v1/campaigns`: attacks as far as they are known, newest first.

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::facts::Facts;
use super::{Api, params};
use crate::cases::{Campaign, Cursor, MAX_PAGE};
use crate::ids::CampaignId;
use crate::language::Language;
use crate::registry::Caller;

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    lang: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    campaigns: Vec<View<'a>>,
    next: Option<String>,
}

#[derive(Serialize)]
struct View<'a> {
    id: &'a CampaignId,
    raised_at: String,
    #[serde(flatten)]
    facts: Facts<'a>,
}

pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let language = params::language(&request, params.lang.as_deref())?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_PAGE)?;
    let after = params::parsed::<Cursor>("cursor", params.cursor.as_deref())?;
    let (cases, scope) = (api.cases.clone(), caller.scope.clone());
    let page = web::block(move || cases.campaigns(&scope, after.as_ref(), limit));
    let (campaigns, next) = page.await??;
    let campaigns = campaigns.iter();
    Ok(HttpResponse::Ok().json(Answer {
        campaigns: campaigns.map(|it| View::of(it, language)).collect(),
        next: next.map(|cursor| cursor.to_string()),
    }))
}

impl<'a> View<'a> {
    fn of(campaign: &'a Campaign, language: Language) -> Self {
        Self {
            id: &campaign.id,
            raised_at: campaign.raised_at.to_string(),
            facts: Facts::of(campaign, language),
        }
    }
}
