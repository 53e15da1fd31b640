//! The way of what was delivered: segments → detector → cases.
//!
//! Whatever the process remembered is made again at its start from the reports of the last weeks. Cases take
//! the same finding twice without a change, so starting over raises nothing twice and misses nothing. So it
//! starts over too when something was erased, and from then on passes over what an erasure covers: rows that
//! come in late are never judged. What people decide about destinations reaches it within a
//! second.

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
use crate::ids::{AlertId, CampaignId};
use crate::metrics::{self, Kind};
use crate::registry::{Registry, RegistryError};
use crate::sighting::Sighting;
use crate::sites::SharedSites;
use crate::store::{Batch, Observer, Reader, Store, StoreError};
use crate::trust::Verdicts;

/// How far back the memory reaches.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);
// What is older than an erasure that is looked for is not read any more.
const _: () = assert!(WINDOW.as_secs() < IN_FORCE.as_secs());
/// Pause after everything that is there was read.
const IDLE: Duration = Duration::from_millis(250);
/// Between two looks for segments that came in late, behind others with higher numbers.
const LATE_LOOK: Duration = Duration::from_secs(5);
/// Between two looks at the control state: how long what was erased may still be remembered, and what is trusted be
/// raised or what is blocked be silent, beside the read at hand.
const CONTROL_LOOK: Duration = Duration::from_secs(1);

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
    erased: Erased,
    /// Which verdicts the detector has; none before the first look.
    trusts_version: Option<i64>,
    /// When the control state was looked at last, on the monotonic clock.
    looked_at_control: Duration,
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
            erased: Erased::default(),
            trusts_version: None,
            looked_at_control: Duration::ZERO,
        }
    }

    async fn run(mut self) {
        let mut pause = Pause::default();
        loop {
            if let Err(error) = self.look_at_control().await {
                let what =
                    "detection waits until it can read what was erased and what people decided";
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

    /// Forgets everything when something was erased since the last look, and goes by what people decided.
    async fn look_at_control(&mut self) -> Result<(), RegistryError> {
        let now = self.handles.clock.monotonic();
        let is_early = now.saturating_sub(self.looked_at_control) < CONTROL_LOOK;
        if self.newest_erasure.is_some() && is_early {
            return Ok(());
        }
        let known = (self.newest_erasure, self.trusts_version);
        let registry = Arc::clone(&self.handles.registry);
        let since = self.handles.clock.now().minus(IN_FORCE);
        let look = spawn_blocking(move || Look::at(&registry, known, since)).await;
        let look = look.expect("reading the control state ends")?;
        if let Some(erasures) = look.erasures {
            if known.0.is_some() {
                let newest = look.newest_erasure;
                tracing::info!(newest, "something was erased: detection starts over");
                *self = Self::new(self.handles.clone());
            }
            self.erased = erasures;
            self.newest_erasure = Some(look.newest_erasure);
        }
        if let Some(verdicts) = look.verdicts {
            self.memory.detector.set_verdicts(verdicts);
            self.trusts_version = Some(look.trusts_version);
        }
        self.looked_at_control = now;
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

/// What a look at the control state found.
struct Look {
    newest_erasure: i64,
    /// All that are in force, if there is a new one.
    erasures: Option<Erased>,
    trusts_version: i64,
    /// The verdicts, if they have changed or the detector starts over.
    verdicts: Option<Verdicts>,
}

impl Look {
    /// Each number is read before what it stands for: a change between the two reads is then found once more.
    fn at(
        registry: &Registry,
        (erasure, trusts): (Option<i64>, Option<i64>),
        since: Timestamp,
    ) -> Result<Self, RegistryError> {
        let newest_erasure = registry.newest_erasure()?;
        let is_new = erasure != Some(newest_erasure);
        let erasures = is_new.then(|| registry.erasures(since)).transpose()?;
        let trusts_version = registry.trusts_version()?;
        let has_changed = is_new || trusts != Some(trusts_version);
        Ok(Self {
            newest_erasure,
            erasures: erasures.map(|all| all.into_iter().map(|one| one.erasure).collect()),
            trusts_version,
            verdicts: has_changed.then(|| registry.verdicts()).transpose()?,
        })
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
    count("members", recorded.members.len());
    count("reopened", recorded.reopened.len());
    let say = |alert: &AlertId, what| tracing::warn!(%alert, "{what}");
    let raised = recorded.raised.iter();
    raised.for_each(|alert| say(alert, "an alert was raised"));
    let joined = recorded.members.iter();
    joined.for_each(|(alert, _)| say(alert, "a destination joined an alert"));
    let reopened = recorded.reopened.iter();
    reopened.for_each(|alert| say(alert, "a closed alert is open again"));
}
