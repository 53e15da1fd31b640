//! `/api/v1/alerts/{id}`: one alert with its merchants and its history, and what is done about it.

use actix_web::web::{self, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::alerts::View;
use super::error::ApiError;
use super::facts::Sentence;
use super::moment::Moment;
use super::once::{self, Write};
use super::params::LanguageWord;
use super::{Api, body, params};
use crate::cases::{Alert, Cases, CasesError, Cause, Event, Member, SiteHit, State, Triage};
use crate::ids::{AlertId, SiteId};
use crate::language::Language;
use crate::registry::Caller;
use crate::role::Right;
use crate::scope::Scope;

pub(super) const PATH: &str = "/alerts/{id}";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// Language of the sentences; without it, what `Accept-Language` prefers
    #[param(value_type = Option<LanguageWord>, inline)]
    lang: Option<String>,
}

/// What is to be done about an alert
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Triage, example = json!({"state": "acknowledged"}))]
struct Change {
    /// Where it is to go: acknowledged, contained, closed; or open again
    #[schema(
        pattern = "^(open|acknowledged|contained|closed)$",
        example = "acknowledged"
    )]
    state: Option<String>,
    /// Instead of a state: the e-mail address of the user whose it is to look after it, or nothing to take it from them
    #[schema(max_length = 254, example = "aya@psp.example")]
    assignee: Option<String>,
    /// Why it was raised, as it turned out: goes with closed, which needs one
    #[schema(example = "legitimate-change")]
    cause: Option<String>,
    /// What was done, in one's own words: goes with closed
    #[schema(max_length = 2000)]
    note: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AlertDetail)]
struct Answer<'a> {
    #[serde(flatten)]
    alert: View<'a>,
    /// Destinations of the campaign, the one that it was raised for first
    members: Vec<MemberView<'a>>,
    /// Where it was seen, in the order in which the sites were hit
    hits: Vec<HitView<'a>>,
    /// What happened to the alert, in order
    events: Vec<EventView<'a>>,
}

/// One destination of the campaign
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
struct MemberView<'a> {
    destination: &'a str,
    /// Account at a well-known service
    account: Option<&'a str>,
    /// exfiltration, fake-payment-page and others
    kind: &'static str,
    /// low, medium, high, critical
    severity: &'static str,
    score: f64,
    joined_at: Moment,
    first_seen: Moment,
    last_seen: Moment,
    /// At how many sites
    sites: u32,
    reasons: Vec<Sentence>,
}

/// A site where the campaign was seen
#[derive(Serialize, ToSchema)]
#[schema(as = Hit)]
struct HitView<'a> {
    /// Stable id of the site
    #[schema(value_type = String)]
    site: &'a SiteId,
    first_seen: Moment,
    last_seen: Moment,
    joined_at: Moment,
    /// Browsers that reported it there
    clients: u32,
    /// Networks that they are in
    networks: u32,
    /// Networks that any report of such pages came from
    page_networks: u32,
    directives: &'a [String],
    /// Whether a card number stood in a report of it
    card_number: bool,
}

/// Something that happened to an alert
#[derive(Serialize, ToSchema)]
#[schema(as = AlertEvent)]
struct EventView<'a> {
    at: Moment,
    /// Who did it: `detector`, or somebody by name
    actor: &'a str,
    /// raised, worsened, site-joined, member-joined, acknowledged, contained, closed, assigned, overdue, reopened
    what: &'static str,
    /// What it is about: a site, a destination, a severity, a cause, a user, or empty
    subject: &'a str,
}

/// One alert with its sites and its history
#[utoipa::path(get, path = PATH, operation_id = "alert", tag = "alerts", params(Params, ("id" = String, Path, description = "The alert", pattern = "^[0-9a-f]{16}$")), 
    responses((status = 200, description = "The alert", body = Answer<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let language = language(&request)?;
    let id = known(&id)?;
    let (cases, scope) = (api.cases.clone(), caller.scope.clone());
    let (alert, events) = web::block(move || read(&cases, &scope, &id)).await??;
    Ok(HttpResponse::Ok().json(Answer::of(&alert, &events, language)))
}

/// Do something about an alert: acknowledge it, say that it is contained, close it with a cause, open it again, or assign it
#[utoipa::path(patch, path = PATH, operation_id = "triage", tag = "alerts", params(Params, ("id" = String, Path, description = "The alert", pattern = "^[0-9a-f]{16}$")), 
    extensions(("x-right" = json!("triage"))), request_body = Change,
    responses((status = 200, description = "The alert as it is now", body = Answer<'static>)))]
pub(super) async fn patch(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Triage)?;
    let language = language(&request)?;
    let body = body::read(&request, payload).await?;
    let deed = deed(body::json(&body)?)?;
    let id = known(&id)?;
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let scope = caller.scope.clone();
    let (by, of, within) = (author.clone(), id.clone(), scope.clone());
    let outcome = write.make(&api, move |api| {
        let by = (&by, api.clock.now());
        match &deed {
            Deed::Triage(triage) => api.cases.triage(&within, &of, by, triage)?,
            Deed::Assign(to) => api.cases.assign(&within, &of, by, to)?,
        }
        Ok(())
    });
    let outcome = outcome.await?;
    let cases = api.cases.clone();
    let (alert, events) = web::block(move || read(&cases, &scope, &id)).await??;
    Ok(once::answer(&outcome, |()| false).json(Answer::of(&alert, &events, language)))
}

fn language(request: &HttpRequest) -> Result<Language, ApiError> {
    let params: Params = params::query(request)?;
    params::language(request, params.lang.as_deref())
}

/// What is no id names nothing.
fn known(id: &str) -> Result<AlertId, ApiError> {
    id.parse().ok().ok_or(ApiError::NotFound)
}

fn read(cases: &Cases, scope: &Scope, id: &AlertId) -> Result<(Alert, Vec<Event>), CasesError> {
    let alert = cases.alert(scope, id)?;
    let alert = alert.ok_or_else(|| CasesError::NoAlert(id.clone()))?;
    Ok((alert, cases.events(scope, id)?))
}

/// What is done about an alert, one thing at a time.
enum Deed {
    Triage(Triage),
    Assign(String),
}

fn deed(change: Change) -> Result<Deed, ApiError> {
    match (&change.state, &change.assignee) {
        (Some(_), None) => triage(change).map(Deed::Triage),
        (None, Some(to)) if change.cause.is_none() && change.note.is_none() => {
            Ok(Deed::Assign(to.clone()))
        }
        _ => Err(ApiError::Body(
            "give either a state, with a cause and a note if it is closed, or an assignee"
                .to_owned(),
        )),
    }
}

fn triage(change: Change) -> Result<Triage, ApiError> {
    let refuse = |what: &str| Err(ApiError::Body(what.to_owned()));
    let Some(state) = change.state.as_deref().and_then(State::of_word) else {
        return refuse("state is open, acknowledged, contained or closed");
    };
    if state == State::Closed {
        let Some(cause) = change.cause.as_deref().and_then(Cause::of_word) else {
            let causes = Cause::ALL.map(Cause::as_str).join(", ");
            return refuse(&format!("an alert is closed with a cause: {causes}"));
        };
        let note = change.note.unwrap_or_default();
        return Ok(Triage::Close { cause, note });
    }
    // Taken in silence, they would be lost.
    if change.cause.is_some() || change.note.is_some() {
        return refuse("cause and note go with closed");
    }
    Ok(match state {
        State::Open => Triage::Reopen,
        State::Acknowledged => Triage::Acknowledge,
        State::Contained | State::Closed => Triage::Contain,
    })
}

impl<'a> Answer<'a> {
    fn of(alert: &'a Alert, events: &'a [Event], language: Language) -> Self {
        Self {
            alert: View::of(alert, language),
            members: alert
                .campaign
                .members
                .iter()
                .map(|it| MemberView::of(it, language))
                .collect(),
            hits: alert.campaign.sites.iter().map(HitView::of).collect(),
            events: events.iter().map(EventView::of).collect(),
        }
    }
}

impl<'a> MemberView<'a> {
    fn of(member: &'a Member, language: Language) -> Self {
        Self {
            destination: &member.destination,
            account: member.account.as_deref(),
            kind: member.kind.as_str(),
            severity: member.severity.as_str(),
            score: member.score,
            joined_at: member.joined_at.into(),
            first_seen: member.first_seen.into(),
            last_seen: member.last_seen.into(),
            sites: member.sites,
            reasons: Sentence::all(&member.reasons, language),
        }
    }
}

impl<'a> HitView<'a> {
    fn of(hit: &'a SiteHit) -> Self {
        Self {
            site: &hit.site,
            first_seen: hit.first_seen.into(),
            last_seen: hit.last_seen.into(),
            joined_at: hit.joined_at.into(),
            clients: hit.clients,
            networks: hit.networks,
            page_networks: hit.page_networks,
            directives: &hit.directives,
            card_number: hit.card_number,
        }
    }
}

impl<'a> EventView<'a> {
    fn of(event: &'a Event) -> Self {
        Self {
            at: event.at.into(),
            actor: &event.actor,
            what: event.what.as_str(),
            subject: &event.subject,
        }
    }
}
