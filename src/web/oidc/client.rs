//! The way to a provider: HTTPS, or HTTP on this machine, no redirects, bounded in time and size.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{HttpRequest, HttpResponse, http};

/// Longest answer that is read: discovery documents and sets of keys take some thousand bytes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// Longest wait for one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    #[error("{0} is neither https nor on this machine")]
    Plain(String),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Late,
    #[error("no connection: {0}")]
    Connection(#[from] hyper_util::client::legacy::Error),
    #[error("no whole answer of at most {MAX_ANSWER_BYTES} bytes: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    #[error("no answer of HTTP: {0}")]
    Http(#[from] http::Error),
}

/// Asks providers.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Client {
    pub(super) fn new() -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        // A login now and then needs no connection that rests.
        let pool = Pool::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Self { pool }
    }

    /// One request and its answer.
    pub(super) async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let uri = request.uri();
        if !is_safe(uri.scheme_str(), uri.host()) {
            return Err(ClientError::Plain(uri.to_string()));
        }
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let exchange = async {
            let (head, body) = self.pool.request(request).await?.into_parts();
            let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
            let body = body.map_err(ClientError::Body)?.to_bytes().to_vec();
            Ok(http::Response::from_parts(head, body))
        };
        let answer = tokio::time::timeout(PATIENCE, exchange).await;
        answer.map_err(|_late| ClientError::Late)?
    }
}

/// Whether secrets may go there.
pub(super) fn is_safe(scheme: Option<&str>, host: Option<&str>) -> bool {
    let is_here = host.is_some_and(|host| {
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    });
    scheme == Some("https") || (scheme == Some("http") && is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_tls_or_stay_here() {
        for (scheme, host, safe) in [
            ("https", "login.example", true),
            ("http", "login.example", false),
            ("http", "127.0.0.1", true),
            ("http", "[::1]", true),
            ("http", "localhost", true),
            ("http", "localhost.example", false),
            ("http", "192.0.2.1", false),
            ("ftp", "127.0.0.1", false),
        ] {
            assert_eq!(is_safe(Some(scheme), Some(host)), safe, "{scheme} {host}");
        }
    }
}
