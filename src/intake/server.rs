//! The listener, and the handles that a submission needs on its way. [`Intake`] is the type to know.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::KeepAlive;
use actix_web::web::{Data, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

use super::body::Memory;
use super::judge::Judge;
use super::route::Route;
use super::{Config, answer, take};
use crate::ids::SiteId;
use crate::metrics::Kind;
use crate::outcome::RefusedReason;
use crate::sites::SharedSites;
use crate::spool::Spool;

/// The door for browsers.
#[derive(Debug)]
pub struct Intake {
    pub(super) config: Config,
    pub(super) handles: Handles,
    pub(super) memory: Memory,
}

/// What a submission needs on its way.
#[derive(Debug)]
pub struct Handles {
    /// Which keys are whose.
    pub sites: Arc<SharedSites>,
    /// Everything that is decided about a submission.
    pub judge: Judge,
    /// The log.
    pub spool: Arc<Spool>,
}

impl Intake {
    /// A door that is not open yet: see [`serve`].
    pub fn new(config: Config, handles: Handles) -> Arc<Self> {
        let memory = Memory::new(config.max_body_memory);
        Arc::new(Self {
            config,
            handles,
            memory,
        })
    }

    pub(super) fn count_refused(&self, site: Option<&SiteId>, reason: RefusedReason) {
        let kind = Kind {
            kind: reason.as_str(),
        };
        crate::metrics::get()
            .submissions_refused
            .get_or_create(&kind)
            .inc();
        self.handles.spool.count_refused(site, reason);
    }
}

/// Why the door cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The address is taken or not ours.
    #[error(
        "cannot listen on {address} for reports: {cause}. Stop the program that uses it, or set SKIMWATCH__INTAKE__LISTEN"
    )]
    Listen {
        /// The address of the setting.
        address: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Only one of certificate and key is set.
    #[error("intake.tls_cert and intake.tls_key belong together: set both, or neither")]
    HalfTls,
    /// The certificate or key cannot be used.
    #[error("TLS cannot start: {0}. Check the files named by intake.tls_cert and intake.tls_key")]
    Tls(String),
}

/// Opens the door.
///
/// # Errors
/// [`IntakeError`] if the address cannot be had or the certificate cannot be used.
pub fn serve(intake: &Arc<Intake>) -> Result<Server, IntakeError> {
    let config = &intake.config;
    let data = Data::from(Arc::clone(intake));
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&data))
            .default_service(web::to(handle))
    })
    .keep_alive(KeepAlive::Timeout(Duration::from_secs(config.idle_seconds)))
    .client_request_timeout(Duration::from_secs(config.header_seconds))
    .client_disconnect_timeout(Duration::from_secs(1))
    .max_connections(config.max_connections)
    .backlog(4096)
    .shutdown_timeout(10)
    .disable_signals();
    if let Some(workers) = config.workers {
        server = server.workers(workers);
    }
    let listen = |cause| IntakeError::Listen {
        address: config.listen.clone(),
        cause,
    };
    let server = match super::tls::settings(config)? {
        Some(tls) => server
            .bind_rustls_0_23(&config.listen, tls)
            .map_err(listen)?,
        None => server.bind(&config.listen).map_err(listen)?,
    };
    for address in server.addrs() {
        tracing::info!(%address, "taking reports");
    }
    Ok(server.run())
}

async fn handle(request: HttpRequest, payload: Payload, intake: Data<Intake>) -> HttpResponse {
    match Route::of(request.method(), request.uri().path()) {
        Route::Report(key) => take::take(&intake, &request, payload, &key).await,
        Route::Preflight => answer::preflight(),
        Route::WrongMethod => {
            intake.count_refused(None, RefusedReason::Method);
            answer::refused(RefusedReason::Method, "reports are sent with POST")
        }
        Route::Elsewhere => answer::elsewhere(),
    }
}
