//! What is kept of each site: its bucket, its shares, and what it knows.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use foldhash::fast::RandomState;

use super::burst::Bursts;
use super::config::{Config, FORGET_SITE_AFTER, quota};
use super::known::Known;
use super::meter::{Meter, One};
use super::share::FairShare;
use crate::clock::SharedClock;
use crate::ids::SiteId;
use crate::metrics;

/// The most sites that are tracked one by one; the rest share one state.
pub const MAX_SITES: usize = 1 << 17;

const SHARDS: usize = 16;

/// One site's limits.
#[derive(Debug)]
pub(super) struct SiteState {
    rate: u32,
    used: AtomicU64,
    /// Entries.
    pub(super) entries: Meter<One>,
    /// Bodies that are read although the site is over its rate.
    pub(super) bodies: Mutex<FairShare>,
    /// What it has seen, and how much that is new may pass.
    pub(super) novelty: Mutex<Novelty>,
}

/// What a site has seen, and how much that is new may pass.
#[derive(Debug)]
pub(super) struct Novelty {
    pub(super) known: Known,
    pub(super) share: FairShare,
    /// The same for what few networks have reported: made-up things of single networks do not use it up.
    pub(super) witnessed: FairShare,
    pub(super) bursts: Bursts,
}

impl SiteState {
    fn new(rate: u32, config: &Config, clock: &SharedClock, known: Known) -> Self {
        Self {
            rate,
            used: AtomicU64::new(clock.coarse().as_secs()),
            entries: Meter::new(One::default(), quota(rate), clock),
            bodies: Mutex::new(FairShare::new(config.parse_rate)),
            novelty: Mutex::new(Novelty {
                known,
                share: FairShare::new(config.site_novelty_rate),
                witnessed: FairShare::new(config.site_novelty_rate),
                bursts: Bursts::new(clock.coarse()),
            }),
        }
    }

    fn idle(&self, now: Duration) -> bool {
        let used = Duration::from_secs(self.used.load(Ordering::Relaxed));
        now.saturating_sub(used) > FORGET_SITE_AFTER
    }
}

/// All sites' limits, made when a site is first heard of.
#[derive(Debug)]
pub(super) struct Sites {
    config: Config,
    clock: SharedClock,
    hasher: RandomState,
    shards: [RwLock<HashMap<SiteId, Arc<SiteState>, RandomState>>; SHARDS],
    overflow: Arc<SiteState>,
    tracked: AtomicUsize,
    next_sweep: AtomicUsize,
    /// Pairs that all sites know.
    known: Arc<AtomicUsize>,
}

impl Sites {
    pub(super) fn new(config: Config, clock: SharedClock) -> Self {
        let known = Arc::new(AtomicUsize::new(0));
        let nothing = Known::new(Arc::clone(&known));
        let overflow = SiteState::new(config.site_rate, &config, &clock, nothing);
        Self {
            config,
            clock,
            hasher: RandomState::default(),
            shards: Default::default(),
            overflow: Arc::new(overflow),
            tracked: AtomicUsize::new(0),
            next_sweep: AtomicUsize::new(0),
            known,
        }
    }

    /// The state of a site whose own rate is `rate`. When that changes the site starts afresh.
    pub(super) fn get(&self, site: &SiteId, rate: Option<u32>) -> Arc<SiteState> {
        let rate = rate.unwrap_or(self.config.site_rate);
        let now = self.clock.coarse().as_secs();
        let shard = self.shard(site);
        let tracked = shard.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = tracked.get(site).filter(|state| state.rate == rate) {
            state.used.store(now, Ordering::Relaxed);
            return Arc::clone(state);
        }
        drop(tracked);
        self.make(site, rate)
    }

    fn make(&self, site: &SiteId, rate: u32) -> Arc<SiteState> {
        let mut tracked = self
            .shard(site)
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match tracked.get(site) {
            // Another worker was quicker.
            Some(state) if state.rate == rate => return Arc::clone(state),
            None if self.tracked.load(Ordering::Relaxed) >= MAX_SITES => {
                metrics::count(&metrics::get().limit_untracked, "sites");
                return Arc::clone(&self.overflow);
            }
            _ => {}
        }
        let nothing = Known::new(Arc::clone(&self.known));
        let state = Arc::new(SiteState::new(rate, &self.config, &self.clock, nothing));
        if tracked.insert(site.clone(), Arc::clone(&state)).is_none() {
            self.tracked.fetch_add(1, Ordering::Relaxed);
        }
        state
    }

    /// Forgets the idle sites of one shard: all of them are visited every [`SHARDS`] calls. Returns how many
    /// sites are tracked and how many pairs they know.
    pub(super) fn sweep(&self) -> (usize, usize) {
        let turn = self.next_sweep.fetch_add(1, Ordering::Relaxed) % SHARDS;
        let now = self.clock.coarse();
        if let Some(shard) = self.shards.get(turn) {
            let mut tracked = shard.write().unwrap_or_else(PoisonError::into_inner);
            let before = tracked.len();
            tracked.retain(|_, state| !state.idle(now));
            self.tracked
                .fetch_sub(before - tracked.len(), Ordering::Relaxed);
        }
        (
            self.tracked.load(Ordering::Relaxed),
            self.known.load(Ordering::Relaxed),
        )
    }

    fn shard(&self, site: &SiteId) -> &RwLock<HashMap<SiteId, Arc<SiteState>, RandomState>> {
        let hash = self.hasher.hash_one(site);
        let index = usize::try_from(hash >> 60).unwrap_or(0);
        self.shards.get(index).expect("4 bits index 16 shards")
    }
}
