//! The read side: `/api/v1/…`, JSON for programs. [`Api`] holds what the answers are made from.
//!
//! The rules: who asks is settled before what is asked is even read; every answer is cut to the
//! caller's scope; everything in a request is bounded; ClickHouse being down is a 503 and nothing worse.

mod auth;
mod error;
mod openapi;
mod params;
mod reports;
mod sites;
mod stats;

use std::sync::Arc;

use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{HttpResponse, web};

pub use error::ApiError;

use crate::registry::{Authenticator, Registry};
use crate::store::Store;

/// What the answers are made from.
#[derive(Debug)]
pub struct Api {
    /// The way to ClickHouse.
    pub store: Store,
    /// The control state.
    pub registry: Arc<Registry>,
    /// Who may ask.
    pub authenticator: Authenticator,
}

/// Adds the routes to a server.
pub fn configure(api: Arc<Api>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        let door = from_fn(auth::admit);
        let routes = web::scope("/api/v1")
            .app_data(web::Data::from(api))
            .service(resource("/stats").route(web::get().to(stats::get)))
            .service(resource("/reports").route(web::get().to(reports::get)))
            .service(resource("/sites").route(web::get().to(sites::get)))
            .service(resource("/openapi.json").route(web::get().to(openapi::get)))
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
    Err(ApiError::Method)
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
