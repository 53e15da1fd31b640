//! `serve`: opens the doors that the roles name and closes them in order.
//!
//! # How it ends
//!
//! SIGTERM or SIGINT, and on a leash the end of standard input, end it in this order. The log says each step.
//!
//! 1. *The door for browsers.* New connections are refused, resting ones are closed. Requests under way are waited
//!    for, ten seconds at most, and go through all gates into the log: whoever gets a 204 now has a row later.
//! 2. *The log.* What waits for the disk is committed, and the segment that is being written is closed.
//! 3. *The way to ClickHouse.* What the log holds is delivered, within [`LAST_DELIVERY`]. What does not get there
//!    waits for the next start; ClickHouse that hangs makes the end no longer than that.
//! 4. *The sending of notices*: messages under way get five seconds. What does not arrive waits for the next start.
//!    *Detection* and the watch over erasures, wherever they are: what they did not get to, they do after it.
//! 5. *The door for readers.* Until here `/metrics` tells how far it is. Answers under way get two seconds.
//! 6. *The database*, if it is the embedded engine: told to end, and killed if it does not in time.
//!
//! Then its status is 0. A second signal ends it at once, wherever it is, with a status of 1. That loses nothing
//! that was answered with 204: the log has it, and the next start delivers it.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use anyhow::Context as _;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use super::collector::{Collector, House};
use super::shared::{Control, Shared};
use super::warmup::Warmup;
use super::web::Readers;
use super::{Database, delivery, paths, tasks};
use crate::clock::SharedClock;
use crate::config::{Config, Role};
use crate::registry::Registry;
use crate::sites::SharedSites;

/// How long the last segments may take to reach ClickHouse when the process ends. What does not get
/// there in time waits in the log for the next start.
const LAST_DELIVERY: Duration = Duration::from_secs(5);

/// Of threads in the background, which then get a tenth of a core that is full.
const NICENESS: i32 = 10;

/// Runs until it is told to stop, on a leash also until standard input ends.
///
/// # Errors
/// One sentence on what keeps it from starting.
pub fn serve(config: Config, clock: SharedClock, leash: bool) -> anyhow::Result<()> {
    forbid_core_dumps();
    allow_open_files();
    tracing::info!(?config, "settings");
    paths::make_data_dir(&config)?;
    let runtime = runtime().context("the runtime cannot start")?;
    actix_web::rt::System::with_tokio_rt(|| runtime).block_on(run(config, clock, leash))
}

/// The runtime of all that is not a door; those have their own. Its threads, which read segments for tens of
/// milliseconds, give way to the doors: an acknowledgement may take less than that.
fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_start(|| {
            if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
                tracing::warn!(%error, "threads in the background have the priority of all others");
            }
        })
        .build()
}

async fn run(config: Config, clock: SharedClock, leash: bool) -> anyhow::Result<()> {
    let mut stop = Stop::listen(leash)?;
    let open = Open::all(&config, &clock)?;
    stop.told().await;
    tokio::select! {
        () = open.close() => {
            tracing::info!("stopped");
            Ok(())
        }
        () = stop.signal() => anyhow::bail!(
            "stopped at once, because it was told to stop twice: what was acknowledged and is not in ClickHouse \
             waits in the log for the next start"
        ),
    }
}

/// All that is open while the process runs.
struct Open {
    chores: JoinHandle<()>,
    collector: Option<(Arc<Collector>, JoinHandle<()>)>,
    detection: Option<JoinHandle<()>>,
    erasures: Option<JoinHandle<()>>,
    control: Option<Control>,
    readers: Option<ServerHandle>,
    database: Database,
}

impl Open {
    /// Takes the addresses and locks first, so that a start which cannot be fails before it takes reports.
    fn all(config: &Config, clock: &SharedClock) -> anyhow::Result<Self> {
        let has = |role| config.roles.has(role);
        let registry = (has(Role::Web) || has(Role::Detect))
            .then(|| Registry::open(&paths::registry_path(config), SharedClock::clone(clock)))
            .transpose()?
            .map(Arc::new);
        let readers = registry
            .as_ref()
            .filter(|_| has(Role::Web))
            .map(|registry| Readers::bind(config, clock, Arc::clone(registry)))
            .transpose()?;
        let sites = Arc::new(SharedSites::open(&paths::snapshot_path(config))?);
        let collector = || Collector::open(config, clock, &sites).map(Arc::new);
        let collector = has(Role::Intake).then(collector).transpose()?;
        let database = Database::for_serve(config)?;
        let warmup = Warmup::begin(clock);
        let of_collector = collector.as_ref().and_then(|c| c.certificates.clone());
        let of_readers = readers.as_ref().and_then(Readers::certificates);
        let certificates = of_collector.into_iter().chain(of_readers).collect();
        let open = |readers: Readers| {
            readers.open(database.store(), collector.as_ref(), Arc::clone(&warmup))
        };
        let readers = readers.map(open).transpose()?;
        let shared = Shared {
            store: database.store(),
            sites: Arc::clone(&sites),
            clock: SharedClock::clone(clock),
            detect: config.detect.clone(),
        };
        let spool = collector.as_ref().map(|it| Arc::clone(&it.spool));
        let erasures = registry.clone().map(|it| shared.watch_erasures(it, spool));
        let control = registry.clone().filter(|_| has(Role::Web));
        let control = control.map(|it| Control::begin(&shared, &it, config));
        let control = control.transpose()?;
        let detection = registry.filter(|_| has(Role::Detect));
        let detection = detection.map(|registry| shared.detect(registry));
        let house = House {
            sites,
            collector: collector.clone(),
            certificates,
        };
        let chores = tokio::spawn(tasks::keep("chores", move || house.clone().keep()));
        let collector = collector.map(|collector| {
            let spool = Arc::clone(&collector.spool);
            let clock = SharedClock::clone(clock);
            let store = database.store();
            let delivery = tasks::keep("delivery", move || {
                let (spool, warmup) = (Arc::clone(&spool), Arc::clone(&warmup));
                delivery::run(spool, store.clone(), SharedClock::clone(&clock), warmup)
            });
            (collector, tokio::spawn(delivery))
        });
        Ok(Self {
            chores,
            collector,
            detection,
            erasures,
            control,
            readers,
            database,
        })
    }

    /// The order stands in the module's description.
    async fn close(self) {
        self.chores.abort();
        if let Some((collector, delivery)) = self.collector {
            begin("the door for browsers; requests under way are waited for");
            collector.close_door().await;
            begin("the log");
            collector.close_log().await;
            begin("the way to ClickHouse; what the log holds is delivered");
            end_delivery(delivery).await;
        }
        if let Some(erasures) = self.erasures {
            begin("the watch over erasures");
            erasures.abort();
        }
        if let Some(control) = self.control {
            begin("the sending of notices; messages under way are waited for");
            control.end().await;
        }
        if let Some(detection) = self.detection {
            begin("detection");
            detection.abort();
        }
        if let Some(readers) = self.readers {
            begin("the door for readers");
            readers.stop(true).await;
        }
        begin("the database");
        self.database.stop().await;
    }
}

/// Says which step of the end begins.
fn begin(step: &str) {
    tracing::info!("stopping: {step}");
}

async fn end_delivery(delivery: JoinHandle<()>) {
    let rest = delivery.abort_handle();
    if tokio::time::timeout(LAST_DELIVERY, delivery).await.is_err() {
        rest.abort();
        tracing::warn!("some segments wait in the log for the next start");
    }
}

/// The signals that end the process in order.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    /// Resolves when standard input has ended; never without a leash.
    leash: Option<tokio::sync::oneshot::Receiver<()>>,
}

impl Stop {
    fn listen(leash: bool) -> std::io::Result<Self> {
        Ok(Self {
            leash: leash.then(end_of_input),
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn told(&mut self) {
        let leash = self.leash.take();
        tokio::select! {
            () = self.signal() => {}
            () = until(leash) => {}
        }
    }

    /// A signal alone: whoever ends the leash after one asks for nothing new.
    async fn signal(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn until(leash: Option<tokio::sync::oneshot::Receiver<()>>) {
    match leash {
        // An error says that the thread has ended, which it does at the end of the input.
        Some(leash) => drop(leash.await),
        None => std::future::pending().await,
    }
}

/// A thread of its own, because reading standard input cannot be given up.
fn end_of_input() -> tokio::sync::oneshot::Receiver<()> {
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let copied = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop((copied, end));
    });
    ended
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

/// A connection is an open file, and the usual soft limit is a small part of the hard one.
fn allow_open_files() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let most = rustix::process::Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = rustix::process::setrlimit(rustix::process::Resource::Nofile, most) {
        tracing::warn!(%error, "the limit on open files stays as it is");
    }
}
