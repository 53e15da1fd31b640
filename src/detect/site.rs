//! What is known of a site: since when it reports, and which networks report anything on its payment pages.
//! They are the denominator of every share: networks, because one address can pose as any number of browsers.
//! Those that flood are marked, and so is the flood.

use std::hash::BuildHasher as _;
use std::time::Duration;

use foldhash::fast::FixedState;

use super::Map;
use super::flood::{self, Flood};
use super::habits::Habits;
use super::numbers::millis;
use super::place::Place;
use crate::clock::Timestamp;
use crate::normalize::{Label, PageKind};
use crate::sighting::Sighting;

/// The most networks that are remembered of one site's payment pages: the latest.
pub const MAX_PAGE_NETWORKS: usize = 512;

/// Destinations that come up at a site on one day, from which on they are a flood. A merchant that changes its shop
/// brings about a dozen.
const MANY_NOVELTIES: u32 = 24;

/// A network that comes back after this comes anew.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What is known of a site.
#[derive(Debug)]
pub(super) struct Site {
    /// First report of anything.
    pub(super) first_seen: Timestamp,
    /// Whether pages other than payment pages report here.
    pub(super) reports_other_pages: bool,
    /// The latest flood of its payment pages, whoever made it.
    pub(super) flood: Option<Flood>,
    networks: Map<u64, Network>,
    /// Networks that came on a day, over all days.
    pub(super) arrivals: u32,
    habits: Habits,
    /// Destinations that came up on the latest day, and which day that was.
    novelties: (i64, u32),
}

/// A network on a payment page.
#[derive(Clone, Copy, Debug)]
struct Network {
    /// Its last report.
    last: Timestamp,
    /// Its first report that belongs to the latest flood it took part in.
    flooded: Option<Timestamp>,
    /// Bits of the site's habits that it has shown since it came.
    habits: u8,
}

impl Site {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            first_seen: at,
            reports_other_pages: false,
            flood: None,
            networks: Map::default(),
            arrivals: 0,
            habits: Habits::default(),
            novelties: (0, 0),
        }
    }

    /// Takes a sighting in; whether its network is on a payment page for the first time in a day.
    pub(super) fn observe(&mut self, sighting: &Sighting<'_>) -> bool {
        if sighting.page_kind != PageKind::Checkout {
            self.reports_other_pages = true;
            return false;
        }
        if self.networks.len() >= MAX_PAGE_NETWORKS
            && !self.networks.contains_key(&sighting.network)
        {
            self.forget_half();
        }
        let flooded = sighting
            .labels
            .contains(Label::Burst)
            .then_some(sighting.at);
        let since = flooded.map(|at| self.flooded(at));
        let mut arrives = false;
        let network = self.networks.entry(sighting.network).or_insert_with(|| {
            arrives = true;
            Network {
                last: sighting.at,
                flooded,
                habits: 0,
            }
        });
        arrives |= network.last < sighting.at.minus(DAY);
        if arrives {
            self.habits.arrive();
            network.habits = 0;
        }
        let destination = Self::habit(sighting.destination);
        network.habits |= self.habits.report(destination, network.habits);
        network.last = sighting.at;
        if network.flooded < since {
            network.flooded = flooded;
        }
        self.arrivals += u32::from(arrives);
        arrives
    }

    /// The name of a destination among the habits.
    fn habit(destination: &str) -> u64 {
        FixedState::with_seed(0).hash_one(destination)
    }

    /// Log-likelihood ratio of visitors against forgers, for those who report a place: whether they also report what
    /// the others do who came since. 0 where nothing is usual.
    pub(super) fn visitors_against_forgers(&self, destination: &str, place: &Place) -> f64 {
        const FORGED: f64 = 0.05;
        let usual = self.habits.usual(Self::habit(destination));
        if usual == 0 {
            return 0.0;
        }
        let shows = |network: &Network| u32::from(network.habits & usual != 0);
        let since = place.first_seen.minus(DAY);
        let (mut with, mut of, mut corroborated, mut bare) = (0_u32, 0_u32, 0_u32, 0_u32);
        for network in self.networks.values().filter(|it| it.last >= since) {
            with += shows(network);
            of += 1;
        }
        for network in place
            .networks
            .iter()
            .filter_map(|it| self.networks.get(&it))
        {
            corroborated += shows(network);
            bare += 1 - shows(network);
            if network.last >= since {
                with -= shows(network);
                of -= 1;
            }
        }
        if of < 3 || with * 2 < of {
            return 0.0;
        }
        let share = f64::from(with) / f64::from(of + 1);
        f64::from(corroborated) * (share / FORGED).ln()
            + f64::from(bare) * ((1.0 - share) / (1.0 - FORGED)).ln()
    }

    /// Networks that are to be expected on its payment pages between two moments, by how many came so far.
    pub(super) fn expected(&self, from: Timestamp, to: Timestamp) -> f64 {
        let known = millis(to.0.saturating_sub(self.first_seen.0)).max(1.0);
        let asked = millis(to.0.saturating_sub(from.0));
        f64::from(self.arrivals) * (asked / known)
    }

    /// The flood goes on, or one begins. Since when it lasts.
    fn flooded(&mut self, at: Timestamp) -> Timestamp {
        let flood = self.flood.get_or_insert_with(|| Flood::new(at));
        if !flood.goes_on(at) {
            *flood = Flood::new(at);
        }
        flood.since
    }

    /// A destination comes up here, of one of so many parts of all. Too many on one day are a flood too, however
    /// slowly they come: whether this one makes it one.
    pub(super) fn comes_up(&mut self, at: Timestamp, parts: u32) -> bool {
        let day =
            at.0.div_euclid(i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX));
        if self.novelties.0 != day {
            self.novelties = (day, 0);
        }
        self.novelties.1 = self.novelties.1.saturating_add(1);
        let many = (MANY_NOVELTIES / parts).max(2);
        if self.novelties.1 < many || self.first_seen >= at.minus(DAY) {
            return false;
        }
        self.flooded(at);
        let flood = self.flood.as_mut();
        flood.is_some_and(|flood| !std::mem::replace(&mut flood.is_crowd, true))
    }

    /// Destinations that came up on the latest day.
    pub(super) fn novelties(&self) -> u32 {
        self.novelties.1
    }

    /// Networks that flood, of those that report anything on a payment page since the flood began.
    pub(super) fn flooding(&self) -> (usize, usize) {
        let Some(flood) = &self.flood else {
            return (0, 0);
        };
        let floods = |network: &&Network| network.flooded >= Some(flood.since);
        let flooding = self.networks.values().filter(floods).count();
        (flooding, self.networks_since(flood.since))
    }

    /// The networks of a place that flood too, if it came up while they did.
    pub(super) fn flooders_of<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = u64> + 'a {
        let flood = self.flood.as_ref();
        let flood = flood.filter(|flood| flood.covers(place.first_seen));
        flood.into_iter().flat_map(move |flood| {
            let floods = |network| self.flooded_at(network) >= Some(flood.since);
            place.networks.iter().filter(move |it| floods(*it))
        })
    }

    /// Counts a place among those that came with the flood, as far as networks report it by now.
    pub(super) fn compare(&mut self, place: &mut Place) {
        let networks = place.networks.len();
        if networks <= place.compared || !self.came_with_flood(place) {
            return;
        }
        if let Some(flood) = &mut self.flood {
            (place.compared + 1..=networks).for_each(|n| flood.reach(n));
            place.compared = networks;
        }
    }

    /// Destinations that came with the flood and are reported by as many networks as this one; 0 if it stands out.
    pub(super) fn peers_of(&self, place: &Place) -> u32 {
        let flood = self.flood.as_ref().filter(|_| self.came_with_flood(place));
        flood.map_or(0, |flood| flood.peers(place.networks.len()))
    }

    /// Whether the network that brought a place here brought it with a flood.
    fn came_with_flood(&self, place: &Place) -> bool {
        let Some(flood) = &self.flood else {
            return false;
        };
        if flood.is_crowd && flood.covers(place.first_seen) {
            return true;
        }
        let first = place.networks.first();
        let flooded = first.and_then(|network| self.flooded_at(network));
        flooded.is_some_and(|at| at >= flood.since && flood::together(at, place.first_seen))
    }

    /// Whether its flood is of too many destinations, from whatever networks.
    pub(super) fn is_crowded(&self) -> bool {
        self.flood.as_ref().is_some_and(|flood| flood.is_crowd)
    }

    fn flooded_at(&self, network: u64) -> Option<Timestamp> {
        self.networks.get(&network)?.flooded
    }

    /// Networks that reported anything on a payment page at this moment or later.
    pub(super) fn networks_since(&self, at: Timestamp) -> usize {
        self.networks.values().filter(|it| it.last >= at).count()
    }

    /// Halving is rare and linear; dropping the oldest one by one would be neither.
    fn forget_half(&mut self) {
        let mut times: Vec<Timestamp> = self.networks.values().map(|it| it.last).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        self.networks.retain(|_, it| it.last > median);
    }
}
