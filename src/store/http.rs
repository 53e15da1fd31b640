//! The HTTP connections: like those that the `clickhouse` crate makes, with a bound on the time to connect.

use std::time::Duration;

use clickhouse::Client;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// How often the system asks whether an idle peer is still there.
const KEEPALIVE: Duration = Duration::from_secs(60);
/// An idle connection is closed before ClickHouse does it, which is after 3 s.
const IDLE: Duration = Duration::from_secs(2);

/// A client that gives up on a host that it cannot connect to in time.
pub(super) fn client(connect_timeout: Duration) -> Client {
    let mut connector = HttpConnector::new();
    connector.set_keepalive(Some(KEEPALIVE));
    connector.set_connect_timeout(Some(connect_timeout));
    // The scheme is looked at by what wraps it.
    connector.enforce_http(false);
    let provider = rustls::crypto::ring::default_provider();
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_webpki_roots(provider)
        .expect("ring offers the default versions of TLS")
        .https_or_http()
        .enable_http1()
        .wrap_connector(connector);
    let http = HttpClient::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .build(connector);
    Client::with_http_client(http)
}
