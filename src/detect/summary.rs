//! [`Summary`]: the figures of one destination, over all the sites that it is new to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::clients::count;
use super::crowd::{Crowd, log_sum};
use super::judgment::View;
use super::place::{Place, Way};
use super::share::page_against_visitor;
use super::site::Site;
use super::subject::Subject;
use crate::clock::Timestamp;
use crate::lookalike;

/// Strength from which a site counts as hit.
const STRONG: f64 = 0.3;

/// Log-odds that reports are sent by visitors, where nothing else is known.
const HONEST: f64 = 3.0;

/// Browsers in whose reports card numbers must stand, and what share of all they must be at least.
const CARDED: usize = 2;
const CARDED_SHARE: f64 = 0.1;
/// The same for plain digits: one order number in ten passes for a card's.
const PLAIN_SHARE: f64 = 0.34;

/// Networks that must flood a site for its page to be the cause, at a share that counts as strong; what share of
/// them must report a destination that they hide. Of junk that is drawn from a list some is drawn often by chance.
const FLOODING: usize = 4;
const HIDDEN_SHARE: f64 = 0.5;

/// A standing destination is one that a new site reports from its first day on, for at least this long.
const STANDING: Duration = Duration::from_secs(3 * 24 * 3600);

/// Figures of one destination.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Sum of the strengths, one for each merchant.
    pub(super) reach: f64,
    /// Merchants where it counts as hit.
    pub(super) merchants: u32,
    /// Their sites.
    pub(super) strong: BTreeSet<u32>,
    /// Whether its name imitates that of a shop where it is.
    pub(super) imitates_shop: bool,
    /// When the first of them was hit.
    pub(super) began: Timestamp,
    /// What is done with it there: loads, sends.
    pub(super) ways: [bool; 2],
    /// Sites where it is not new.
    pub(super) known: BTreeSet<u32>,
    known_ways: BTreeSet<(u32, Way)>,
    /// Sites where only few visitors report it.
    pub(super) visitors: BTreeSet<u32>,
    /// Whether some of these are windows of time in place of browsers and networks.
    pub(super) unnamed: bool,
    /// Of the strong sites:
    pub(super) clients: u32,
    pub(super) networks: u32,
    /// Networks that report anything on the same pages.
    pub(super) page_networks: u32,
    pub(super) crowd: Crowd,
    pub(super) payment: u32,
    pub(super) after_payment: u32,
    pub(super) other: u32,
    /// Whether any of them reports its other pages at all.
    pub(super) reports_other_pages: bool,
    pub(super) directives: u64,
    pub(super) by_extension: u32,
    pub(super) by_tag_manager: u32,
    pub(super) by_itself: u32,
    pub(super) carded: u32,
    pub(super) carded_hidden: bool,
    /// Merchants that share a planted file: the most that share one.
    pub(super) shared_script: u32,
    /// Merchants whose pages hide it in a flood, and the networks that report both.
    pub(super) hidden_at: u32,
    pub(super) hidden_from: u32,
    /// Strong sites where it came with a flood, whoever made that, and does not stand out from it.
    pub(super) crowded_at: Vec<u32>,
    /// How many destinations there are like it, at the most crowded of them.
    pub(super) peers: u32,
    /// Log-likelihood ratios of page against visitor: by shares, and by kinds of browsers.
    pub(super) share: f64,
    pub(super) kinds: f64,
    /// Log-likelihood ratio of visitors against forgers where it speaks for these, and how many networks send nothing
    /// else.
    pub(super) forged: f64,
    pub(super) bare: u32,
    /// Log-likelihood ratio of merchants hit one soon after the other, against ones that come to it by themselves.
    pub(super) burst: f64,
    /// From 0 to 1: how independent the networks of its sites are.
    pub(super) independence: f64,
}

impl Summary {
    pub(super) fn of(subject: &Subject, view: &View<'_>) -> Self {
        let mut summary = Self::default();
        let mut houses: BTreeMap<u32, (f64, Timestamp)> = BTreeMap::new();
        let mut fresh = summary.sort(subject, view);
        summary.weigh(&mut fresh, view);
        for fresh in &fresh {
            let best = houses.entry(house(fresh.number, view));
            let best = best.or_insert((0.0, fresh.place.first_seen));
            best.0 = best.0.max(fresh.strength);
            best.1 = best.1.min(fresh.place.first_seen);
            if fresh.strength >= STRONG {
                summary.strong.insert(fresh.number);
            } else if fresh.share < 0.0 {
                summary.visitors.insert(fresh.number);
            }
        }
        summary.independence = independence(&fresh);
        summary.reach = houses.values().map(|it| it.0).sum::<f64>() * summary.independence;
        let mut onsets: Vec<Timestamp> = houses
            .values()
            .filter(|(strength, _)| *strength >= STRONG)
            .map(|(_, onset)| *onset)
            .collect();
        onsets.sort_unstable();
        summary.merchants = count(onsets.len());
        summary.began = onsets.first().copied().unwrap_or(subject.last_seen);
        summary.burst = burst(&onsets, subject.last_seen);
        summary.shared_script = shared_script(&fresh, view);
        summary.note_floods(&fresh, view);
        // Where nothing is strong yet, the figures are those of what there is.
        let counts = |fresh: &&Fresh<'_>| {
            summary.strong.contains(&fresh.number)
                || (summary.strong.is_empty() && fresh.strength > 0.0)
        };
        let counted: Vec<_> = fresh.iter().filter(counts).collect();
        for fresh in counted {
            summary.add(fresh.place, fresh.site);
            summary.ways[fresh.way as usize] = true;
            summary.imitates_shop |= imitates_shop(subject, fresh, view);
        }
        // A vendor's script that merchants have had for long says nothing of what it begins to send.
        let known = summary.known_ways.iter();
        summary.known = known
            .filter(|(site, way)| summary.ways[*way as usize] && !summary.strong.contains(site))
            .map(|(site, _)| *site)
            .collect();
        summary
    }

    /// How surely it follows the page: by the shares at its sites, and by the browsers of all of them.
    fn weigh(&mut self, fresh: &mut [Fresh<'_>], view: &View<'_>) {
        for fresh in fresh.iter() {
            self.crowd.add_all(&fresh.place.crowd);
        }
        let shares = shares(fresh);
        let concentration = concentration(fresh, view);
        let sure = shares.max(concentration).clamp(-6.0, 5.0);
        self.share = sure.min(3.5);
        self.kinds = self.crowd.page_against_carrier(view.everybody).clamp(-4.0, 2.0);
        self.weigh_forgery(fresh);
        let page = view.config.page_prior + sure + self.kinds;
        for fresh in fresh {
            let here = if concentration > shares { page } else { page + fresh.share.min(0.0) };
            let crowd = if fresh.site.is_crowded() { fresh.site.peers_of(fresh.place) } else { 0 };
            // One of so many is hardly the one that matters.
            let stands_out = 1.0 / f64::from(crowd.max(1));
            fresh.strength = stands_out * fresh.novelty * sigmoid(here) * sigmoid(HONEST + fresh.honest);
        }
    }

    /// Where nobody's word can be checked, the sites where it can be speak for them.
    fn weigh_forgery(&mut self, fresh: &mut [Fresh<'_>]) {
        let told: Vec<f64> = fresh.iter().map(|it| it.honest).filter(|it| *it != 0.0).collect();
        let all = told.iter().sum::<f64>().clamp(-6.0, 0.0);
        let is_vouched_for = told.iter().any(|honest| *honest >= 1.0);
        if all == 0.0 || is_vouched_for {
            return;
        }
        self.forged = all;
        self.bare = fresh.iter().filter(|it| it.honest < 0.0).map(|it| count(it.place.networks.len())).sum();
        for fresh in fresh.iter_mut().filter(|it| it.honest == 0.0) {
            fresh.honest = all;
        }
    }

    /// The places that are new, in a fixed order; the others are noted.
    fn sort<'a>(&mut self, subject: &'a Subject, view: &View<'a>) -> Vec<Fresh<'a>> {
        let mut places: Vec<_> = subject.places.iter().collect();
        places.sort_unstable_by_key(|(key, _)| **key);
        let mut fresh = Vec::with_capacity(places.len());
        for ((number, way), place) in places {
            let Some(site) = view.sites.get(number) else {
                continue;
            };
            let name = view.names.name(*number);
            // Nobody vouches for cards that leave, nor for what poses as a payment page.
            if name.is_some_and(|name| view.trusted.covers(name, &subject.destination))
                && !is_carded(place)
                && !place.is_payment_page()
            {
                continue;
            }
            match Fresh::of((*number, *way, place, site), &subject.destination, view) {
                Some(found) => fresh.push(found),
                None => drop(self.known_ways.insert((*number, *way))),
            }
        }
        fresh
    }

    /// What the floods of its strong sites say of it.
    fn note_floods(&mut self, fresh: &[Fresh<'_>], view: &View<'_>) {
        let (mut houses, mut networks) = (BTreeSet::new(), BTreeSet::new());
        let flooded = |it: &&Fresh<'_>| it.strength >= STRONG && it.site.flood.is_some();
        for fresh in fresh.iter().filter(flooded) {
            let peers = fresh.site.peers_of(fresh.place);
            if peers > 0 {
                self.crowded_at.push(fresh.number);
                self.peers = self.peers.max(peers);
                continue;
            }
            let (flooding, of) = fresh.site.flooding();
            let both: Vec<u64> = fresh.site.flooders_of(fresh.place).collect();
            let is_of_page = flooding >= FLOODING && low(flooding, of) >= STRONG;
            let hides = both.len() >= FLOODING
                && both.len() * 2 >= fresh.place.networks.len()
                && low(both.len(), flooding) >= HIDDEN_SHARE;
            if is_of_page && hides {
                houses.insert(house(fresh.number, view));
                networks.extend(both);
            }
        }
        self.hidden_at = count(houses.len());
        self.hidden_from = count(networks.len());
    }

    fn add(&mut self, place: &Place, site: &Site) {
        let (networks, of) = share(place, site);
        self.unnamed |= place.unnamed;
        self.clients += count(place.clients.len());
        self.networks += count(networks);
        self.page_networks += count(of);
        self.payment += place.payment;
        self.after_payment += place.after_payment;
        self.other += place.other;
        self.reports_other_pages |= site.reports_other_pages;
        self.directives |= place.directives;
        self.by_extension += place.by_extension;
        self.by_tag_manager += place.by_tag_manager;
        self.by_itself += place.by_itself;
        if is_carded(place) {
            self.carded += count(place.carded.len());
            self.carded_hidden |= place.carded_hidden;
        }
    }
}

/// How independent the witnesses are: networks over all sites, of the networks at each site. Shoppers of
/// different shops are different people; whoever forges reports has so many addresses and no more.
fn independence(fresh: &[Fresh<'_>]) -> f64 {
    let mut everywhere: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
    for fresh in fresh.iter().filter(|fresh| fresh.strength >= STRONG) {
        for network in fresh.place.networks.iter() {
            everywhere.entry(network).or_default().insert(fresh.number);
        }
    }
    let at_each: usize = everywhere.values().map(BTreeSet::len).sum();
    if at_each == 0 {
        return 1.0;
    }
    let share = to_f64(everywhere.len()) / to_f64(at_each);
    share * share
}

/// The most merchants at which one file of the shops' own is the source.
fn shared_script(fresh: &[Fresh<'_>], view: &View<'_>) -> u32 {
    let mut files: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
    for fresh in fresh.iter().filter(|fresh| fresh.strength >= STRONG) {
        if fresh.place.own_file != 0 {
            let houses = files.entry(fresh.place.own_file).or_default();
            houses.insert(house(fresh.number, view));
        }
    }
    files
        .values()
        .map(|houses| count(houses.len()))
        .max()
        .unwrap_or(0)
}

/// A place where the destination is new.
struct Fresh<'a> {
    number: u32,
    way: Way,
    place: &'a Place,
    site: &'a Site,
    /// Log-likelihood ratio of visitors against forgers.
    honest: f64,
    /// From 0 to 1: how sure it is that it is new there.
    novelty: f64,
    /// Log-likelihood ratio of page against visitor, by the share of networks that report it.
    share: f64,
    /// From 0 to 1: how sure it is that the page does it, and that it is new there.
    strength: f64,
}

impl<'a> Fresh<'a> {
    /// `None` if the destination was there before.
    fn of(
        (number, way, place, site): (u32, Way, &'a Place, &'a Site),
        destination: &str,
        view: &View<'_>,
    ) -> Option<Self> {
        let config = view.config;
        let settled = place.first_seen.minus(config.settled_after) >= site.first_seen;
        let is_old = |age| place.first_seen < view.now.minus(age);
        if is_old(config.new_for) || (!settled && is_old(STANDING) && place.networks.len() >= 3) {
            return None;
        }
        if place.networks.len() == 0 {
            return None;
        }
        let (networks, of) = share(place, site);
        let expected = site.expected(place.first_seen, place.last_seen);
        let novelty = if is_carded(place) {
            1.0
        } else if settled {
            novelty(place, site).max(config.unsettled)
        } else {
            config.unsettled
        };
        Some(Self {
            number,
            way,
            place,
            site,
            honest: site.visitors_against_forgers(destination, place).clamp(-6.0, 3.0),
            novelty,
            share: page_against_visitor(networks, to_f64(of).max(expected)).clamp(-3.0, 6.0),
            strength: 0.0,
        })
    }
}

/// The log-likelihood ratios of all sites. Where hardly anything else is reported, some speak for a page by chance,
/// so the two clearest have to do.
fn shares(fresh: &[Fresh<'_>]) -> f64 {
    let mut ratios: Vec<f64> = fresh.iter().map(|it| it.share).collect();
    ratios.sort_by(|a, b| b.total_cmp(a));
    let against: f64 = ratios.iter().filter(|ratio| **ratio < 0.0).sum();
    let clearest: f64 = ratios.iter().take(2).filter(|ratio| **ratio > 0.0).sum();
    clearest + against
}

/// Log-likelihood ratio of some sites' pages against visitors, by all sites: whatever visitors carry with them
/// comes to every site in proportion to its visitors. Visitors of one shop resemble each other, so a few times more
/// at one place than at others says nothing.
fn concentration(fresh: &[Fresh<'_>], view: &View<'_>) -> f64 {
    const ALIKE: f64 = 4.0;
    const CHANCE: usize = 3;
    let mut sites: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    let mut since = u32::MAX;
    for fresh in fresh {
        let came = fresh.site.arrivals.saturating_sub(fresh.place.arrivals_before).max(1);
        let site = sites.entry(fresh.number).or_default();
        *site = (site.0.max(fresh.place.networks.len()), site.1.max(came));
        since = since.min(fresh.place.arrivals_before_anywhere);
    }
    let here: u32 = sites.values().map(|(_, came)| *came).sum();
    let anywhere = view.everybody.number().saturating_sub(since).max(here).max(1);
    let networks: usize = sites.values().map(|(networks, _)| *networks - 1).sum();
    let ratio = f64::from(anywhere) / f64::from(here.max(1)) / ALIKE;
    to_f64(networks.saturating_sub(CHANCE)) * ratio.ln().max(0.0)
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// How sure it is that a place is new to its site: had it been there before, it would have been seen. That is the
/// surer the more networks came before, and the more often it comes now.
fn novelty(place: &Place, site: &Site) -> f64 {
    const OFTEN: f64 = 0.4;
    let before = millis(place.first_seen.0 - site.first_seen.0);
    let since = millis(place.last_seen.0 - place.first_seen.0).max(1.0);
    let by_rate = to_f64(place.networks.len().saturating_sub(1)) * before / since;
    let missed = by_rate.max(OFTEN * f64::from(place.arrivals_before));
    1.0 - (-missed).exp()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a month fit")]
fn millis(n: i64) -> f64 {
    n.max(0) as f64
}

/// Log-likelihood ratio of an attack against merchants that take it up one by one, of the moments at which each
/// merchant began. Attackers work through a list; what merchants choose comes to one of them now and then.
fn burst(onsets: &[Timestamp], now: Timestamp) -> f64 {
    let Some(first) = onsets.first() else { return 0.0 };
    const DAY: f64 = 24.0 * 3600.0 * 1000.0;
    let days = millis(now.0.saturating_sub(first.0)) / DAY;
    let more = to_f64(onsets.len() - 1);
    let poisson = |rates: &[(f64, f64)]| {
        let logs: Vec<f64> = rates
            .iter()
            .map(|(rate, prior)| prior.ln() + more * rate.ln() - rate * days)
            .collect();
        log_sum(&logs)
    };
    let ratio = poisson(&[(0.2, 0.3), (1.0, 0.35), (5.0, 0.25), (20.0, 0.1)])
        - poisson(&[(0.02, 0.6), (0.1, 0.25), (0.5, 0.1), (5.0, 0.05)]);
    ratio.clamp(-3.0, 3.5)
}

/// Networks that report it on payment pages, of those that report anything there since it came up.
fn share(place: &Place, site: &Site) -> (usize, usize) {
    place.frozen_share.unwrap_or_else(|| {
        let networks = place.networks.len();
        (
            networks,
            site.networks_since(place.first_seen).max(networks),
        )
    })
}

fn imitates_shop(subject: &Subject, fresh: &Fresh<'_>, view: &View<'_>) -> bool {
    *fresh.place.imitates_shop.get_or_init(|| {
        let site = view.names.name(fresh.number);
        let own = site.into_iter().flat_map(|site| view.kinship.domains(site));
        lookalike::likeness(&subject.destination, own).is_some()
    })
}

fn is_carded(place: &Place) -> bool {
    let carded = place.carded.len();
    let share = if place.carded_hidden { CARDED_SHARE } else { PLAIN_SHARE };
    carded >= CARDED && (place.carded.is_full() || to_f64(carded) >= share * to_f64(place.clients.len()))
}

fn house(site: u32, view: &View<'_>) -> u32 {
    let known = view
        .names
        .name(site)
        .and_then(|name| view.kinship.house(name));
    // A site that is not known stands for itself, in a range of its own.
    known.unwrap_or(u32::MAX - site)
}

/// Lower and upper end of a share by Wilson's interval, at about 80 % confidence.
fn low(k: usize, n: usize) -> f64 {
    wilson(k, n, -1.0)
}

fn wilson(k: usize, n: usize, side: f64) -> f64 {
    const Z: f64 = 1.28;
    if n == 0 {
        return 0.0;
    }
    let (n, p) = (to_f64(n), to_f64(k) / to_f64(n));
    let center = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((center + side * spread) / (1.0 + Z * Z / n)).clamp(0.0, 1.0)
}

/// Small counts, exact.
pub(super) fn to_f64(n: usize) -> f64 {
    f64::from(count(n))
}
