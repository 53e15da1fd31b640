//! [`Poster`]: one POST to an address that a tenant has set. Everything about it is bounded, and redirects are not
//! followed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Settings;
use super::address::{self, Refused, is_public};
use super::failure::Failure;

/// Longest wait for a connection to one address.
const CONNECT: Duration = Duration::from_secs(5);
/// Most addresses of a name that are tried.
const MOST_ADDRESSES: usize = 3;
/// Most of an answer that is read. Nothing is done with it.
const MAX_ANSWER_BYTES: usize = 16 << 10;

/// Posts.
#[derive(Clone)]
pub(super) struct Poster {
    allow_private: bool,
    tls: TlsConnector,
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poster").finish_non_exhaustive()
    }
}

impl Poster {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(settings.authorities.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring offers the default versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            allow_private: settings.allow_private,
            tls: TlsConnector::from(Arc::new(config)),
        }
    }

    /// Posts JSON, and is content with any status from 200 to 299.
    pub(super) async fn post(
        &self,
        url: &Uri,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<(), Failure> {
        address::check(url, self.allow_private).map_err(refused)?;
        let host = url.host().unwrap_or_default();
        let is_tls = url.scheme_str() == Some("https");
        let port = url.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let plain = self.connect(host.trim_matches(['[', ']']), port).await?;
        let request = request(url, headers, body)?;
        if !is_tls {
            return exchange(plain, request).await;
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
        let name = name.map_err(|_invalid| Failure::again("the address names no host"))?;
        let stream = self.tls.connect(name, plain).await;
        exchange(
            stream.map_err(|error| cannot("agree on TLS with", &error))?,
            request,
        )
        .await
    }

    /// Connects to an address that was looked at: the name is not resolved a second time.
    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, Failure> {
        let found = tokio::net::lookup_host((host, port)).await;
        let found = found.map_err(|error| cannot("find", &error))?;
        let may = |address: &SocketAddr| self.allow_private || is_public(address.ip());
        let addresses: Vec<SocketAddr> = found.filter(may).take(MOST_ADDRESSES).collect();
        let mut failure = refused(Refused::Private);
        for address in addresses {
            match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = cannot("connect to", &error),
                Err(_late) => failure = Failure::again("the receiver cannot be reached in time"),
            }
        }
        Err(failure)
    }
}

fn refused(why: Refused) -> Failure {
    Failure::again(why.to_string())
}

/// In the words of the system, which name neither path nor query.
fn cannot(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::again(format!("we cannot {what} the receiver: {error}"))
}

fn request(
    url: &Uri,
    headers: &[(&'static str, String)],
    body: Bytes,
) -> Result<Request<Full<Bytes>>, Failure> {
    let path = url.path_and_query().map_or("/", |it| it.as_str());
    let host = url.authority().map_or("", |it| it.as_str());
    let mut request = Request::post(path)
        .header(HOST, host)
        .header(USER_AGENT, concat!("skimwatch/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, "application/json; charset=utf-8");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(body));
    request.map_err(|_invalid| Failure::again("the address cannot be posted to"))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(), Failure> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| cannot("speak with", &error))?;
    let answer = async {
        let answer = sender.send_request(request).await;
        let answer = answer.map_err(|error| cannot("speak with", &error))?;
        let (head, body) = answer.into_parts();
        // Read so that the receiver is not cut off; how it ends does not matter.
        drop(Limited::new(body, MAX_ANSWER_BYTES).collect().await);
        Ok(head)
    };
    // The connection is driven here, so that it ends with this future. That it ends is for the answer to tell.
    let driven = async {
        drop(connection.await);
        std::future::pending().await
    };
    let head = tokio::select! {
        head = answer => head?,
        never = driven => never,
    };
    let status = head.status.as_u16();
    if (200..300).contains(&status) {
        return Ok(());
    }
    let seconds = head.headers.get(RETRY_AFTER);
    let seconds = seconds.and_then(|it| it.to_str().ok()?.trim().parse().ok());
    Err(Failure::of_status(status, seconds.map(Duration::from_secs)))
}
