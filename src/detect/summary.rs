//! [`Summary`]: the figures of one destination, over all the sites that it is new to.

use std::collections::{BTreeMap, BTreeSet};

use super::clients::count;
use super::crowd::Crowd;
use super::fresh::{Fresh, imitates_shop, is_carded, share};
use super::judgment::View;
use super::numbers::{low, sigmoid};
use super::place::{Place, Way};
use super::site::Site;
use super::spread::{burst, concentration, house, independence, shared_script, shares};
use super::subject::Subject;
use crate::clock::Timestamp;
use crate::trust::Verdict;

/// Strength from which a site counts as hit.
pub(super) const STRONG: f64 = 0.3;

/// Log-odds that reports are sent by visitors, where nothing else is known.
const HONEST: f64 = 3.0;

/// Networks that must flood a site for its page to be the cause, at a share that counts as strong; what share of
/// them must report a destination that they hide. Of junk that is drawn from a list some is drawn often by chance.
const FLOODING: usize = 4;
const HIDDEN_SHARE: f64 = 0.5;

/// Figures of one destination.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Sum of the strengths, one for each merchant.
    pub(super) reach: f64,
    /// Merchants where it counts as hit.
    pub(super) merchants: u32,
    /// Their sites.
    pub(super) strong: BTreeSet<u32>,
    /// Sites where it is that it is blocked for, and how many merchants these are.
    pub(super) blocked: BTreeSet<u32>,
    pub(super) blocked_merchants: u32,
    /// Whether its name imitates that of a shop where it is.
    pub(super) imitates_shop: bool,
    /// Whether it imitates a service or a shop.
    pub(super) imitates: bool,
    /// When the first of them was hit.
    pub(super) began: Timestamp,
    /// What is done with it there: loads, sends.
    pub(super) ways: [bool; 2],
    /// Where it is new, and in which way.
    pub(super) fresh: BTreeSet<(u32, Way)>,
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
    /// Sites that would be strong if it stood out from the flood that it came with, whoever made that.
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
        let blocked = summary.blocked.iter().map(|number| house(*number, view));
        summary.blocked_merchants = count(blocked.collect::<BTreeSet<_>>().len());
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
            summary.imitates_shop |= imitates_shop(&subject.destination, fresh, view);
        }
        summary.imitates = summary.imitates_shop || subject.imitates().is_some();
        // A vendor's script that merchants have had for long says nothing of what it begins to send.
        let known = summary.known_ways.iter();
        summary.known = known
            .filter(|(site, way)| summary.ways[*way as usize] && !summary.strong.contains(site))
            .map(|(site, _)| *site)
            .collect();
        summary
    }

    /// A number of browsers or networks; none is told where nobody can tell them apart.
    pub(super) fn named(&self, number: u32) -> u32 {
        if self.unnamed { 0 } else { number }
    }

    /// How surely it follows the page: by the shares at its sites, and by the browsers of all of them.
    fn weigh(&mut self, fresh: &mut [Fresh<'_>], view: &View<'_>) {
        for fresh in fresh.iter() {
            self.crowd.add_all(&fresh.place.crowd);
        }
        let shares = shares(fresh);
        let concentration = concentration(fresh, view);
        let is_concentrated = concentration > shares.max(0.0);
        let sure = if is_concentrated {
            concentration
        } else {
            shares
        };
        let sure = sure.clamp(-6.0, 5.0);
        self.share = sure.min(3.5);
        self.kinds = self
            .crowd
            .page_against_carrier(view.everybody)
            .clamp(-4.0, 2.0);
        self.weigh_forgery(fresh);
        let page = view.config.page_prior + sure + self.kinds;
        for fresh in fresh {
            let here = if is_concentrated {
                page
            } else {
                page + fresh.share.min(0.0)
            };
            let crowd = if fresh.site.is_crowded() {
                fresh.site.peers_of(fresh.place)
            } else {
                0
            };
            // One of so many is hardly the one that matters.
            let stands_out = 1.0 / f64::from(crowd.max(1));
            fresh.sure = fresh.novelty * sigmoid(here) * sigmoid(HONEST + fresh.honest);
            fresh.strength = stands_out * fresh.sure;
        }
    }

    /// Where nobody's word can be checked, the sites where it can be speak for them.
    fn weigh_forgery(&mut self, fresh: &mut [Fresh<'_>]) {
        let mut told: Vec<f64> = fresh
            .iter()
            .map(|it| it.honest)
            .filter(|it| *it != 0.0)
            .collect();
        // Sites are numbered as they come, and a sum must not depend on that.
        told.sort_unstable_by(f64::total_cmp);
        let all = told.iter().sum::<f64>().clamp(-6.0, 0.0);
        let is_vouched_for = told.iter().any(|honest| *honest >= 1.0);
        if all == 0.0 || is_vouched_for {
            return;
        }
        self.forged = all;
        self.bare = fresh
            .iter()
            .filter(|it| it.honest < 0.0)
            .map(|it| count(it.place.networks.len()))
            .sum();
        for fresh in fresh.iter_mut().filter(|it| it.honest == 0.0) {
            fresh.honest = all;
        }
    }

    /// The places that are new; the others are noted.
    fn sort<'a>(&mut self, subject: &'a Subject, view: &View<'a>) -> Vec<Fresh<'a>> {
        let is_told = subject.is_raised() || subject.imitates().is_some();
        let mut fresh = Vec::with_capacity(subject.places.len());
        for ((number, way), place) in &subject.places {
            let Some(site) = view.sites.get(*number as usize) else {
                continue;
            };
            let name = view.names.name(*number);
            let verdict = name.and_then(|name| view.verdicts.of(name, &subject.destination));
            // Nobody vouches for cards that leave, nor for what poses as a payment page.
            if verdict == Some(Verdict::Approved)
                && !is_carded(place)
                && !Place::is_payment_page(place.directives)
            {
                continue;
            }
            // Of an account the service is blocked, which is told of by itself.
            let is_blocked = verdict == Some(Verdict::Blocked)
                && subject.account.is_none()
                && place.is_believable();
            if is_blocked {
                self.blocked.insert(*number);
                self.directives |= place.directives;
            }
            match Fresh::of(
                (*number, *way, place, site),
                (&subject.destination, is_told || is_blocked),
                view,
            ) {
                Some(found) => {
                    self.fresh.insert((*number, *way));
                    fresh.push(found);
                }
                None => drop(self.known_ways.insert((*number, *way))),
            }
        }
        fresh
    }

    /// What the floods of its strong sites say of it.
    fn note_floods(&mut self, fresh: &[Fresh<'_>], view: &View<'_>) {
        let (mut houses, mut networks) = (BTreeSet::new(), BTreeSet::new());
        let flooded = |it: &&Fresh<'_>| it.sure >= STRONG && it.site.flood.is_some();
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
