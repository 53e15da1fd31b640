//! `/api/v1/…`, JSON for programs. [`Api`] holds what the answers are made from.
//!
//! The rules: who asks is settled before what is asked is even read; every answer is cut to the
//! caller's scope; everything in a request is bounded; ClickHouse being down is a 503 and nothing worse.

mod alert;
mod alerts;
mod auth;
mod body;
mod campaigns;
mod destination;
mod destinations;
mod error;
mod facts;
mod merchants;
mod openapi;
mod params;
mod reports;
mod sites;
mod stats;

use std::sync::Arc;

use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{HttpResponse, web};

pub use body::MAX_BODY_BYTES;
pub use error::ApiError;

use crate::cases::Cases;
use crate::clock::SharedClock;
use crate::registry::{Authenticator, Registry};
use crate::store::Store;

/// What the answers are made from.
#[derive(Debug)]
pub struct Api {
    /// The way to ClickHouse.
    pub store: Store,
    /// The control state.
    pub registry: Arc<Registry>,
    /// Campaigns and alerts.
    pub cases: Cases,
    /// Who may ask.
    pub authenticator: Authenticator,
    /// What time it is.
    pub clock: SharedClock,
}

/// Adds the routes to a server.
pub fn configure(api: Arc<Api>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        let door = from_fn(auth::admit);
        let routes = web::scope("/api/v1")
            .app_data(web::Data::from(api))
            .service(resource("/alerts").route(web::get().to(alerts::get)))
            .service(
                web::resource("/alerts/{id}")
                    .route(web::get().to(alert::get))
                    .route(web::patch().to(alert::patch))
                    .default_service(web::to(only_get_and_patch)),
            )
            .service(resource("/campaigns").route(web::get().to(campaigns::get)))
            .service(resource("/destinations").route(web::get().to(destinations::get)))
            .service(resource("/destinations/{name}").route(web::get().to(destination::get)))
            .service(resource("/merchants").route(web::get().to(merchants::get)))
            .service(resource("/openapi.json").route(web::get().to(openapi::get)))
            .service(resource("/reports").route(web::get().to(reports::get)))
            .service(resource("/sites").route(web::get().to(sites::get)))
            .service(resource("/stats").route(web::get().to(stats::get)))
            .default_service(web::to(nowhere))
            .wrap(door)
            .wrap(headers());
        config.service(routes);
    }
}

fn resource(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::to(only_get))
}

async fn nowhere() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound)
}

async fn only_get() -> Result<HttpResponse, ApiError> {
    Err(ApiError::Method("GET"))
}

async fn only_get_and_patch() -> Result<HttpResponse, ApiError> {
    Err(ApiError::Method("GET, PATCH"))
}

/// Answers hold data of merchants: no cache keeps them, no page frames or sniffs them.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Cache-Control", "no-store"))
        .add((
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'",
        ))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("X-Content-Type-Options", "nosniff"))
}
