//! `GET /api/v1/triage`: whether all alerts are looked at, and how soon.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::web::{self, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::cases::{Figures, Spread};
use crate::clock::Timestamp;
use crate::registry::Caller;

pub(super) const PATH: &str = "/triage";

/// Whose figures are told if nobody says: those of a quarter.
const USUALLY: Duration = Duration::from_secs(90 * 24 * 3600);

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// Alerts raised since then; without it, those of the last 90 days
    #[param(value_type = Option<Moment>, inline)]
    since: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TriagePerformance)]
struct Answer {
    since: Moment,
    /// Alerts of every severity
    all: View,
    /// By severity: medium, high, critical
    by_severity: BTreeMap<&'static str, View>,
    /// Closed alerts by what the cause was
    causes: BTreeMap<&'static str, u32>,
}

/// How some alerts are dealt with
#[derive(Serialize, ToSchema)]
#[schema(as = TriageFigures)]
struct View {
    /// How many were raised
    raised: u32,
    /// How many of them somebody has decided something about
    looked_at: u32,
    /// The same in percent; 100 if there were none
    share_looked_at: u32,
    /// How many of them are closed, with a cause and what was done
    closed: u32,
    /// How many of the others are past their deadline
    overdue: u32,
    /// From raised to looked at
    first_look: Times,
    /// From raised to closed
    close: Times,
}

/// Times of those that are done, in seconds; null if there are none
#[derive(Serialize, ToSchema)]
#[schema(as = TriageTimes)]
struct Times {
    /// Half of them took no longer
    half: Option<i64>,
    /// Nine in ten took no longer
    nine_in_ten: Option<i64>,
}

/// Whether all alerts are looked at, how soon, and what they turned out to be
#[utoipa::path(get, path = PATH, operation_id = "triagePerformance", tag = "alerts", params(Params),
    responses((status = 200, description = "Figures of the caller's alerts", body = Answer)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let now = api.clock.now();
    let since = params::parsed::<Timestamp>("since", params.since.as_deref())?;
    let since = since.unwrap_or_else(|| now.minus(USUALLY));
    let (cases, scope) = (api.cases.clone(), caller.scope.clone());
    let told = web::block(move || cases.performance(&scope, (since, now))).await??;
    let by_severity = told.by_severity.iter();
    Ok(HttpResponse::Ok().json(Answer {
        since: since.into(),
        all: View::of(&told.all),
        by_severity: by_severity
            .map(|(severity, figures)| (severity.as_str(), View::of(figures)))
            .collect(),
        causes: told.causes,
    }))
}

impl View {
    fn of(figures: &Figures) -> Self {
        Self {
            raised: figures.raised,
            looked_at: figures.looked_at,
            share_looked_at: figures.share_looked_at(),
            closed: figures.closed,
            overdue: figures.overdue,
            first_look: Times::of(figures.first_look),
            close: Times::of(figures.close),
        }
    }
}

impl Times {
    fn of(spread: Spread) -> Self {
        Self {
            half: spread.half.map(|ms| ms / 1000),
            nine_in_ten: spread.nine_in_ten.map(|ms| ms / 1000),
        }
    }
}
