//! The listener, and the handles that a submission needs on its way. [`Intake`] is the type to know.

use std::convert::Infallible;
use std::net::TcpListener;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::body::BoxBody;
use actix_http::{Request, Response};
use actix_service::fn_service;
use actix_web::dev::Server;

use super::body::Memory;
use super::judge::Judge;
use super::route::Route;
use super::{Config, answer, body, head, take};
use crate::door::{CertificateError, Certificates, Door, Patience, Peer};
use crate::ids::SiteId;
use crate::metrics;
use crate::outcome::RefusedReason;
use crate::sites::SharedSites;
use crate::spool::Spool;

/// How long an answer may take when head and body have arrived: two syncs of a slow disk.
const ANSWER_PATIENCE: Duration = Duration::from_secs(5);

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
        metrics::count(&metrics::get().submissions_refused, reason.as_str());
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
    Tls(#[from] CertificateError),
}

/// What speaks TLS here, or `None` if this door speaks plain HTTP (behind a proxy, or on loopback).
///
/// # Errors
/// [`IntakeError::HalfTls`] or [`IntakeError::Tls`].
pub fn certificates(config: &Config) -> Result<Option<Arc<Certificates>>, IntakeError> {
    match (&config.tls_cert, &config.tls_key) {
        (Some(cert), Some(key)) => Ok(Some(Certificates::open(cert.clone(), key.clone())?)),
        (None, None) => Ok(None),
        _ => Err(IntakeError::HalfTls),
    }
}

/// Opens the door.
///
/// # Errors
/// [`IntakeError`] if the address cannot be had or the certificate cannot be used.
pub fn serve(
    intake: &Arc<Intake>,
    certificates: Option<Arc<Certificates>>,
) -> Result<Server, IntakeError> {
    let config = &intake.config;
    let listen = |cause| IntakeError::Listen {
        address: config.listen.clone(),
        cause,
    };
    let listener = TcpListener::bind(&config.listen).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let head = Duration::from_secs(config.header_seconds);
    let door = Door {
        name: "intake",
        workers: config.workers.unwrap_or_else(cores),
        connections: config.max_connections,
        patience: Patience {
            head,
            request: head + Duration::from_secs(config.body_seconds) + ANSWER_PATIENCE,
            idle: Duration::from_secs(config.idle_seconds),
            close: Duration::from_secs(10),
        },
        trusted: config.trusted_proxies.clone(),
        certificates,
    };
    let intake = Arc::clone(intake);
    // Below the framework's routes, extractors and pools, which cost as much as half of the parsing. Boxed, because
    // a connection would hold the room for a request under way while it rests.
    let app = move || {
        let intake = Rc::new(Arc::clone(&intake));
        fn_service(move |request: Request| Box::pin(handle(Rc::clone(&intake), request)))
    };
    let server = door.open(listener, app).map_err(listen)?;
    tracing::info!(%address, "taking reports");
    Ok(server)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}

#[expect(
    clippy::redundant_allocation,
    reason = "each worker counts its own; the count inside is one that workers share"
)]
async fn handle(
    intake: Rc<Arc<Intake>>,
    mut request: Request,
) -> Result<Response<BoxBody>, Infallible> {
    Ok(answer(&intake, &mut request).await)
}

async fn answer(intake: &Intake, request: &mut Request) -> Response<BoxBody> {
    let payload = request.take_payload();
    let peer = request.conn_data::<Peer>();
    let under_way = peer.map(Peer::begin);
    let refusal = match &under_way {
        Some(None) => {
            metrics::count(&metrics::get().submissions_unavailable, "requests");
            Some((RefusedReason::Unavailable, "too many requests at once"))
        }
        _ => head::check(request.head()),
    };
    if let Some((reason, message)) = refusal {
        intake.count_refused(None, reason);
        return answer::hung_up(reason, message);
    }
    let head = request.head();
    match Route::of(&head.method, head.uri.path()) {
        Route::Report(key) => take::take(intake, head, payload, &key).await,
        Route::Preflight => answer::preflight(),
        Route::WrongMethod => {
            intake.count_refused(None, RefusedReason::Method);
            body::let_by(payload).await;
            answer::refused(RefusedReason::Method, "reports are sent with POST")
        }
        Route::Elsewhere => {
            body::let_by(payload).await;
            answer::elsewhere()
        }
    }
}
