//! The way of what was delivered: segments → detector → cases.
//!
//! Whatever the process remembered is made again at its start from the reports of the last weeks. Cases take
//! the same finding twice without a change, so starting over raises nothing twice and misses nothing. So it
//! starts over too when something was erased, and from then on passes over what an erasure covers: rows that
//! come in late are never judged.

use std::collections::{BTreeMap, HashMap};
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
use crate::scope::Scope;
use crate::sites::SharedSites;
use crate::store::{Cursors, Mark, SightingRow, Store, StoreError, Stretch};

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
/// The most marks and rows that are read at once.
const MOST_MARKS: u32 = 10_000;
const MOST_ROWS: u32 = 50_000;
/// The most texts of policies that are kept at hand.
const MOST_POLICIES: usize = 4096;

/// What detection is connected to.
#[derive(Clone)]
pub(super) struct Handles {
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
    detector: Detector,
    /// None until ClickHouse has said where it stands.
    cursors: Option<Cursors>,
    /// When late segments were looked for last, on the monotonic clock.
    looked_late: Duration,
    sites_version: u64,
    policies: HashMap<u64, String>,
    /// The number of the newest erasure that is known; none before the first look.
    newest_erasure: Option<i64>,
    /// When erasures were looked for last, on the monotonic clock.
    looked_erased: Duration,
    erased: Erased,
    /// Findings that are not taken down yet: of each campaign those that rise, and the newest.
    untold: BTreeMap<CampaignId, Vec<Finding>>,
}

impl Detection {
    fn new(handles: Handles) -> Self {
        Self {
            handles,
            detector: Detector::new(Config::default(), Kinship::default()),
            cursors: None,
            looked_late: Duration::ZERO,
            // No snapshot has this version: the first look is never skipped.
            sites_version: u64::MAX,
            policies: HashMap::new(),
            newest_erasure: None,
            looked_erased: Duration::ZERO,
            erased: Erased::default(),
            untold: BTreeMap::new(),
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
            self.detector.set_kinship(kinship);
        }
    }

    /// Reads what came in. Whether there was anything.
    async fn read_on(&mut self) -> Result<bool, StoreError> {
        let since = self.handles.clock.now().minus(WINDOW);
        let store = self.handles.store.clone();
        let mut cursors = match self.cursors.take() {
            Some(cursors) => cursors,
            None => store.begin_feed().await?,
        };
        let read = self.read_from(&store, &mut cursors, since).await;
        self.cursors = Some(cursors);
        read
    }

    async fn read_from(
        &mut self,
        store: &Store,
        cursors: &mut Cursors,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let marks = store.marks_after(cursors, since, MOST_MARKS).await?;
        if !marks.is_empty() {
            self.read(store, cursors, &marks).await?;
            return Ok(true);
        }
        let now = self.handles.clock.monotonic();
        if now.saturating_sub(self.looked_late) < LATE_LOOK {
            return Ok(false);
        }
        let marks = store.late_marks(cursors, since).await?;
        self.read(store, cursors, &marks).await?;
        cursors.settle();
        self.looked_late = now;
        Ok(!marks.is_empty())
    }

    async fn read(
        &mut self,
        store: &Store,
        cursors: &mut Cursors,
        marks: &[Mark],
    ) -> Result<(), StoreError> {
        for stretch in Stretch::of(marks, MOST_ROWS) {
            let rows = store.sightings(&Scope::Operator, &stretch).await?;
            self.fetch_policies(&rows).await?;
            self.observe(&rows);
            cursors.pass(&stretch);
            self.measure(stretch.received_to);
        }
        Ok(())
    }

    async fn fetch_policies(&mut self, rows: &[SightingRow]) -> Result<(), StoreError> {
        if self.policies.len() > MOST_POLICIES {
            self.policies.clear();
        }
        let hashes = rows.iter().map(SightingRow::policy);
        let mut missing: Vec<u64> = hashes
            .filter(|hash| *hash != 0 && !self.policies.contains_key(hash))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let texts = self.handles.store.policy_texts(&missing).await?;
            // One that is not there is not asked for with every segment.
            let texts = missing
                .into_iter()
                .map(|hash| (hash, texts.get(&hash).cloned().unwrap_or_default()));
            self.policies.extend(texts);
        }
        Ok(())
    }

    /// Judges after each submission, as a backtest does: what came later must not dilute a share.
    fn observe(&mut self, rows: &[SightingRow]) {
        let mut rows = rows.iter().peekable();
        while let Some(row) = rows.next() {
            if let Some(site) = row.site()
                && !self.erased.covers(&site, row.client(), row.at())
            {
                let policy = self.policies.get(&row.policy()).map_or("", String::as_str);
                self.detector.observe(&row.sighting(&site, policy));
            }
            if rows.peek().is_none_or(|next| next.at() != row.at()) {
                self.advance(row.at());
            }
            metrics::get().detect_sightings.inc();
        }
    }

    fn advance(&mut self, to: Timestamp) {
        for finding in self.detector.advance(to) {
            let told = self.untold.entry(finding.campaign.clone()).or_default();
            told.pop_if(|last| !last.rises && !finding.rises);
            told.push(finding);
        }
    }

    fn measure(&self, to: Timestamp) {
        let lag = self.handles.clock.now().0.saturating_sub(to.0).max(0);
        let lag = Duration::from_millis(lag.unsigned_abs());
        metrics::get().detect_lag_seconds.set(lag.as_secs_f64());
    }

    /// Has the findings taken down; those that cannot be now come again with the next round.
    async fn tell(&mut self) {
        if self.untold.is_empty() {
            return;
        }
        let findings: Vec<Finding> = self.untold.values().flatten().cloned().collect();
        let cases = self.handles.cases.clone();
        let recorded = spawn_blocking(move || cases.record(&findings)).await;
        match recorded {
            Ok(Ok(recorded)) => {
                self.untold.clear();
                announce(&recorded);
            }
            Ok(Err(error)) => complain(&error),
            Err(error) => tracing::error!(%error, "findings were not taken down"),
        }
    }
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
