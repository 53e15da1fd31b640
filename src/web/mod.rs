//! Pages for people, in English and Japanese. [`Pages`] holds what they are made from.
//!
//! The rules: nobody who is not known learns anything, not even which pages there are; what is shown was
//! written by strangers and goes through [`foreign`]; every text stands in [`words`] in both languages;
//! without ClickHouse a page shows what the control state knows, and says so.

mod access;
mod account;
mod alert;
mod alerts;
mod assets;
mod attempts;
mod away;
mod chart;
mod cookies;
mod destination;
mod destinations;
mod error;
mod foreign;
mod frame;
mod gate;
mod live;
mod login;
mod names;
mod oidc;
mod origin;
mod overview;
mod people;
mod reader;
mod recall;
mod reports;
mod site;
mod sites;
mod status;
mod tiles;
mod when;
mod words;

use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{self, Data};
use ipnet::IpNet;

pub use attempts::{Attempts, MAX_WRONG_OF_ALL, MAX_WRONG_OF_NETWORK};
pub use gate::Gate;
pub use oidc::{Provider, ProviderError, ProviderSettings};
pub use reports::Desk;

use crate::cases::Cases;
use crate::clock::SharedClock;
use crate::detect;
use crate::registry::{Authenticator, Registry};
use crate::store::Store;

/// What counts as new.
const NEW: Duration = Duration::from_secs(30 * 86_400);

/// Longest body of a form, in bytes.
pub const MAX_FORM_BYTES: usize = 16 * 1024;

/// Scripts and styles come from here and nothing runs inside a page, whatever a merchant's name says.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// What the pages are made from.
#[derive(Debug)]
pub struct Pages {
    /// The way to ClickHouse.
    pub store: Store,
    /// The control state.
    pub registry: Arc<Registry>,
    /// Campaigns and alerts, in the same control state.
    pub cases: Cases,
    /// How detection judges, so that a page can tell how a score comes about.
    pub detect: detect::Config,
    /// Who may look.
    pub authenticator: Authenticator,
    /// The time.
    pub clock: SharedClock,
    /// The address that browsers post to, without a path: `https://csp.example`.
    pub intake: String,
    /// Networks of proxies whose word about their clients is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Who showed wrong passwords or tokens lately.
    pub attempts: Attempts,
    /// What it takes to let people in.
    pub gate: Gate,
    /// Who has a file of reports made.
    pub desk: Desk,
}

/// Adds the routes to a server. They take every path that nobody took before them.
pub fn configure(pages: Arc<Pages>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        let pages = Data::from(pages);
        let inside = web::scope("")
            .configure(cases)
            .configure(portfolio)
            .configure(evidence)
            .configure(staff)
            .default_service(web::to(error::nowhere))
            .wrap(from_fn(access::admit));
        let routes = web::scope("")
            .app_data(pages)
            .app_data(Data::new(recall::Recall::default()))
            .app_data(Data::new(live::Seats::default()))
            .app_data(web::FormConfig::default().limit(MAX_FORM_BYTES))
            .service(web::resource("/assets/{hash}/{name}").route(web::get().to(assets::get)))
            .configure(entrance)
            .service(inside)
            .wrap(headers());
        config.service(routes);
    }
}

/// What happens, and what is done about it.
fn cases(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/").route(web::get().to(overview::get)))
        .service(web::resource("/live").route(web::get().to(live::get)))
        .service(web::resource("/alerts").route(web::get().to(alerts::get)))
        .service(
            web::resource("/alerts/{id}")
                .route(web::get().to(alert::get))
                .route(web::post().to(alert::post)),
        );
}

/// The merchants.
fn portfolio(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/sites")
                .route(web::get().to(sites::get))
                .route(web::post().to(sites::post)),
        )
        .service(web::resource("/sites.csv").route(web::get().to(sites::file)))
        .service(web::resource("/sites/{id}").route(web::get().to(site::get)))
        .service(web::resource("/sites/{id}/policies").route(web::get().to(site::policies)))
        .service(web::resource("/sites/{id}/scripts").route(web::get().to(site::scripts)));
}

/// What was reported.
fn evidence(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/destinations").route(web::get().to(destinations::get)))
        .service(
            web::resource("/destinations/{name}")
                .route(web::get().to(destination::get))
                .route(web::post().to(destination::post)),
        )
        .service(web::resource("/reports").route(web::get().to(reports::get)))
        .service(web::resource("/reports/export").route(web::get().to(reports::file)))
        .service(web::resource("/reports/{id}").route(web::get().to(reports::one)))
        .service(web::resource("/status").route(web::get().to(status::get)));
}

/// Those who look.
fn staff(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/people")
                .route(web::get().to(people::get))
                .route(web::post().to(people::post)),
        )
        .service(
            web::resource("/people/{id}")
                .route(web::get().to(people::one::get))
                .route(web::post().to(people::one::post)),
        )
        .service(
            web::resource("/account")
                .route(web::get().to(account::get))
                .route(web::post().to(account::post)),
        )
        .service(
            web::resource("/account/second")
                .route(web::get().to(account::second::get))
                .route(web::post().to(account::second::post)),
        )
        .service(web::resource("/logout").route(web::post().to(login::leave)));
}

/// The pages for those who are not in yet.
fn entrance(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/login")
                .route(web::get().to(login::form))
                .route(web::post().to(login::enter)),
        )
        .service(
            web::resource("/login/second")
                .route(web::get().to(login::second::form))
                .route(web::post().to(login::second::enter)),
        )
        .service(web::resource("/login/provider").route(web::get().to(oidc::begin)))
        .service(web::resource(oidc::CALLBACK).route(web::get().to(oidc::end)))
        .service(
            web::resource("/invitation")
                .route(web::get().to(login::invitation::form))
                .route(web::post().to(login::invitation::accept)),
        );
}

/// Pages hold data of merchants: no cache keeps them, no other page frames them.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Cache-Control", "no-store"))
        .add(("Content-Security-Policy", CONTENT_SECURITY_POLICY))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        // Not `no-referrer`: with it, browsers send `Origin: null` with our own forms too.
        .add(("Referrer-Policy", "same-origin"))
        .add(("X-Content-Type-Options", "nosniff"))
}
