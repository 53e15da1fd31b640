//! `GET /api/v1/alerts`: alerts, newest first.

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::facts::Facts;
use super::moment::Moment;
use super::params::LanguageWord;
use super::{Api, params};
use crate::cases::{Alert, AlertFilter, Cursor, MAX_PAGE, State};
use crate::ids::{AlertId, CampaignId};
use crate::language::Language;
use crate::registry::Caller;

pub(super) const PATH: &str = "/alerts";

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// In one of these states, separated by commas
    #[param(example = "open,acknowledged")]
    state: Option<String>,
    /// About this site
    site: Option<String>,
    /// About this destination
    destination: Option<String>,
    /// Assigned to the user with this e-mail address
    assignee: Option<String>,
    /// Of this organization; for the operator, others see but their own
    organization: Option<String>,
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
#[schema(as = Alerts)]
struct Answer<'a> {
    alerts: Vec<View<'a>>,
    /// Cursor of the next page
    next: Option<String>,
}

/// An alert
#[derive(Serialize, ToSchema)]
#[schema(as = Alert)]
pub(super) struct View<'a> {
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    id: &'a AlertId,
    /// Its campaign, which belongs to the installation
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    campaign: &'a CampaignId,
    /// open, acknowledged, contained, closed
    state: &'static str,
    raised_at: Moment,
    /// When the state last changed
    changed_at: Moment,
    /// Until when something must be done about it next; null once it is closed
    due_at: Option<Moment>,
    /// When somebody first decided something about it
    looked_at: Option<Moment>,
    /// When it was closed, if it is
    closed_at: Option<Moment>,
    /// Why it was raised, as it turned out; once it is closed
    cause: Option<&'static str>,
    /// What was done about it
    note: &'a str,
    /// E-mail address of whoever looks after it; null if nobody does
    assignee: Option<&'a str>,
    #[serde(flatten)]
    facts: Facts<'a>,
}

/// Alerts, newest first: one campaign each, and what people do about it
#[utoipa::path(get, path = PATH, operation_id = "alerts", tag = "alerts", params(Params), 
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
        assignee: params::text("assignee", params.assignee)?,
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
            raised_at: alert.raised_at.into(),
            changed_at: alert.changed_at.into(),
            due_at: alert.due_at.map(Moment),
            looked_at: alert.looked_at.map(Moment),
            closed_at: alert.closed_at.map(Moment),
            cause: alert.cause.map(|cause| cause.as_str()),
            note: &alert.note,
            assignee: Some(alert.assignee.as_str()).filter(|it| !it.is_empty()),
            facts: Facts::of(&alert.campaign, language),
        }
    }
}
