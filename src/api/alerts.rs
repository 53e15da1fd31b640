//! `GET /api/v1/alerts`: alerts, newest first.

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::facts::Facts;
use super::{Api, params};
use crate::cases::{Alert, AlertFilter, Cursor, MAX_PAGE, State};
use crate::ids::{AlertId, CampaignId};
use crate::language::Language;
use crate::registry::Caller;

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    state: Option<String>,
    site: Option<String>,
    destination: Option<String>,
    organization: Option<String>,
    lang: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    alerts: Vec<View<'a>>,
    next: Option<String>,
}

/// An alert as answers show it.
#[derive(Serialize)]
pub(super) struct View<'a> {
    id: &'a AlertId,
    campaign: &'a CampaignId,
    state: &'static str,
    raised_at: String,
    changed_at: String,
    cause: Option<&'static str>,
    note: &'a str,
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
    let filter = filter(params)?;
    let (cases, scope) = (api.cases.clone(), caller.scope.clone());
    let page = web::block(move || cases.alerts(&scope, &filter, after.as_ref(), limit)).await??;
    let alerts = page.alerts.iter();
    Ok(HttpResponse::Ok().json(Answer {
        alerts: alerts.map(|alert| View::of(alert, language)).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

fn filter(params: Params) -> Result<AlertFilter, ApiError> {
    let organization = params::parsed("organization", params.organization.as_deref())?;
    Ok(AlertFilter {
        organization,
        id: None,
        states: states(params.state)?,
        site: params::site("site", params.site.as_deref())?,
        destination: params::text("destination", params.destination)?,
    })
}

/// `open,acknowledged`
fn states(value: Option<String>) -> Result<Vec<State>, ApiError> {
    let words = params::text("state", value)?;
    let states = words.iter().flat_map(|words| words.split(','));
    let states = states.map(State::of_word).collect::<Option<Vec<_>>>();
    states.map_or_else(|| params::refuse("state", "holds no known word"), Ok)
}

impl<'a> View<'a> {
    pub(super) fn of(alert: &'a Alert, language: Language) -> Self {
        Self {
            id: &alert.id,
            campaign: &alert.campaign.id,
            state: alert.state.as_str(),
            raised_at: alert.raised_at.to_string(),
            changed_at: alert.changed_at.to_string(),
            cause: alert.cause.map(|cause| cause.as_str()),
            note: &alert.note,
            facts: Facts::of(&alert.campaign, language),
        }
    }
}
