//! TLS at both doors: certificates that change while connections are open, HTTP/2 beside HTTP/1.1.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{REPORT, good};
use crate::journey::{counted, shop};
use crate::support::ca::TestCa;
use crate::support::deadline::within;
use crate::support::skimwatch::Skimwatch;

const HOST: &str = "collector.report.test";
/// A changed file is seen within a second, and a busy machine may be late.
const SEEN: Duration = Duration::from_secs(20);

fn trusting(ca: &TestCa, protocols: &[&[u8]]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_file(ca.path()).expect("a certificate");
    roots.add(root).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the versions of the provider")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

fn name() -> ServerName<'static> {
    ServerName::try_from(HOST).expect("a host name")
}

/// A connection by TLS that was shaken on.
struct Secure(StreamOwned<ClientConnection, TcpStream>);

impl Secure {
    fn connect(ca: &TestCa, to: SocketAddr) -> Option<Self> {
        let client = ClientConnection::new(trusting(ca, &[b"http/1.1"]), name()).expect("a client");
        let socket = TcpStream::connect(to).ok()?;
        socket.set_read_timeout(Some(SEEN)).ok()?;
        let mut stream = StreamOwned::new(client, socket);
        stream.conn.complete_io(&mut stream.sock).ok()?;
        Some(Self(stream))
    }

    /// The certificate that it was shown.
    fn certificate(&self) -> Vec<u8> {
        let shown = self.0.conn.peer_certificates().expect("it was shaken on");
        shown.first().expect("the server's own").to_vec()
    }

    /// Sends a request and reads the first line of its answer, and all of its head.
    fn ask(&mut self, request: &str) -> String {
        self.0.write_all(request.as_bytes()).expect("it is sent");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            self.0.read_exact(&mut byte).expect("an answer");
            head.extend(byte);
        }
        String::from_utf8(head).expect("a head")
    }
}

#[test]
fn a_certificate_changes_under_open_connections() {
    let ca = TestCa::new();
    let files = ca.issue(HOST);
    let program = Skimwatch::start(&[
        (
            "SKIMWATCH__INTAKE__TLS_CERT",
            &files.cert.display().to_string(),
        ),
        (
            "SKIMWATCH__INTAKE__TLS_KEY",
            &files.key.display().to_string(),
        ),
    ]);
    program.import(&shop());
    let mut old = Secure::connect(&ca, program.intake).expect("a connection");
    let first = old.certificate();
    assert!(old.ask(&good()).starts_with("HTTP/1.1 204"));

    // The same files with another pair in them, one after the other.
    ca.issue(HOST);
    let second = within(SEEN, "the new certificate", || {
        let shown = Secure::connect(&ca, program.intake)?.certificate();
        (shown != first).then_some(shown)
    });
    assert!(old.ask(&good()).starts_with("HTTP/1.1 204"), "it goes on");

    std::fs::write(&files.cert, "no certificate").expect("written");
    within(SEEN, "a word about the broken file", || {
        let refused = program.metric(r#"skimwatch_certificate_reloads_total{kind="refused"}"#);
        (refused >= 1.0).then_some(())
    });
    assert!(program.said().contains("the certificate stays as it was"));
    let mut new = Secure::connect(&ca, program.intake).expect("a connection");
    assert_eq!(new.certificate(), second, "the last good one stays");
    assert!(new.ask(&good()).starts_with("HTTP/1.1 204"));
    assert!(old.ask(&good()).starts_with("HTTP/1.1 204"));
    counted(&program, 4);
}

/// The pages by TLS: cookies are for TLS only, and an origin is told by the host that was asked for.
#[test]
fn readers_by_tls() {
    let ca = TestCa::new();
    let files = ca.issue(HOST);
    let mut program = Skimwatch::prepare(&[
        (
            "SKIMWATCH__WEB__TLS_CERT",
            &files.cert.display().to_string(),
        ),
        ("SKIMWATCH__WEB__TLS_KEY", &files.key.display().to_string()),
    ]);
    program.spawn();
    let mut client = within(Duration::from_secs(60), "an answer by TLS", || {
        Secure::connect(&ca, program.web)
    });
    let form = format!("token={}", Skimwatch::TOKEN);
    let enter = |more: &str| {
        format!(
            "POST /login HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n{more}Content-Length: {}\r\n\r\n{form}",
            form.len()
        )
    };
    let answer = client.ask(&enter(&format!("Origin: https://{HOST}\r\n")));
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains("; Secure"), "{answer}");
    // Whoever can set a header must not choose whose origin is ours.
    let forged = "Origin: https://evil.example\r\nX-Forwarded-Host: evil.example\r\n";
    let mut other = Secure::connect(&ca, program.web).expect("a connection");
    let answer = other.ask(&enter(forged));
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(program.stop(), "serve ends well");
}

type Http2 = (
    h2::client::SendRequest<bytes::Bytes>,
    h2::client::Connection<tokio_rustls::client::TlsStream<tokio::net::TcpStream>, bytes::Bytes>,
);

async fn http2(ca: &TestCa, to: SocketAddr) -> Http2 {
    let socket = tokio::net::TcpStream::connect(to).await;
    let tls = tokio_rustls::TlsConnector::from(trusting(ca, &[b"h2", b"http/1.1"]));
    let tls = tls.connect(name(), socket.expect("the door is open")).await;
    let tls = tls.expect("a handshake");
    assert_eq!(tls.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    h2::client::handshake(tls).await.expect("HTTP/2")
}

fn post() -> http::request::Builder {
    http::Request::post(format!("https://{HOST}/r/demo-shop"))
}

fn with_tls(ca: &TestCa) -> Skimwatch {
    let files = ca.issue(HOST);
    let [cert, key] = [&files.cert, &files.key].map(|path| path.display().to_string());
    let program = Skimwatch::start(&[
        ("SKIMWATCH__INTAKE__TLS_CERT", &cert),
        ("SKIMWATCH__INTAKE__TLS_KEY", &key),
    ]);
    program.import(&shop());
    program
}

/// Reports by HTTP/2, side by side on one connection, and no more at once than a connection may have.
#[tokio::test]
async fn reports_by_http2() {
    let ca = TestCa::new();
    let program = with_tls(&ca);
    let (requests, connection) = http2(&ca, program.intake).await;
    let connection = tokio::spawn(connection);
    let mut requests = requests.ready().await.expect("a stream");
    // Streams whose bodies do not come, as many as are allowed and some more.
    let most = skimwatch::door::MAX_REQUESTS_OF_CONNECTION;
    let mut open = Vec::new();
    for _ in 0..most + 10 {
        requests = requests.ready().await.expect("a stream");
        let (answer, body) = requests
            .send_request(post().body(()).expect("a request"), false)
            .expect("it is sent");
        open.push((answer, body));
    }
    let refused = open.split_off(most);
    for (answer, _body) in refused {
        assert_eq!(answer.await.expect("an answer").status(), 503);
    }
    for (_, body) in &mut open {
        let report = bytes::Bytes::from_static(REPORT.as_bytes());
        body.send_data(report, true).expect("it is sent");
    }
    for (answer, _body) in open {
        assert_eq!(answer.await.expect("an answer").status(), 204);
    }
    drop(requests);
    connection.await.expect("no panic").expect("a good end");
    tokio::task::spawn_blocking(move || counted(&program, 100))
        .await
        .expect("each counts once");
}

/// The library would keep 16 MiB of a head before anybody sees it.
#[tokio::test]
async fn a_long_head_by_http2() {
    let ca = TestCa::new();
    let program = with_tls(&ca);
    // Eight bits a character as they are sent: `~` is long in the code of HPACK.
    let most = skimwatch::door::MAX_H2_HEAD_BYTES;
    for (name, length, taken) in [("long", most / 4, true), ("too long", 2 * most, false)] {
        let (requests, connection) = http2(&ca, program.intake).await;
        let connection = tokio::spawn(connection);
        let mut requests = requests.ready().await.expect("a stream");
        let request = post().header("x-filler", "~".repeat(length)).body(());
        let sent = requests.send_request(request.expect("a request"), false);
        let (answer, mut body) = sent.expect("it is sent");
        // The connection may be gone already.
        drop(body.send_data(bytes::Bytes::from_static(REPORT.as_bytes()), true));
        match answer.await {
            Ok(answer) => assert!(taken && answer.status() == 204, "{name}: {answer:?}"),
            Err(error) => assert!(!taken, "{name}: {error}"),
        }
        // The connection is there for as long as anybody may use it.
        drop((requests, body));
        assert_eq!(connection.await.expect("no panic").is_ok(), taken, "{name}");
    }
    let metrics = tokio::task::spawn_blocking(move || program.ask("/metrics").text());
    let metrics = metrics.await.expect("an answer");
    let cut = r#"skimwatch_connections_cut_total{kind="head"} 1"#;
    assert!(metrics.lines().any(|line| line == cut), "{metrics}");
}
