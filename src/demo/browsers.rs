//! Posts to the collector as browsers do. [`Browsers`] is the type to know.
//!
//! The rule: what is asked to be posted is posted again until it is acknowledged, so that a collector that
//! is restarted meanwhile loses nothing. Only a refusal that would come again ends it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::script::Posted;

/// Requests under way at once. All others wait in the list that was handed in.
const CONCURRENCY: usize = 64;
/// The first pause before a request is made again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a collector may not know a key that was just published.
const UNKNOWN_FOR: Duration = Duration::from_secs(10);
/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What came of the requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Answered with a promise to keep them.
    pub acknowledged: u64,
    /// Refused for a reason that does not pass.
    pub given_up: u64,
}

/// Why nothing can be posted.
#[derive(Debug, thiserror::Error)]
pub enum BrowsersError {
    /// The address is none.
    #[error("\"{0}\" is no http:// address of a collector (give http://HOST:PORT)")]
    Collector(String),
}

/// The browsers of all visitors.
#[derive(Debug)]
pub struct Browsers {
    client: Client<HttpConnector, Full<Bytes>>,
    collector: String,
    /// One refusal tells what there is to tell.
    has_told: AtomicBool,
}

impl Browsers {
    /// Browsers that post to `http://HOST:PORT`. The collector need not be there yet.
    ///
    /// # Errors
    /// [`BrowsersError`] if that is no such address.
    pub fn new(collector: &str) -> Result<Self, BrowsersError> {
        let collector = collector.trim_end_matches('/');
        let is_http = |uri: &Uri| uri.scheme_str() == Some("http") && uri.path() == "/";
        if !collector.parse::<Uri>().is_ok_and(|uri| is_http(&uri)) {
            return Err(BrowsersError::Collector(collector.to_owned()));
        }
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            collector: collector.to_owned(),
            has_told: AtomicBool::new(false),
        })
    }

    /// Posts all of them, begun in their order, and returns when each one was acknowledged or refused for
    /// good. As long as no collector answers, this waits: whoever waits no longer drops it.
    pub async fn post(&self, all: Vec<Posted>) -> Answered {
        stream::iter(all)
            .map(|posted| self.until_answered(posted))
            .buffer_unordered(CONCURRENCY)
            .fold(Answered::default(), |mut sum, acknowledged| {
                sum.acknowledged += u64::from(acknowledged);
                sum.given_up += u64::from(!acknowledged);
                std::future::ready(sum)
            })
            .await
    }

    /// Whether it was acknowledged.
    async fn until_answered(&self, posted: Posted) -> bool {
        let body = Bytes::from(posted.body.clone());
        let (mut pause, mut waited) = (FIRST_PAUSE, Duration::ZERO);
        loop {
            let status = self.once(&posted, body.clone()).await;
            match status {
                Some(StatusCode::NO_CONTENT) => return true,
                Some(status) if is_final(status, waited) => {
                    self.tell(&posted, status);
                    return false;
                }
                _ => {}
            }
            // Only while the key is unknown does the time count. A collector that is away is waited for.
            if status == Some(StatusCode::NOT_FOUND) {
                waited += pause;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The status of the answer, its body read so that the connection can be used again.
    async fn once(&self, posted: &Posted, body: Bytes) -> Option<StatusCode> {
        let request = Request::post(format!("{}/r/{}", self.collector, posted.key))
            .header(header::CONTENT_TYPE, posted.content_type)
            .header(header::USER_AGENT, posted.user_agent)
            .header("x-forwarded-for", posted.address.to_string())
            .body(Full::from(body))
            .ok()?;
        let answer = async {
            let response = self.client.request(request).await.ok()?;
            let status = response.status();
            response.into_body().collect().await.ok()?;
            Some(status)
        };
        tokio::time::timeout(ANSWER_WITHIN, answer).await.ok()?
    }

    fn tell(&self, posted: &Posted, status: StatusCode) {
        if !self.has_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(key = %posted.key, %status, "the collector refuses reports of the demo");
        }
    }
}

/// Whether the same request would be refused again.
fn is_final(status: StatusCode, waited: Duration) -> bool {
    let is_unknown = status == StatusCode::NOT_FOUND;
    // A body that came too slowly, or too much at once, may pass the next time.
    let may_pass = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    status.is_client_error() && !may_pass && !(is_unknown && waited < UNKNOWN_FOR)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::{Ipv4Addr, SocketAddr, TcpListener};
    use std::sync::{Arc, Mutex};

    use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};

    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::SiteKey;

    /// Statuses that each key is answered with, one after the other; then 204.
    type Answers = Arc<Mutex<BTreeMap<String, Vec<u16>>>>;

    fn posted(key: &str) -> Posted {
        Posted {
            at: Timestamp(0),
            key: SiteKey::new(key).expect("a plain key"),
            address: Ipv4Addr::new(198, 18, 0, 1).into(),
            user_agent: "U",
            content_type: "application/csp-report",
            body: "{}".to_owned(),
        }
    }

    async fn answer(request: HttpRequest, answers: web::Data<Answers>) -> HttpResponse {
        let key = request.path().trim_start_matches("/r/").to_owned();
        let forwarded = request.headers().get("x-forwarded-for");
        assert_eq!(forwarded.expect("the visitor's address"), "198.18.0.1");
        let mut answers = answers.lock().expect("no thread failed");
        let left = answers.entry(key).or_default();
        let status = if left.is_empty() { 204 } else { left.remove(0) };
        HttpResponse::build(status.try_into().expect("a status")).finish()
    }

    #[test]
    fn everything_is_acknowledged_or_refused_for_good() {
        let statuses = BTreeMap::from([
            ("new".to_owned(), vec![404, 404]),
            ("full".to_owned(), vec![503, 500, 408, 429]),
            ("wrong".to_owned(), vec![400]),
        ]);
        let answers: Answers = Arc::new(Mutex::new(statuses));
        rt::System::new().block_on(async move {
            let free =
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
            let address = free.local_addr().expect("it is bound");
            drop(free);
            // The collector opens while its browsers knock already.
            let browsers = Browsers::new(&format!("http://{address}/")).expect("an address");
            let all = ["well", "new", "full", "wrong"].map(posted).to_vec();
            let (answered, server) =
                futures_util::future::join(browsers.post(all), open(address, answers)).await;
            assert_eq!(
                answered,
                Answered {
                    acknowledged: 3,
                    given_up: 1
                }
            );
            server.stop(false).await;
        });
    }

    async fn open(address: SocketAddr, answers: Answers) -> actix_web::dev::ServerHandle {
        tokio::time::sleep(FIRST_PAUSE * 2).await;
        let data = web::Data::new(answers);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .default_service(web::to(answer))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .bind(address)
            .expect("still free")
            .run();
        let handle = server.handle();
        rt::spawn(server);
        handle
    }

    #[test]
    fn refusals_that_end_it() {
        let cases = [
            ("a new key", 404, 0, false),
            ("a key that stays unknown", 404, 10, true),
            ("retired", 410, 0, true),
            ("not JSON", 400, 0, true),
            ("not durable now", 503, 60, false),
        ];
        for (name, status, waited, expected) in cases {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(
                is_final(status, Duration::from_secs(waited)),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn addresses() {
        for (address, good) in [
            ("http://127.0.0.1:8080", true),
            ("http://collector.test/", true),
            ("https://collector.test", false),
            ("http://collector.test/r", false),
            ("127.0.0.1:8080", false),
            ("", false),
        ] {
            assert_eq!(Browsers::new(address).is_ok(), good, "{address}");
        }
    }
}
