//! `GET /api/v1/campaigns`: attacks as far as they are known, newest first.

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::facts::Facts;
use super::moment::Moment;
use super::params::LanguageWord;
use super::{Api, params};
use crate::cases::{Campaign, Cursor, MAX_PAGE};
use crate::ids::CampaignId;
use crate::language::Language;
use crate::registry::Caller;

pub(super) const PATH: &str = "/campaigns";

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// Language of the sentences; without it, what `Accept-Language` prefers
    #[param(value_type = Option<LanguageWord>, inline)]
    lang: Option<String>,
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500, default = 100)]
    limit: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Campaigns)]
struct Answer<'a> {
    campaigns: Vec<View<'a>>,
    /// Cursor of the next page
    next: Option<String>,
}

/// An attack, as far as it is known
#[derive(Serialize, ToSchema)]
#[schema(as = Campaign)]
struct View<'a> {
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    id: &'a CampaignId,
    raised_at: Moment,
    #[serde(flatten)]
    facts: Facts<'a>,
}

/// Campaigns, newest first: attacks as far as they are known
#[utoipa::path(get, path = PATH, operation_id = "campaigns", tag = "alerts", params(Params), 
    responses((status = 200, description = "A page", body = Answer<'static>)))]
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
            raised_at: campaign.raised_at.into(),
            facts: Facts::of(campaign, language),
        }
    }
}
