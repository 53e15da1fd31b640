//! The taking half: limits, redaction, log and the door for browsers, and what must be done each second.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use anyhow::Context as _;
use arc_swap::ArcSwap;

use super::keys::{self, Pseudonyms};
use super::paths;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::door::Certificates;
use crate::enrich::{Enricher, PseudonymKey};
use crate::intake::{self, Examiner, Intake, Judge};
use crate::limit::Limiter;
use crate::private;
use crate::redact::Redactor;
use crate::sites::SharedSites;
use crate::spool::{self, Spool};

/// How often idle limits are forgotten and the snapshot of sites is looked at.
const CHORES_EVERY: Duration = Duration::from_secs(1);

/// What lies behind the door: everything that becomes of a submission until it is durable.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) judge: Judge,
    pub(super) spool: Arc<Spool>,
    pub(super) limiter: Arc<Limiter>,
    pseudonyms: Arc<ArcSwap<PseudonymKey>>,
    keys: Pseudonyms,
}

impl Line {
    /// Opens the log, and what stands before it.
    ///
    /// # Errors
    /// One sentence on what is in the way: a file, a key, the log's lock.
    pub(super) fn open(config: &Config, clock: &SharedClock) -> anyhow::Result<Self> {
        let dir = paths::keys_dir(config);
        private::make_dir(&dir).with_context(|| format!("{} cannot be made", dir.display()))?;
        let keys = Pseudonyms::open(&dir, clock.now())?;
        let pseudonyms = Arc::new(ArcSwap::from_pointee(keys.key()));
        let limiter = Arc::new(Limiter::new(
            config.limit.clone(),
            SharedClock::clone(clock),
        ));
        let judge = Judge {
            clock: SharedClock::clone(clock),
            limiter: Arc::clone(&limiter),
            examiner: Examiner::new(
                Enricher::open(&config.enrich)?,
                Redactor::new(keys::redaction(&dir)?),
            ),
            pseudonyms: Arc::clone(&pseudonyms),
        };
        let spool = Arc::new(Spool::open(
            spool_config(config),
            SharedClock::clone(clock),
        )?);
        Ok(Self {
            judge,
            spool,
            limiter,
            pseudonyms,
            keys,
        })
    }
}

/// The taking half of the process.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) spool: Arc<Spool>,
    limiter: Arc<Limiter>,
    pseudonyms: Arc<ArcSwap<PseudonymKey>>,
    keys: Mutex<Pseudonyms>,
    clock: SharedClock,
    door: ServerHandle,
    /// What speaks TLS at the door.
    pub(super) certificates: Option<Arc<Certificates>>,
}

impl Collector {
    /// Opens the log, then the door.
    ///
    /// # Errors
    /// One sentence on what is in the way: a file, a key, the log's lock, the address.
    pub(super) fn open(
        config: &Config,
        clock: &SharedClock,
        sites: &Arc<SharedSites>,
    ) -> anyhow::Result<Self> {
        let Line {
            judge,
            spool,
            limiter,
            pseudonyms,
            keys,
        } = Line::open(config, clock)?;
        let intake = Intake::new(
            config.intake.clone(),
            intake::Handles {
                sites: Arc::clone(sites),
                judge,
                spool: Arc::clone(&spool),
            },
        );
        let certificates = intake::certificates(&config.intake)?;
        let server = intake::serve(&intake, certificates.clone())?;
        let door = server.handle();
        actix_web::rt::spawn(server);
        let clock = SharedClock::clone(clock);
        Ok(Self {
            spool,
            limiter,
            pseudonyms,
            keys: Mutex::new(keys),
            clock,
            door,
            certificates,
        })
    }

    /// Closes the door: requests under way finish.
    pub(super) async fn close_door(&self) {
        self.door.stop(true).await;
    }

    /// Commits what waits and closes the last segment. Not on this thread, which must hear the next signal
    /// however long the disk takes.
    pub(super) async fn close_log(&self) {
        let spool = Arc::clone(&self.spool);
        // An error would be a panic, which has been said.
        drop(tokio::task::spawn_blocking(move || spool.close()).await);
    }

    fn chores(&self) {
        self.limiter.sweep();
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys.turn(self.clock.now()) {
            self.pseudonyms.store(Arc::new(key));
        }
    }
}

/// What must be looked after each second, for as long as the process runs.
#[derive(Clone, Debug)]
pub(super) struct House {
    pub(super) sites: Arc<SharedSites>,
    pub(super) collector: Option<Arc<Collector>>,
    pub(super) certificates: Vec<Arc<Certificates>>,
}

impl House {
    /// Looks after it.
    pub(super) async fn keep(self) {
        let mut ticks = tokio::time::interval(CHORES_EVERY);
        loop {
            ticks.tick().await;
            if let Err(error) = self.sites.reload_if_changed() {
                tracing::error!(%error, "the snapshot of sites stays as it was");
            }
            for pair in &self.certificates {
                pair.reload_if_changed();
            }
            if let Some(collector) = &self.collector {
                collector.chores();
            }
        }
    }
}

fn spool_config(config: &Config) -> spool::Config {
    spool::Config {
        segment_bytes: config.spool.segment_bytes,
        max_bytes: config.spool.max_bytes,
        durability: config.spool.durability,
        ..spool::Config::new(paths::spool_dir(config))
    }
}
