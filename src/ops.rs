//! Doors for those who run the program: alive, able to promise, metrics. No token: they listen where the
//! operator says, by default on this machine only, and tell nothing about merchants.
//!
//! [`Check`] is the type to know: `/readyz` asks each one, and a collector that cannot make a report
//! durable says so before a browser finds out. ClickHouse being down is no reason: the log holds on.

use std::fmt;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use serde_json::{Map, Value, json};

use crate::metrics;

/// The text format of OpenMetrics, which is what [`metrics::render`] writes.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// One thing that must be well before a 204 can be promised. Asked often: it answers at once.
pub struct Check {
    name: &'static str,
    ask: Box<dyn Fn() -> Result<(), String> + Send + Sync>,
}

impl Check {
    /// A check by name; `ask` says in a sentence what is wrong.
    pub fn new(
        name: &'static str,
        ask: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            ask: Box::new(ask),
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.name).finish()
    }
}

/// Adds the routes to a server.
pub fn configure(checks: Arc<Vec<Check>>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config
            .service(web::resource("/healthz").route(web::get().to(healthz)))
            .service(
                web::resource("/readyz")
                    .app_data(Data::from(checks))
                    .route(web::get().to(readyz)),
            )
            .service(web::resource("/metrics").route(web::get().to(render)));
    }
}

async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn readyz(checks: Data<Vec<Check>>) -> HttpResponse {
    let mut ready = true;
    let mut results = Map::new();
    for check in checks.iter() {
        let result = match (check.ask)() {
            Ok(()) => "ok".to_owned(),
            Err(reason) => {
                ready = false;
                reason
            }
        };
        results.insert(check.name.to_owned(), Value::String(result));
    }
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    HttpResponse::build(status).json(json!({ "ready": ready, "checks": results }))
}

async fn render() -> HttpResponse {
    match metrics::render() {
        Ok(text) => HttpResponse::Ok().content_type(METRICS_TYPE).body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}
