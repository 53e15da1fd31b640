//! `GET /api/v1/alerts/live`: what happens to alerts, as it happens: server-sent events.
//!
//! Events are numbered. Whoever comes back with `Last-Event-ID` misses none. A stream ends when its token counts no
//! more: at each look the token is asked about anew, so that a site that is taken away no longer shows.

use std::collections::VecDeque;
use std::time::Duration;

use actix_web::web::{self, Bytes, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, MissedTickBehavior, interval};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::load::{Kind, Seat};
use super::moment::Moment;
use super::{Api, auth, params};
use crate::cases::{CasesError, Feed, News};
use crate::registry::Caller;

pub(super) const PATH: &str = "/alerts/live";

/// How often is looked whether something happened.
const LOOK: Duration = Duration::from_secs(1);

/// A stream is silent no longer, so that no proxy takes it for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Milliseconds after which a client whose stream broke comes back.
const RETRY: u32 = 3000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// For clients that cannot send `Last-Event-ID`: the number of the last event that they saw; 0 for all there are
    #[param(value_type = Option<u64>)]
    after: Option<String>,
}

/// Something that happened to an alert
#[derive(Serialize, ToSchema)]
#[schema(as = LiveEvent)]
struct View<'a> {
    /// Number of the event: numbers only grow
    number: u64,
    at: Moment,
    /// raised, worsened, site-joined, member-joined, acknowledged, contained, closed, reopened
    what: &'static str,
    /// What it is about: a site, a severity, a cause, or empty
    subject: &'a str,
    /// Who did it: `detector`, or somebody by name
    actor: &'a str,
    /// Id of the alert
    alert: &'a str,
    /// Id of its campaign
    campaign: &'a str,
    /// Where card data may be going
    destination: &'a str,
    /// low, medium, high, critical: as it is now
    severity: &'static str,
    /// open, acknowledged, contained, closed: as it is now
    state: &'static str,
}

/// Somebody who listens.
struct Listener {
    api: Data<Api>,
    /// What was shown as the token, asked about at each look.
    authorization: String,
    after: u64,
    waiting: VecDeque<Bytes>,
    more: bool,
    ticks: tokio::time::Interval,
    spoke: Instant,
    _seat: Seat,
}

/// What happens to alerts, as it happens
///
/// Server-sent events of the type `alert`, each with a `LiveEvent` as its data. `Last-Event-ID` goes on after an event.
/// Without it the stream begins now. A comment comes every 15 seconds. The stream ends when the token counts no more.
#[utoipa::path(get, path = PATH, operation_id = "live", tag = "alerts",
    params(Params, ("Last-Event-ID" = Option<u64>, Header, description = "Number of the last event that was seen")),
    responses((status = 200, description = "Events without end", content_type = "text/event-stream", body = View<'static>)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let header = request.headers().get("last-event-id");
    let header = header.map(|value| value.to_str().unwrap_or("?"));
    let after = params::parsed::<u64>("Last-Event-ID", header)?;
    let after = match params::parsed::<u64>("after", params.after.as_deref())? {
        Some(parameter) => after.or(Some(parameter)),
        None => after,
    };
    let seat = api.load.seat(Kind::Listener, &caller.organization)?;
    let after = match after {
        Some(after) => after,
        None => {
            let cases = api.cases.clone();
            web::block(move || cases.newest_event()).await??
        }
    };
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener = Listener {
        authorization: auth::shown(request.headers()).ok_or(ApiError::Unauthorized)?,
        api,
        after,
        waiting: VecDeque::from([greeting(after)]),
        more: false,
        ticks,
        spoke: Instant::now(),
        _seat: seat,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // Proxies that hold answers back until they are whole would hold this one for ever.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(listener, |listener| async {
            let (bytes, listener) = listener.next().await?;
            Some((Ok::<_, ApiError>(bytes), listener))
        })))
}

impl Listener {
    /// What is to be sent next; none at the end.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        loop {
            if let Some(bytes) = self.waiting.pop_front() {
                self.spoke = Instant::now();
                return Some((bytes, self));
            }
            if !self.more {
                self.ticks.tick().await;
            }
            match self.look().await {
                Ok(Some(feed)) => self.take(&feed),
                Ok(None) => return None,
                Err(error) => {
                    tracing::warn!(%error, "a listener is sent away");
                    return None;
                }
            }
            if self.waiting.is_empty() && self.spoke.elapsed() >= HEARTBEAT {
                self.waiting.push_back(heartbeat(self.after));
            }
        }
    }

    /// What happened; none if the token counts no more.
    async fn look(&self) -> Result<Option<Feed>, ApiError> {
        let (api, after) = (Data::clone(&self.api), self.after);
        let authorization = self.authorization.clone();
        let looked = web::block(move || {
            let Some(caller) = api.authenticator.bearer(&authorization)? else {
                return Ok(None);
            };
            api.cases.feed(&caller.scope, after).map(Some)
        });
        Ok(looked
            .await
            .map_err(ApiError::from)?
            .map_err(CasesError::from)?)
    }

    fn take(&mut self, feed: &Feed) {
        self.after = feed.read_to;
        self.more = feed.more;
        self.waiting.extend(feed.news.iter().filter_map(event));
    }
}

fn greeting(after: u64) -> Bytes {
    Bytes::from(format!("retry: {RETRY}\nid: {after}\n: listening\n\n"))
}

/// Without data it is no event; its number moves on where the client would begin again.
fn heartbeat(after: u64) -> Bytes {
    Bytes::from(format!("id: {after}\n: nothing new\n\n"))
}

fn event(news: &News) -> Option<Bytes> {
    let (event, alert) = (&news.event, &news.alert);
    let view = View {
        number: news.number,
        at: event.at.into(),
        what: event.what.as_str(),
        subject: &event.subject,
        actor: &event.actor,
        alert: alert.id.as_str(),
        campaign: alert.campaign.id.as_str(),
        destination: &alert.campaign.destination,
        severity: alert.campaign.severity.as_str(),
        state: alert.state.as_str(),
    };
    // JSON has no line breaks of its own, which would end the data.
    let data = serde_json::to_string(&view).ok()?;
    let number = news.number;
    Some(Bytes::from(format!(
        "event: alert\nid: {number}\ndata: {data}\n\n"
    )))
}
