//! A shop to visit: its checkout page is watched by the collector, and a button plants a skimmer in it.
//! [`Storefront`] is the type to know.
//!
//! The rule: no card leaves the visitor's machine. The policy is enforced, so the skimmer's requests are
//! blocked; the fields have no names, so the form sends none of them; and no handler reads a body.

mod page;
mod words;

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::{KeepAlive, Uri, header};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use self::words::Language;
use super::script::policy;

/// Connections at once: one visitor has six.
const MAX_CONNECTIONS: usize = 256;

const SKIMMER: &str = include_str!("jquery.metrics.js");
const CONTROL: &str = include_str!("control.js");
const STYLE: &str = include_str!("shop.css");
const TEA: &str = include_str!("tea.svg");

/// Where the shop leads to.
#[derive(Clone, Debug)]
pub struct Links {
    /// `http://HOST:PORT` of the collector, as the visitor's browser reaches it.
    pub collector: String,
    /// The address of the pages on which the alert will stand.
    pub pages: String,
}

/// Why the shop cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StorefrontError {
    /// The address is taken or not ours.
    #[error(
        "cannot listen on {address} for the demo shop: {cause}. Stop the program that uses it, or give another address"
    )]
    Listen {
        /// As given.
        address: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A link would not work, or would break the policy apart.
    #[error("\"{0}\" is no address that the demo shop can lead to (give http://HOST:PORT)")]
    Link(String),
}

/// The demo shop's server.
#[derive(Debug)]
pub struct Storefront;

impl Storefront {
    /// Takes the address and lets visitors in as soon as the server is awaited.
    ///
    /// # Errors
    /// [`StorefrontError`] if the address cannot be had or a link is none.
    pub fn open(listen: &str, links: Links) -> Result<(Server, SocketAddr), StorefrontError> {
        check(&links.collector)?;
        check(&links.pages)?;
        let links = Data::new(links);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::clone(&links))
                .wrap(headers())
                .configure(routes)
        });
        let server = server
            .workers(1)
            .keep_alive(KeepAlive::Timeout(Duration::from_secs(75)))
            .client_request_timeout(Duration::from_secs(5))
            .max_connections(MAX_CONNECTIONS)
            .shutdown_timeout(1)
            .disable_signals();
        let refused = |cause| StorefrontError::Listen {
            address: listen.to_owned(),
            cause,
        };
        let server = server.bind(listen).map_err(refused)?;
        let address = server.addrs().first().copied();
        let address =
            address.ok_or_else(|| refused(std::io::ErrorKind::AddrNotAvailable.into()))?;
        Ok((server.run(), address))
    }
}

/// What stands in a header or an attribute must be an address, and must not end a directive.
fn check(link: &str) -> Result<(), StorefrontError> {
    let uri = link.parse::<Uri>();
    let is_http = uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    if is_http && !link.contains([';', ',']) {
        Ok(())
    } else {
        Err(StorefrontError::Link(link.to_owned()))
    }
}

fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::CACHE_CONTROL, "no-store"))
}

fn routes(app: &mut web::ServiceConfig) {
    let file = |content_type: &'static str, text: &'static str| {
        web::get()
            .to(move || async move { HttpResponse::Ok().content_type(content_type).body(text) })
    };
    app.route("/", web::get().to(home))
        .route("/checkout", web::get().to(checkout))
        .route("/pay", web::post().to(pay))
        .route("/shop.css", file("text/css; charset=utf-8", STYLE))
        .route(
            "/control.js",
            file("text/javascript; charset=utf-8", CONTROL),
        )
        .route(
            "/js/vendor/jquery.metrics.js",
            file("text/javascript; charset=utf-8", SKIMMER),
        )
        .route("/tea.svg", file("image/svg+xml", TEA));
}

async fn home(request: HttpRequest) -> HttpResponse {
    let query = request.query_string();
    let to = if query.is_empty() {
        "/checkout".to_owned()
    } else {
        format!("/checkout?{query}")
    };
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .finish()
}

async fn checkout(request: HttpRequest, links: Data<Links>) -> HttpResponse {
    html(&links, page::checkout(language(&request), &links.pages))
}

async fn pay(request: HttpRequest, links: Data<Links>) -> HttpResponse {
    html(&links, page::thanks(language(&request)))
}

fn html(links: &Links, page: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy(&links.collector)))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

fn language(request: &HttpRequest) -> Language {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Language::of(request.query_string(), accepted.unwrap_or(""))
}

#[cfg(test)]
mod tests;
