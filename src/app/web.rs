//! The reading half: pages, API, health and metrics on one listener.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use anyhow::Context as _;
use ipnet::IpNet;

use super::collector::Collector;
use super::warmup::Warmup;
use super::{keys, paths};
use crate::api::{self, Api, Load};
use crate::cases::{Cases, Deadlines};
use crate::clock::SharedClock;
use crate::config::{self, Config};
use crate::detect;
use crate::door::{Certificates, Door, Patience, within_bounds};
use crate::ops::{self, Check};
use crate::registry::{Authenticator, Registry};
use crate::store::Store;
use crate::web::{self, Attempts, Desk, Gate, Pages, Provider, ProviderSettings};

/// How long a reader is waited for, and a reader waits: the slowest answer is a query over all there is.
const PATIENCE: Patience = Patience {
    head: Duration::from_secs(5),
    request: Duration::from_secs(120),
    idle: Duration::from_secs(30),
    close: Duration::from_secs(2),
};

/// The door for readers, its address taken, nobody let in yet.
#[derive(Debug)]
pub(super) struct Readers {
    listener: TcpListener,
    registry: Arc<Registry>,
    detect: detect::Config,
    deadlines: Deadlines,
    authenticator: Authenticator,
    clock: SharedClock,
    intake: String,
    trusted_proxies: Vec<IpNet>,
    max_connections: usize,
    certificates: Option<Arc<Certificates>>,
    gate: Gate,
}

impl Readers {
    /// Takes the address and publishes what collectors need of the control state.
    ///
    /// # Errors
    /// If the address cannot be had, or the control state cannot be read.
    pub(super) fn bind(
        config: &Config,
        clock: &SharedClock,
        registry: Arc<Registry>,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(&config.web.listen).with_context(|| {
            format!(
                "cannot listen on {} for readers; stop the program that uses it, or set SKIMWATCH__WEB__LISTEN",
                config.web.listen
            )
        })?;
        registry.publish(&paths::snapshot_path(config))?;
        let token = config.web.bootstrap_token.as_ref();
        if token.is_none() {
            tracing::info!(
                "web.bootstrap_token is not set: pages and API let in whoever the control state knows"
            );
        }
        Ok(Self {
            listener,
            authenticator: Authenticator::new(
                token.map(|token| token.reveal()),
                Arc::clone(&registry),
            ),
            registry,
            detect: config.detect.clone(),
            deadlines: config.triage,
            clock: SharedClock::clone(clock),
            intake: intake_address(config),
            trusted_proxies: config.web.trusted_proxies.clone(),
            max_connections: config.web.max_connections,
            certificates: certificates(&config.web)?,
            gate: gate(config)?,
        })
    }

    /// What must be read again when its files change.
    pub(super) fn certificates(&self) -> Option<Arc<Certificates>> {
        self.certificates.clone()
    }

    /// Opens the door.
    ///
    /// # Errors
    /// If the system does not let us listen.
    pub(super) fn open(
        self,
        store: Store,
        collector: Option<&Arc<Collector>>,
        warmup: Arc<Warmup>,
    ) -> anyhow::Result<ServerHandle> {
        let address = self.listener.local_addr()?;
        let cases = Cases::within(Arc::clone(&self.registry), self.deadlines);
        let api = Arc::new(Api {
            store: store.clone(),
            registry: Arc::clone(&self.registry),
            cases: cases.clone(),
            authenticator: self.authenticator.clone(),
            clock: SharedClock::clone(&self.clock),
            load: Load::default(),
        });
        let pages = Arc::new(Pages {
            store,
            cases,
            registry: self.registry,
            detect: self.detect,
            authenticator: self.authenticator,
            clock: self.clock,
            intake: self.intake,
            trusted_proxies: self.trusted_proxies.clone(),
            attempts: Attempts::default(),
            gate: self.gate,
            desk: Desk::default(),
        });
        let checks = Arc::new(checks(collector, warmup));
        let app = move || {
            App::new()
                .configure(api::configure(Arc::clone(&api)))
                .configure(ops::configure(Arc::clone(&checks)))
                .configure(web::configure(Arc::clone(&pages)))
                .wrap(from_fn(within_bounds))
        };
        let door = Door {
            name: "web",
            workers: 1,
            connections: self.max_connections,
            patience: PATIENCE,
            trusted: self.trusted_proxies,
            certificates: self.certificates,
        };
        let server = door.open(self.listener, app)?;
        tracing::info!(%address, "answering");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Ok(handle)
    }
}

/// What it takes to let people in.
fn gate(config: &Config) -> anyhow::Result<Gate> {
    let web = &config.web;
    let mut gate = Gate::new(keys::vault(&paths::keys_dir(config))?);
    gate.asks_totp = web.require_totp;
    gate.public_url.clone_from(&web.public_url);
    if let Some((issuer, public_url)) = web.oidc.issuer.clone().zip(web.public_url.clone()) {
        gate.provider = Some(Provider::new(&ProviderSettings {
            issuer,
            client_id: web.oidc.client_id.clone(),
            client_secret: web.oidc.client_secret.reveal().to_owned(),
            name: web.oidc.name.clone(),
            public_url,
        })?);
    }
    Ok(gate)
}

/// What speaks TLS to readers, or `None` if they are spoken to in plain HTTP.
fn certificates(config: &config::Web) -> anyhow::Result<Option<Arc<Certificates>>> {
    match (&config.tls_cert, &config.tls_key) {
        (Some(cert), Some(key)) => Certificates::open(cert.clone(), key.clone())
            .map(Some)
            .context("TLS cannot start for readers; check the files named by web.tls_cert and web.tls_key"),
        (None, None) => Ok(None),
        _ => anyhow::bail!("web.tls_cert and web.tls_key belong together: set both, or neither"),
    }
}

/// Where browsers post, as far as this process knows: a proxy before it is not seen from here.
fn intake_address(config: &Config) -> String {
    let scheme = match config.intake.tls_cert {
        Some(_) => "https",
        None => "http",
    };
    format!("{scheme}://{}", config.intake.listen)
}

/// What must hold for a 204 to be promised.
fn checks(collector: Option<&Arc<Collector>>, warmup: Arc<Warmup>) -> Vec<Check> {
    let spool = collector.map(|collector| {
        let spool = Arc::clone(&collector.spool);
        Check::new("spool", move || spool.check())
    });
    let start = collector.map(|_| Check::new("start", move || warmup.check()));
    spool.into_iter().chain(start).collect()
}
