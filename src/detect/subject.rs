//! [`Subject`]: one destination, everywhere.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::time::Duration;

use super::Map;
use super::place::{Place, Way};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::SiteId;
use crate::lookalike::{self, Likeness};
use crate::services;
use crate::sighting::Sighting;

/// A place that only one network has seen is forgotten after this.
const FORGET_ONCE_SEEN: Duration = Duration::from_secs(3 * 24 * 3600);
/// The same when memory is short.
const FORGET_WHEN_FULL: Duration = Duration::from_secs(3600);
/// Any place is forgotten after this.
const FORGET: Duration = Duration::from_secs(30 * 24 * 3600);

/// One in so many of all who reported something must be new for another judgment.
const MUCH_NEWS: u32 = 32;

/// The same where nothing spoke for an attack.
const HOPE: u32 = 6;

/// Without a report for so long, an attack may be over.
const SILENCE: Duration = Duration::from_secs(3600);

/// One destination, everywhere.
#[derive(Debug)]
pub(super) struct Subject {
    /// Registrable domain.
    pub(super) destination: String,
    /// The account there, where anybody may have one.
    pub(super) account: Option<String>,
    /// Whether it is a well-known service.
    pub(super) is_service: bool,
    /// Whether anybody may have an account there.
    pub(super) has_accounts: bool,
    /// What its name imitates, once somebody asks.
    imitates: OnceCell<Option<Likeness>>,
    /// By site and way.
    pub(super) places: BTreeMap<(u32, Way), Box<Place>>,
    /// Whether nothing spoke for an attack when it was judged last.
    pub(super) is_hopeless: bool,
    /// By way: how often somebody new reported it somewhere, and how often since it was judged.
    witnesses: [u32; 2],
    news: [u32; 2],
    /// What was told of it so far.
    pub(super) told: Option<Told>,
    /// Receipt of the newest report.
    pub(super) last_seen: Timestamp,
}

/// The highest that was told of a destination.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) severity: Severity,
    pub(super) score: f64,
}

impl Subject {
    /// One that was never seen.
    pub(super) fn new(destination: &str, host: &str, account: Option<&str>) -> Self {
        Self {
            destination: destination.to_owned(),
            account: account.map(str::to_owned),
            is_service: services::find(destination).is_some(),
            has_accounts: services::has_accounts(host),
            imitates: OnceCell::new(),
            places: BTreeMap::new(),
            is_hopeless: false,
            witnesses: [0; 2],
            news: [0; 2],
            told: None,
            last_seen: Timestamp::default(),
        }
    }

    /// The well-known service that its name imitates.
    pub(super) fn imitates(&self) -> Option<&Likeness> {
        let find = || lookalike::likeness(&self.destination, std::iter::empty());
        self.imitates.get_or_init(find).as_ref()
    }

    /// Takes a sighting in. The place, if a judgment may change by it, and how many witnesses are remembered more.
    pub(super) fn observe(
        &mut self,
        (site, arrivals): (u32, (u32, u32)),
        sighting: &Sighting<'_>,
        has_room: bool,
    ) -> (Option<&mut Place>, usize) {
        self.last_seen = self.last_seen.max(sighting.at);
        let place = self
            .places
            .entry((site, Way::of(sighting.directive)))
            .or_insert_with(|| Box::new(Place::new(sighting.at, arrivals)));
        let before = place.num_witnesses();
        let has_news = place.observe(sighting, has_room);
        let more = place.num_witnesses() - before;
        (has_news.then_some(&mut **place), more)
    }

    /// Notes that somebody new reports it. Whether it is time to judge it again: what thousands have reported does
    /// not change with one more, but a merchant that is hit is told of at once, and what a known script begins to
    /// send has few witnesses yet.
    pub(super) fn is_due(&mut self, way: Way, is_new_here: bool) -> bool {
        let witnesses = &mut self.witnesses[way as usize];
        *witnesses = witnesses.saturating_add(1);
        let witnesses = *witnesses;
        self.news[way as usize] += 1;
        let much = if self.is_hopeless { HOPE } else { MUCH_NEWS };
        let is_due = (is_new_here && self.is_told())
            || witnesses <= MUCH_NEWS
            || self.news[way as usize] * much >= witnesses;
        if is_due {
            self.news = [0; 2];
        }
        is_due
    }

    /// Whether a report of this moment ends a silence after which whoever was told may take it to be over.
    pub(super) fn comes_back(&self, at: Timestamp) -> bool {
        self.is_told() && at.minus(SILENCE) > self.last_seen
    }

    /// Whether anybody was told that it is worth a look.
    pub(super) fn is_told(&self) -> bool {
        self.told
            .is_some_and(|told| told.severity >= Severity::Medium)
    }

    /// Whether anybody was called because of it.
    pub(super) fn is_raised(&self) -> bool {
        self.told
            .is_some_and(|told| told.severity >= Severity::High)
    }

    /// Forgets what is old. What somebody was told of stays for as long as it is seen.
    pub(super) fn forget(&mut self, now: Timestamp, is_full: bool) {
        let told = self.is_told();
        let once_seen = if is_full {
            FORGET_WHEN_FULL
        } else {
            FORGET_ONCE_SEEN
        };
        self.places.retain(|_, place| {
            let settled = told || place.networks.len() > 1;
            let patience = if settled { FORGET } else { once_seen };
            place.last_seen > now.minus(patience)
        });
    }
}

/// The sites, by number.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: Map<SiteId, u32>,
    names: Vec<SiteId>,
}

impl Names {
    pub(super) fn number(&mut self, site: &SiteId) -> u32 {
        if let Some(number) = self.numbers.get(site) {
            return *number;
        }
        let number = super::clients::count(self.names.len());
        self.numbers.insert(site.clone(), number);
        self.names.push(site.clone());
        number
    }

    pub(super) fn name(&self, number: u32) -> Option<&SiteId> {
        self.names.get(number as usize)
    }
}
