//! The way of what was delivered: segments → detector → cases.
//!
//! Whatever the process remembered is made again at its start from the reports of the last weeks. Cases take
//! the same finding twice without a change, so starting over raises nothing twice and misses nothing. So it
//! starts over too when something was erased, and from then on passes over what an erasure covers: rows that
//! come in late are never judged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::pause::Pause;
use crate::cases::{Cases, CasesError, Recorded};
use crate::clock::{SharedClock, Timestamp};
use crate::detect::{Config, Detector, Kinship};
use crate::erasure::{Erased, IN_FORCE};
use crate::finding::Finding;
use crate::ids::CampaignId;
use crate::metrics::{self, Kind};
use crate::registry::{Registry, RegistryError};
use crate::sighting::Sighting;
use crate::sites::SharedSites;
use crate::store::{Batch, Observer, Reader, Store, StoreError};

/// How far back the memory reaches.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);
// What is older than an erasure that is looked for is not read any more.
const _: () = assert!(WINDOW.as_secs() < IN_FORCE.as_secs());
/// Pause after everything that is there was read.
const IDLE: Duration = Duration::from_millis(250);
/// Between two looks for segments that came in late, behind others with higher numbers.
const LATE_LOOK: Duration = Duration::from_secs(5);
/// Between two looks for what was erased: how long it may still be remembered, beside the read at hand.
const ERASURE_LOOK: Duration = Duration::from_secs(1);

/// What detection is connected to.
#[derive(Clone)]
pub(super) struct Handles {
    pub(super) config: Config,
    pub(super) store: Store,
    pub(super) cases: Cases,
    pub(super) registry: Arc<Registry>,
    pub(super) sites: Arc<SharedSites>,
    pub(super) clock: SharedClock,
}

/// Detects for as long as the process runs, beginning with an empty memory.
pub(super) async fn run(handles: Handles) {
    Detection::new(handles).run().await;
}

struct Detection {
    handles: Handles,
    reader: Reader,
    memory: Memory,
    /// When late segments were looked for last, on the monotonic clock.
    looked_late: Duration,
    sites_version: u64,
    /// The number of the newest erasure that is known; none before the first look.
    newest_erasure: Option<i64>,
    /// When erasures were looked for last, on the monotonic clock.
    looked_erased: Duration,
    erased: Erased,
}

/// The detector, and what it has found.
struct Memory {
    detector: Detector,
    /// Findings that are not taken down yet: of each campaign those that rise, and the newest.
    untold: BTreeMap<CampaignId, Vec<Finding>>,
}

impl Observer for Memory {
    fn observe(&mut self, sighting: &Sighting<'_>) {
        self.detector.observe(sighting);
    }

    fn advance(&mut self, to: Timestamp) {
        for finding in self.detector.advance(to) {
            let told = self.untold.entry(finding.campaign.clone()).or_default();
            told.pop_if(|last| !last.rises && !finding.rises);
            told.push(finding);
        }
    }
}

impl Detection {
    fn new(handles: Handles) -> Self {
        Self {
            reader: Reader::new(handles.store.clone()),
            memory: Memory {
                detector: Detector::new(handles.config.clone(), Kinship::default()),
                untold: BTreeMap::new(),
            },
            handles,
            looked_late: Duration::ZERO,
            // No snapshot has this version: the first look is never skipped.
            sites_version: u64::MAX,
            newest_erasure: None,
            looked_erased: Duration::ZERO,
            erased: Erased::default(),
        }
    }

    async fn run(mut self) {
        let mut pause = Pause::default();
        loop {
            if let Err(error) = self.look_at_erasures().await {
                let what = "detection waits until it can read what was erased";
                pause.after(what, &error).await;
                continue;
            }
            self.look_at_sites();
            match self.read_on().await {
                Ok(true) => pause = Pause::default(),
                Ok(false) => tokio::time::sleep(IDLE).await,
                Err(error) => {
                    pause.after("detection cannot read on yet", &error).await;
                }
            }
            self.tell().await;
        }
    }

    /// Forgets everything when something was erased since the last look.
    async fn look_at_erasures(&mut self) -> Result<(), RegistryError> {
        let now = self.handles.clock.monotonic();
        let is_early = now.saturating_sub(self.looked_erased) < ERASURE_LOOK;
        if self.newest_erasure.is_some() && is_early {
            return Ok(());
        }
        let known = self.newest_erasure;
        let registry = Arc::clone(&self.handles.registry);
        let since = self.handles.clock.now().minus(IN_FORCE);
        let read = spawn_blocking(move || {
            // First the number: an erasure between the two reads is then found once more.
            let newest = registry.newest_erasure()?;
            let is_new = known != Some(newest);
            let erasures = is_new.then(|| registry.erasures(since)).transpose()?;
            Ok::<_, RegistryError>((newest, erasures))
        });
        let read = read.await.expect("reading the control state ends");
        if let (newest, Some(erasures)) = read? {
            if known.is_some() {
                tracing::info!(newest, "something was erased: detection starts over");
                *self = Self::new(self.handles.clone());
            }
            self.erased = erasures.into_iter().map(|one| one.erasure).collect();
            self.newest_erasure = Some(newest);
        }
        self.looked_erased = now;
        Ok(())
    }

    fn look_at_sites(&mut self) {
        let sites = self.handles.sites.current();
        if sites.version() != self.sites_version {
            self.sites_version = sites.version();
            let active = sites.active();
            let kinship = Kinship::of(active.map(|site| (&site.id, &*site.profile)));
            self.memory.detector.set_kinship(kinship);
        }
    }

    /// Reads what came in. Whether there was anything.
    async fn read_on(&mut self) -> Result<bool, StoreError> {
        let since = self.handles.clock.now().minus(WINDOW);
        let now = self.handles.clock.monotonic();
        let (clock, erased, memory) = (&self.handles.clock, &self.erased, &mut self.memory);
        let mut each = |batch: &Batch<'_>| {
            batch.tell(erased, memory);
            measure(clock, batch);
        };
        if self.reader.read_on(since, &mut each).await? {
            return Ok(true);
        }
        if now.saturating_sub(self.looked_late) < LATE_LOOK {
            return Ok(false);
        }
        let was_late = self.reader.read_late(since, &mut each).await?;
        self.looked_late = now;
        Ok(was_late)
    }

    /// Has the findings taken down; those that cannot be now come again with the next round.
    async fn tell(&mut self) {
        if self.memory.untold.is_empty() {
            return;
        }
        let findings: Vec<Finding> = self.memory.untold.values().flatten().cloned().collect();
        let cases = self.handles.cases.clone();
        let recorded = spawn_blocking(move || cases.record(&findings)).await;
        match recorded {
            Ok(Ok(recorded)) => {
                self.memory.untold.clear();
                announce(&recorded);
            }
            Ok(Err(error)) => complain(&error),
            Err(error) => tracing::error!(%error, "findings were not taken down"),
        }
    }
}

fn measure(clock: &SharedClock, batch: &Batch<'_>) {
    metrics::get().detect_sightings.inc_by(batch.len() as u64);
    let lag = clock.now().0.saturating_sub(batch.received_to().0).max(0);
    let lag = Duration::from_millis(lag.unsigned_abs());
    metrics::get().detect_lag_seconds.set(lag.as_secs_f64());
}

fn complain(error: &CasesError) {
    tracing::error!(%error, "findings are not taken down yet");
}

fn announce(recorded: &Recorded) {
    let count = |kind, number: usize| {
        let news = &metrics::get().detect_news;
        news.get_or_create(&Kind { kind }).inc_by(number as u64);
    };
    count("raised", recorded.raised.len());
    count("worsened", recorded.worsened.len());
    count("joined", recorded.joined.len());
    count("reopened", recorded.reopened.len());
    for alert in &recorded.raised {
        tracing::warn!(%alert, "an alert was raised");
    }
    for alert in &recorded.reopened {
        tracing::warn!(%alert, "a closed alert is open again");
    }
}
