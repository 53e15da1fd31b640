//! `/api/v1/…`, JSON for programs. [`Api`] holds what the answers are made from.
//!
//! The rules: who asks is settled before what is asked is even read; every answer is cut to the
//! caller's scope; everything in a request is bounded, and so is what it costs; a write is done once; ClickHouse being
//! down is a 503 and nothing worse. The table of routes stands in `routes`, and the description is made from it.

#![allow(
    unused_qualifications,
    reason = "utoipa names the traits of parameters in full"
)]

mod alert;
mod alerts;
mod audit;
mod auth;
mod body;
mod campaigns;
mod destination;
mod destinations;
mod effort;
mod error;
mod export;
mod exports;
mod facts;
mod imports;
mod key;
mod keys;
mod live;
mod load;
mod merchant;
mod merchants;
mod moment;
mod once;
mod openapi;
mod organization;
mod organizations;
mod params;
mod policies;
mod reports;
mod routes;
mod scripts;
mod share;
mod site;
mod site_body;
mod site_verdict;
mod sites;
mod stats;
mod token;
mod tokens;
mod triage;
mod verdict;
mod verdicts;

use std::sync::Arc;

use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{HttpResponse, web};

pub use body::MAX_BODY_BYTES;
pub use error::ApiError;
pub use load::Load;

use crate::cases::Cases;
use crate::clock::SharedClock;
use crate::registry::{Authenticator, Caller, Registry};
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
    /// How much is under way.
    pub load: Load,
}

impl Api {
    /// The way to ClickHouse, for questions that cost no more than this caller's may.
    fn store_for(&self, caller: &Caller) -> Store {
        self.store.with_effort(effort::of(caller.role))
    }
}

/// Adds the routes to a server.
pub fn configure(api: Arc<Api>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        let routes = web::scope("/api/v1").app_data(web::Data::from(api));
        let routes = routes::add(routes)
            .default_service(web::to(nowhere))
            .wrap(from_fn(auth::admit))
            .wrap(headers());
        config.service(routes);
    }
}

async fn nowhere() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound)
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
