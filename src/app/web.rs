//! The reading half: API, health and metrics on one listener.

use std::sync::Arc;

use actix_web::{App, HttpServer};
use anyhow::Context as _;

use super::collector::Collector;
use crate::api::{self, Api, Authenticator};
use crate::config::Config;
use crate::ops::{self, Check};
use crate::registry::Registry;
use crate::store::Store;

/// Opens the door for readers.
///
/// # Errors
/// If the address cannot be had.
pub(super) fn open(
    config: &Config,
    store: Store,
    registry: Arc<Registry>,
    collector: Option<&Arc<Collector>>,
) -> anyhow::Result<actix_web::dev::ServerHandle> {
    let token = config.web.bootstrap_token.as_ref();
    let authenticator = Authenticator::new(token.map(|token| token.reveal()));
    let api = Arc::new(Api {
        store,
        registry,
        authenticator,
    });
    let checks = Arc::new(checks(collector));
    let server = HttpServer::new(move || {
        App::new()
            .configure(api::configure(Arc::clone(&api)))
            .configure(ops::configure(Arc::clone(&checks)))
    })
    .workers(1)
    .shutdown_timeout(2)
    .disable_signals()
    .bind(&config.web.listen)
    .with_context(|| {
        format!(
            "cannot listen on {} for readers; stop the program that uses it, or set SKIMWATCH__WEB__LISTEN",
            config.web.listen
        )
    })?;
    for address in server.addrs() {
        tracing::info!(%address, "answering");
    }
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(handle)
}

/// What must hold for a 204 to be promised.
fn checks(collector: Option<&Arc<Collector>>) -> Vec<Check> {
    collector
        .map(|collector| {
            let spool = Arc::clone(&collector.spool);
            Check::new("spool", move || match spool.is_full() {
                true => {
                    Err("the disk budget is used up: ClickHouse is away, or too slow".to_owned())
                }
                false => Ok(()),
            })
        })
        .into_iter()
        .collect()
}
