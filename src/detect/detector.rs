//! [`Detector`]: the memory, and the round from sightings to findings.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Map;
use super::allowed::Allowed;
use super::clients::count;
use super::config::Config;
use super::crowd::Crowd;
use super::judgment::{Judgment, View};
use super::kinship::Kinship;
use super::place::Way;
use super::site::Site;
use super::subject::{Names, Subject, Told};
use super::witness;
use crate::clock::Timestamp;
use crate::finding::{Evidence, Finding, FindingKind, Hit, Reason, Severity};
use crate::ids::CampaignId;
use crate::metrics;
use crate::sighting::Sighting;
use crate::trust::{Verdict, Verdicts};

/// The most destinations that are remembered.
pub const MAX_SUBJECTS: usize = 200_000;
/// The most (destination, site, way) that are remembered.
pub const MAX_PLACES: usize = 400_000;

/// The most browsers and networks that are remembered, over all places: 8 bytes each.
pub const MAX_WITNESSES: usize = 16_000_000;

/// How often what is old is forgotten, in the time of the sightings.
const SWEEP_EVERY: Duration = Duration::from_secs(6 * 3600);

/// The same when memory is short: it takes a look at everything, so not with every report.
const SWEEP_WHEN_FULL: Duration = Duration::from_secs(60);

/// A score must grow by this to be told again.
const NEWS: f64 = 0.5;

/// The memory of detection.
#[derive(Debug)]
pub struct Detector {
    config: Config,
    kinship: Kinship,
    names: Names,
    /// By their numbers.
    sites: Vec<Site>,
    subjects: Map<String, Subject>,
    num_places: usize,
    /// Browsers and networks, over all places.
    num_witnesses: usize,
    allowed: Allowed,
    /// All that came to a payment page.
    everybody: Crowd,
    /// Destinations whose judgment may have changed.
    changed: BTreeSet<String>,
    /// Sites of which it is to be told that they are flooded.
    flooded: Vec<u32>,
    /// The name of a subject, while it is looked for.
    key: String,
    verdicts: Verdicts,
    now: Timestamp,
    swept: Timestamp,
}

impl Detector {
    /// One that has seen nothing.
    pub fn new(config: Config, kinship: Kinship) -> Self {
        Self {
            config,
            kinship,
            names: Names::default(),
            sites: Vec::new(),
            subjects: Map::default(),
            num_places: 0,
            num_witnesses: 0,
            allowed: Allowed::default(),
            everybody: Crowd::default(),
            changed: BTreeSet::new(),
            flooded: Vec::new(),
            key: String::new(),
            verdicts: Verdicts::default(),
            now: Timestamp::default(),
            swept: Timestamp::default(),
        }
    }

    /// Which sites are one merchant, as it stands now.
    pub fn set_kinship(&mut self, kinship: Kinship) {
        self.kinship = kinship;
    }

    /// What people decided, as it stands now. What is blocked and was seen already is judged with the next round.
    pub fn set_verdicts(&mut self, verdicts: Verdicts) {
        let blocked = verdicts.blocked.destinations();
        let is_blocked = |it: &Subject| blocked.contains(it.destination.as_str());
        let seen = self.subjects.iter().filter(|(_, it)| is_blocked(it));
        self.changed.extend(seen.map(|(key, _)| key.clone()));
        self.verdicts = verdicts;
    }

    /// Takes a sighting in.
    pub fn observe(&mut self, sighting: &Sighting<'_>) {
        self.now = self.now.max(sighting.at);
        if sighting.from_hosting {
            return;
        }
        let number = self.names.number(sighting.site);
        let sighting = &*witness::named(sighting, number);
        if number as usize == self.sites.len() {
            self.sites.push(Site::new(sighting.at));
        }
        let site = self.sites.get_mut(number as usize);
        if site.is_some_and(|site| site.observe(sighting)) {
            self.everybody.add(sighting);
        }
        self.allowed.observe(number, sighting);
        if !sighting.is_foreign() || !self.config.is_mine(sighting.destination) {
            return;
        }
        self.observe_as(number, sighting, None);
        if let Some(account) = sighting.account() {
            self.observe_as(number, sighting, Some(account));
        }
    }

    /// Takes a sighting in as one of its destination, or of one account there.
    fn observe_as(&mut self, number: u32, sighting: &Sighting<'_>, account: Option<&str>) {
        let has_no_place = self.has_no_place();
        let Some(site) = self.sites.get_mut(number as usize) else {
            return;
        };
        self.key.clear();
        self.key.push_str(sighting.destination);
        if let Some(account) = account {
            self.key.push(' ');
            self.key.push_str(account);
        }
        if !self.subjects.contains_key(&self.key) {
            if has_no_place {
                metrics::get().detect_destinations_refused.inc();
                return;
            }
            let subject = Subject::new(sighting.destination, sighting.host, account);
            self.subjects.insert(self.key.clone(), subject);
        }
        let Some(subject) = self.subjects.get_mut(&self.key) else {
            return;
        };
        let before = subject.places.len();
        let arrivals = (site.arrivals, self.everybody.number());
        let has_room = self.num_witnesses < MAX_WITNESSES;
        let comes_back = subject.comes_back(sighting.at);
        let (news, witnesses) = subject.observe((number, arrivals), sighting, has_room);
        self.num_witnesses += witnesses;
        let has_news = news.is_some();
        if let Some(place) = news {
            if place.networks.is_full() && place.frozen_share.is_none() {
                let networks = place.networks.len();
                let of = site.networks_since(place.first_seen).max(networks);
                place.frozen_share = Some((networks, of));
            }
            site.compare(place);
        }
        let more = subject.places.len() - before;
        let is_due = has_news && subject.is_due(Way::of(sighting.directive), more > 0);
        let is_blocked = account.is_none()
            && (more > 0 || !subject.is_raised())
            && self.verdicts.of(sighting.site, sighting.destination) == Some(Verdict::Blocked);
        if (is_due || comes_back || is_blocked) && !self.changed.contains(&self.key) {
            self.changed.insert(self.key.clone());
        }
        if more > 0 && site.comes_up(sighting.at, self.config.parts) {
            self.flooded.push(number);
        }
        self.num_places += more;
    }

    /// What follows from what was taken in, at this moment or the newest sighting's, whichever is later.
    pub fn advance(&mut self, to: Timestamp) -> Vec<Finding> {
        self.now = self.now.max(to);
        let changed = std::mem::take(&mut self.changed);
        let flooded = std::mem::take(&mut self.flooded);
        let mut findings: Vec<Finding> = flooded
            .into_iter()
            .filter_map(|number| self.tell_of_flood(number))
            .collect();
        findings.extend(changed.into_iter().filter_map(|key| self.judge(&key)));
        let is_full = self.is_full();
        let every = if is_full {
            SWEEP_WHEN_FULL
        } else {
            SWEEP_EVERY
        };
        if self.now.minus(every) > self.swept {
            self.sweep(is_full);
        }
        findings
    }

    /// An alert without a destination: of what a flooded site reports hardly anything can be believed.
    fn tell_of_flood(&self, number: u32) -> Option<Finding> {
        let (site, name) = (self.sites.get(number as usize)?, self.names.name(number)?);
        let since = site.flood.as_ref()?.since;
        let (networks, page_networks) = site.flooding();
        let hit = Hit {
            site: name.clone(),
            first_seen: since,
            last_seen: self.now,
            clients: 0,
            networks: count(networks),
            page_networks: count(page_networks),
            directives: Vec::new(),
            card_number: false,
        };
        let evidence = Evidence::Flooded {
            destinations: site.novelties(),
        };
        let reason = Reason {
            evidence,
            value: 1.0,
            weight: self.config.weights.flooded,
        };
        Some(Finding {
            campaign: CampaignId::of(&format!("suspect reports {name}")),
            destination: String::new(),
            account: None,
            kind: FindingKind::SuspectReports,
            severity: Severity::Medium,
            score: self.config.prior + self.config.weights.flooded,
            rises: true,
            at: self.now,
            first_seen: since,
            reasons: vec![reason],
            hits: vec![hit],
        })
    }

    fn judge(&mut self, key: &str) -> Option<Finding> {
        let subject = self.subjects.get_mut(key)?;
        let view = View {
            config: &self.config,
            sites: &self.sites,
            names: &self.names,
            kinship: &self.kinship,
            allowed: &self.allowed,
            everybody: &self.everybody,
            verdicts: &self.verdicts,
            now: subject.last_seen,
        };
        let judgment = Judgment::of(subject, &view);
        subject.is_hopeless = judgment.is_none();
        let judgment = judgment?;
        let rises = subject.told.is_none_or(|told| {
            judgment.severity > told.severity || judgment.score >= told.score + NEWS
        });
        if !rises && !subject.is_told() {
            return None;
        }
        let is_first = !subject.is_told();
        if rises && judgment.severity >= Severity::Medium {
            let crowded = &judgment.crowded_at;
            if !judgment.is_blocked
                && !tell_of_crowd(&mut self.sites, crowded, judgment.score, is_first)
            {
                metrics::get().detect_flood_untold.inc();
                return None;
            }
        }
        if rises {
            let severity = subject.told.map_or(Severity::Low, |told| told.severity);
            subject.told = Some(Told {
                severity: severity.max(judgment.severity),
                score: judgment.score,
            });
        }
        Some(Finding {
            campaign: CampaignId::of(key),
            kind: judgment.kind,
            severity: judgment.severity,
            score: judgment.score,
            rises,
            at: subject.last_seen,
            first_seen: judgment.first_seen,
            reasons: judgment.reasons,
            hits: judgment.hits,
            destination: subject.destination.clone(),
            account: subject.account.clone(),
        })
    }

    /// Whether no other destination can be remembered.
    fn has_no_place(&self) -> bool {
        self.num_places >= MAX_PLACES || self.subjects.len() >= MAX_SUBJECTS
    }

    fn is_full(&self) -> bool {
        self.has_no_place() || self.num_witnesses >= MAX_WITNESSES
    }

    fn sweep(&mut self, is_full: bool) {
        self.swept = self.now;
        let now = self.now;
        self.subjects.retain(|_, subject| {
            subject.forget(now, is_full);
            !subject.places.is_empty()
        });
        self.num_places = self.subjects.values().map(|s| s.places.len()).sum();
        let places = self.subjects.values().flat_map(|s| s.places.values());
        self.num_witnesses = places.map(|place| place.num_witnesses()).sum();
        let gauge = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        metrics::get().detect_places.set(gauge(self.num_places));
        metrics::get().detect_places_limit.set(gauge(MAX_PLACES));
    }
}

/// Counts a destination among those that are told of a flood although they do not stand out from it at these
/// sites. False if there are enough already.
fn tell_of_crowd(sites: &mut [Site], crowded: &[u32], score: f64, is_first: bool) -> bool {
    let flood = |number: &u32| {
        sites
            .get(*number as usize)
            .and_then(|site| site.flood.as_ref())
    };
    let mut floods = crowded.iter().filter_map(flood);
    if is_first && floods.any(|flood| !flood.has_room(score, NEWS)) {
        return false;
    }
    for number in crowded {
        if let Some(flood) = sites
            .get_mut(*number as usize)
            .and_then(|site| site.flood.as_mut())
        {
            flood.tell(score, is_first);
        }
    }
    true
}
