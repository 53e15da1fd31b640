//! Sends recorded requests, in order, some at once, at their pace.

use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;

use super::record::{RecordError, Recorded};
use crate::clock::SharedClock;

/// Requests under way at once.
const CONCURRENCY: usize = 32;

/// Requests after which progress is told.
const PROGRESS_EVERY: u64 = 1000;

/// How to replay.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to: an address with `{site}` in it, or a whole address, or the collector's root.
    pub url: String,
    /// How many times faster than recorded; 0 is as fast as answers come.
    pub speed: f64,
    /// Called now and then with the requests sent so far.
    pub progress: fn(u64),
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Requests sent.
    pub sent: u64,
    /// Answers by status.
    pub answers: BTreeMap<u16, u64>,
    /// Requests without an answer.
    pub failed: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sent {}", self.sent)?;
        for (status, n) in &self.answers {
            write!(f, ", {n} answered {status}")?;
        }
        if self.failed > 0 {
            write!(f, ", {} without an answer", self.failed)?;
        }
        Ok(())
    }
}

/// Why a replay stops.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The file cannot be read on.
    #[error("line {line} cannot be read: {cause}")]
    Read {
        /// Counted from 1.
        line: u64,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A line is no recorded request.
    #[error("line {line}: {cause}")]
    Record {
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        cause: RecordError,
    },
    /// The address is none.
    #[error("\"{url}\" is no http:// address of a collector (give http://HOST:PORT/r/{{site}})")]
    Url {
        /// As given, with the site filled in.
        url: String,
    },
}

type Http = Client<HttpConnector, Full<Bytes>>;

/// Replays all lines of `source`.
///
/// # Errors
/// [`ReplayError`] at the first line that cannot be read or sent to; what was sent stays sent.
pub async fn run(
    source: impl BufRead,
    options: &Options,
    clock: &SharedClock,
) -> Result<Summary, ReplayError> {
    let client: Http = Client::builder(TokioExecutor::new()).build_http();
    let client = Arc::new(client);
    let mut summary = Summary::default();
    let mut under_way = JoinSet::new();
    let started = clock.monotonic();
    let mut first = None;
    for (line, text) in (1..).zip(source.lines()) {
        let text = text.map_err(|cause| ReplayError::Read { line, cause })?;
        if text.trim().is_empty() {
            continue;
        }
        let recorded =
            Recorded::parse(&text).map_err(|cause| ReplayError::Record { line, cause })?;
        if options.speed > 0.0 {
            let since = (recorded.at - *first.get_or_insert(recorded.at)) / options.speed;
            let due = started + Duration::try_from_secs_f64(since).unwrap_or_default();
            tokio::time::sleep(due.saturating_sub(clock.monotonic())).await;
        }
        let request = request(recorded, &options.url)?;
        if under_way.len() >= CONCURRENCY {
            note(&mut summary, under_way.join_next().await);
        }
        let client = Arc::clone(&client);
        under_way.spawn(async move { status(&client, request).await });
        summary.sent += 1;
        if summary.sent.is_multiple_of(PROGRESS_EVERY) {
            (options.progress)(summary.sent);
        }
    }
    while let Some(answer) = under_way.join_next().await {
        note(&mut summary, Some(answer));
    }
    Ok(summary)
}

fn note(summary: &mut Summary, answer: Option<Result<Option<u16>, tokio::task::JoinError>>) {
    match answer {
        Some(Ok(Some(status))) => *summary.answers.entry(status).or_default() += 1,
        Some(_) => summary.failed += 1,
        None => {}
    }
}

/// The status of the answer, its body read so that the connection can be used again.
async fn status(client: &Http, request: Request<Full<Bytes>>) -> Option<u16> {
    let response = client.request(request).await.ok()?;
    let status = response.status().as_u16();
    response.into_body().collect().await.ok()?;
    Some(status)
}

fn request(recorded: Recorded, url: &str) -> Result<Request<Full<Bytes>>, ReplayError> {
    let url = address(url, recorded.site.as_deref());
    let invalid = || ReplayError::Url { url: url.clone() };
    let uri: Uri = url.parse().map_err(|_cause| invalid())?;
    if uri.scheme_str() != Some("http") {
        return Err(invalid());
    }
    let method = Method::from_bytes(recorded.method.as_bytes()).unwrap_or(Method::POST);
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in recorded.headers {
        request = request.header(name, value);
    }
    request
        .body(Full::from(recorded.body))
        .map_err(|_cause| invalid())
}

fn address(url: &str, site: Option<&str>) -> String {
    match site {
        Some(site) if url.contains("{site}") => url.replace("{site}", site),
        Some(site) if !url.contains("/r/") => format!("{}/r/{site}", url.trim_end_matches('/')),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses() {
        let cases = [
            (
                "a place for the site",
                "http://h/r/{site}",
                Some("m1"),
                "http://h/r/m1",
            ),
            ("the root", "http://h:1/", Some("m1"), "http://h:1/r/m1"),
            (
                "a whole address wins",
                "http://h/r/k",
                Some("m1"),
                "http://h/r/k",
            ),
            ("no site recorded", "http://h/r/k", None, "http://h/r/k"),
        ];
        for (name, url, site, expected) in cases {
            assert_eq!(address(url, site), expected, "{name}");
        }
    }
}
