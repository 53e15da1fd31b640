//! One submission's way from the socket to the log: gate → parse → normalize → redact → quota → spool.

use std::sync::Arc;

use actix_http::body::BoxBody;
use actix_http::{Payload, RequestHead, Response};
use actix_web::http::header::{self, HeaderMap};

use super::judge::Sender;
use super::{Intake, answer, body};
use crate::door;
use crate::limit::{Admitted, Gate};
use crate::metrics::{self, Kind};
use crate::normalize::Label;
use crate::outcome::{RefusedReason, Tally};
use crate::parse::MAX_DRAIN_BYTES;
use crate::sites::{Lookup, Site};
use crate::spool::{AppendError, Submission};

/// Why a submission is refused, with a sentence for whoever set the address up.
struct Refusal(RefusedReason, String);

impl From<RefusedReason> for Refusal {
    fn from(reason: RefusedReason) -> Self {
        Self(reason, sentence(reason).to_owned())
    }
}

/// Takes one submission and answers.
pub(super) async fn take(
    intake: &Intake,
    request: &RequestHead,
    payload: Payload,
    key: &str,
) -> Response<BoxBody> {
    let site = match look_up(intake, key) {
        Ok(site) => site,
        Err(reason) => {
            intake.count_refused(None, reason);
            body::let_by(payload).await;
            return answer::refused(reason, sentence(reason));
        }
    };
    if let Err(reason) = check(&request.headers) {
        intake.count_refused(Some(&site.id), reason);
        if reason != RefusedReason::TooLarge {
            body::let_by(payload).await;
        }
        return answer::refused(reason, sentence(reason));
    }
    match submit(intake, request, payload, &site).await {
        Ok(()) => answer::accepted(),
        Err(Refusal(reason, message)) => {
            intake.count_refused(Some(&site.id), reason);
            answer::refused(reason, &message)
        }
    }
}

/// An unknown key may have been published a moment ago: Firefox and Safari would not send the report again.
fn look_up(intake: &Intake, key: &str) -> Result<Arc<Site>, RefusedReason> {
    let found = find(intake, key);
    if matches!(found, Err(RefusedReason::UnknownKey)) {
        // One `stat` unless another snapshot stands there; somebody else may have read it since we looked, so
        // what it says counts either way. A damaged one is reported by whoever reloads in turn.
        drop(intake.handles.sites.reload_if_changed());
        return find(intake, key);
    }
    found
}

fn find(intake: &Intake, key: &str) -> Result<Arc<Site>, RefusedReason> {
    match intake.handles.sites.current().find(key) {
        Lookup::Active(site) => Ok(Arc::clone(site)),
        Lookup::Retired => Err(RefusedReason::RetiredKey),
        Lookup::Unknown => Err(RefusedReason::UnknownKey),
    }
}

async fn submit(
    intake: &Intake,
    request: &RequestHead,
    payload: Payload,
    site: &Arc<Site>,
) -> Result<(), Refusal> {
    let sender = Sender {
        site,
        address: door::address(request, &intake.config.trusted_proxies),
        user_agent: user_agent(&request.headers),
    };
    let judge = &intake.handles.judge;
    let deadline = std::time::Duration::from_secs(intake.config.body_seconds);
    let visit = judge.visit(sender);
    let submission = match visit.gate() {
        Gate::Fold => {
            body::drain(payload, deadline).await?;
            intake
                .handles
                .spool
                .count_folded(&site.id)
                .map_err(unavailable)?;
            metrics::get().reports_received.inc();
            metrics::get().reports_folded.inc();
            return Ok(());
        }
        Gate::Read => {
            let body = body::read(payload, deadline, &intake.memory).await?;
            judge
                .judge(sender, &visit, (&body.bytes, body.cut))
                .map_err(|error| Refusal(RefusedReason::NotJson, error.to_string()))?
        }
    };
    let tally = submission.tally;
    let cut = num_cut(&submission);
    intake
        .handles
        .spool
        .append(submission)
        .await
        .map_err(unavailable)?;
    count(&tally, cut);
    Ok(())
}

fn unavailable(error: AppendError) -> Refusal {
    tracing::debug!(%error, "submission not durable");
    metrics::count(&metrics::get().submissions_unavailable, error.kind());
    Refusal(RefusedReason::Unavailable, error.to_string())
}

/// What can be refused before the body is read.
fn check(headers: &HeaderMap) -> Result<(), RefusedReason> {
    // Not decoded, not even with a cap: no browser compresses a report, so only a bomb would come of it.
    let mut encodings = headers.get_all(header::CONTENT_ENCODING);
    if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(RefusedReason::Encoding);
    }
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    let length = length
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or(0);
    if length > MAX_DRAIN_BYTES as u64 {
        Err(RefusedReason::TooLarge)
    } else {
        Ok(())
    }
}

fn user_agent(headers: &HeaderMap) -> &str {
    let agent = headers.get(header::USER_AGENT);
    agent.and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn num_cut(submission: &Submission) -> u64 {
    let reports = submission.reports.iter();
    let is_cut = |admitted: &&Admitted| admitted.report().labels().contains(Label::Cut);
    reports.filter(is_cut).count() as u64
}

fn count(tally: &Tally, cut: u64) {
    let metrics = metrics::get();
    // Workers share the counters: nothing that is not needed is added.
    for (counter, n) in [
        (&metrics.reports_cut, cut),
        (&metrics.reports_received, tally.received().into()),
        (&metrics.reports_stored, tally.stored.into()),
        (&metrics.reports_folded, tally.folded.into()),
    ] {
        if n > 0 {
            counter.inc_by(n);
        }
    }
    for reason in crate::outcome::DiscardReason::ALL {
        let n = tally.discarded(reason);
        if n > 0 {
            let kind = Kind {
                kind: reason.as_str(),
            };
            metrics
                .reports_discarded
                .get_or_create(&kind)
                .inc_by(n.into());
        }
    }
}

fn sentence(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::UnknownKey => {
            "no site has this key: check the address after /r/ in the page's policy"
        }
        RefusedReason::RetiredKey => "this key was retired: take the address out of the policy",
        RefusedReason::NotJson => "the body is neither a JSON object nor a JSON array",
        RefusedReason::TooLarge => "the body is larger than 16 MiB",
        RefusedReason::Method => "reports are sent with POST",
        RefusedReason::Timeout => "the body did not arrive in time",
        RefusedReason::Broken => "the body ended early or its framing is broken",
        RefusedReason::Encoding => "send the body without a Content-Encoding, as browsers do",
        RefusedReason::Unavailable => "busy: the report could not be made durable, try again",
    }
}
