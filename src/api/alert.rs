//! `/api/v1/alerts/{id}`: one alert with its merchants and its history, and what is done about it.

use actix_web::web::{self, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::alerts::View;
use super::error::ApiError;
use super::facts::Sentence;
use super::{Api, body, params};
use crate::cases::{Alert, Cases, CasesError, Cause, Event, Member, SiteHit, State, Triage};
use crate::ids::{AlertId, SiteId};
use crate::language::Language;
use crate::registry::Caller;
use crate::role::Right;
use crate::scope::Scope;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    lang: Option<String>,
}

/// What a caller wants done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    state: String,
    cause: Option<String>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    alert: View<'a>,
    members: Vec<MemberView<'a>>,
    hits: Vec<HitView<'a>>,
    events: Vec<EventView<'a>>,
}

/// One destination of the campaign.
#[derive(Serialize)]
struct MemberView<'a> {
    destination: &'a str,
    account: Option<&'a str>,
    kind: &'static str,
    severity: &'static str,
    score: f64,
    joined_at: String,
    first_seen: String,
    last_seen: String,
    /// At how many sites.
    sites: u32,
    reasons: Vec<Sentence>,
}

#[derive(Serialize)]
struct HitView<'a> {
    site: &'a SiteId,
    first_seen: String,
    last_seen: String,
    joined_at: String,
    clients: u32,
    networks: u32,
    page_networks: u32,
    directives: &'a [String],
    card_number: bool,
}

#[derive(Serialize)]
struct EventView<'a> {
    at: String,
    actor: &'a str,
    what: &'static str,
    subject: &'a str,
}

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

pub(super) async fn patch(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Triage)?;
    let language = language(&request)?;
    let triage = triage(body::json(&request, payload).await?)?;
    let id = known(&id)?;
    let (cases, caller, now) = (api.cases.clone(), caller.into_inner(), api.clock.now());
    let (alert, events) = web::block(move || {
        cases.triage(&caller.scope, &id, (&author, now), &triage)?;
        read(&cases, &caller.scope, &id)
    })
    .await??;
    Ok(HttpResponse::Ok().json(Answer::of(&alert, &events, language)))
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

fn triage(change: Change) -> Result<Triage, ApiError> {
    let refuse = |what: &str| Err(ApiError::Body(what.to_owned()));
    let Some(state) = State::of_word(&change.state) else {
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
            joined_at: member.joined_at.to_string(),
            first_seen: member.first_seen.to_string(),
            last_seen: member.last_seen.to_string(),
            sites: member.sites,
            reasons: Sentence::all(&member.reasons, language),
        }
    }
}

impl<'a> HitView<'a> {
    fn of(hit: &'a SiteHit) -> Self {
        Self {
            site: &hit.site,
            first_seen: hit.first_seen.to_string(),
            last_seen: hit.last_seen.to_string(),
            joined_at: hit.joined_at.to_string(),
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
            at: event.at.to_string(),
            actor: &event.actor,
            what: event.what.as_str(),
            subject: &event.subject,
        }
    }
}
