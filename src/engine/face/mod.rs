//! The HTTP face: what a ClickHouse server answers over HTTP, answered by libchdb. [`serve`] is the function to know.
//!
//! A request is checked ([`auth`]), read ([`request`], [`form`], [`body`]), given a slot ([`slots`]) and run on a thread of its own
//! ([`job`]) over a fresh connection; its result streams back ([`answer`]) while a watcher ([`peer`]) ends the statement
//! when the client leaves.
//!
//! The rule: no statement runs on an actix worker, and none without a slot.

mod answer;
mod auth;
mod body;
mod compression;
mod form;
mod format;
#[cfg(fuzzing)]
pub mod fuzzing;
mod handler;
mod input;
mod job;
mod peer;
mod request;
mod slots;

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};

pub(super) use self::auth::USER;
pub(super) use self::handler::Face;
use super::error::EngineError;

/// Seconds that open requests get when the face stops.
pub(super) const SHUTDOWN_SECONDS: u64 = 10;

/// Serves a face on a listener until the server is stopped.
pub(super) fn serve(face: Arc<Face>, listener: TcpListener) -> Result<Server, EngineError> {
    let data = web::Data::from(face);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .default_service(web::to(handler::handle))
    })
    .on_connect(peer::remember)
    // Workers only parse HTTP; statements run elsewhere.
    .workers(1)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .listen(listener)
    .map_err(EngineError::Face)?;
    Ok(server.run())
}
