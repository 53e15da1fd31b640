//! `serve`: opens the doors that the roles name and closes them in order.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use super::collector::{self, Collector};
use super::{Database, delivery, paths, web};
use crate::clock::SharedClock;
use crate::config::{Config, Role};
use crate::registry::Registry;
use crate::sites::SharedSites;

/// How long the last segments may take to reach ClickHouse when the process ends. What does not get
/// there in time waits in the log for the next start.
const LAST_DELIVERY: Duration = Duration::from_secs(5);

/// Runs until it is told to stop.
///
/// # Errors
/// One sentence on what keeps it from starting.
pub fn serve(config: Config, clock: SharedClock) -> anyhow::Result<()> {
    forbid_core_dumps();
    paths::make_data_dir(&config)?;
    actix_web::rt::System::new().block_on(run(config, clock))
}

async fn run(config: Config, clock: SharedClock) -> anyhow::Result<()> {
    tracing::info!(?config, "settings");
    let mut stop = Stop::listen()?;
    let registry = match config.roles.has(Role::Web) {
        true => Some(open_registry(&config, &clock)?),
        false => None,
    };
    let sites = Arc::new(SharedSites::open(&paths::snapshot_path(&config))?);
    let collector = match config.roles.has(Role::Intake) {
        true => Some(Arc::new(Collector::open(&config, &clock, &sites)?)),
        false => None,
    };
    let database = Database::for_serve(&config)?;
    let delivery = collector.as_ref().map(|collector| {
        tokio::spawn(delivery::run(
            Arc::clone(&collector.spool),
            database.store(),
        ))
    });
    let web = match registry {
        Some(registry) => Some(web::open(
            &config,
            database.store(),
            registry,
            collector.as_ref(),
        )?),
        None => None,
    };
    let chores = actix_web::rt::spawn(collector::keep_house(sites, collector.clone()));

    stop.told().await;
    tracing::info!("stopping: the door, the log, the database");
    chores.abort();
    close(collector, delivery).await;
    if let Some(web) = web {
        web.stop(true).await;
    }
    database.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// The control state belongs to the web role; what collectors need of it is published beside it.
fn open_registry(config: &Config, clock: &SharedClock) -> anyhow::Result<Arc<Registry>> {
    let registry = Registry::open(&paths::registry_path(config), SharedClock::clone(clock))?;
    registry.publish(&paths::snapshot_path(config))?;
    Ok(Arc::new(registry))
}

async fn close(collector: Option<Arc<Collector>>, delivery: Option<JoinHandle<()>>) {
    let (Some(collector), Some(delivery)) = (collector, delivery) else {
        return;
    };
    collector.close().await;
    if tokio::time::timeout(LAST_DELIVERY, delivery).await.is_err() {
        tracing::warn!("some segments are not in ClickHouse yet; they wait for the next start");
    }
}

/// The signals that end the process in order.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// A core dump would hold card numbers: they pass through memory.
fn forbid_core_dumps() {
    let none = rustix::process::Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = rustix::process::setrlimit(rustix::process::Resource::Core, none) {
        tracing::warn!(%error, "core dumps cannot be forbidden");
    }
}
