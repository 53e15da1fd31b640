//! How a destination is spread over sites, merchants and time.

use std::collections::{BTreeMap, BTreeSet};

use super::clients::count;
use super::fresh::Fresh;
use super::judgment::View;
use super::numbers::{log_sum, millis, to_f64};
use super::summary::STRONG;
use crate::clock::Timestamp;

/// The log-likelihood ratios of all sites. Where hardly anything else is reported, some speak for a page by chance,
/// so the two clearest have to do.
pub(super) fn shares(fresh: &[Fresh<'_>]) -> f64 {
    let mut ratios: Vec<f64> = fresh.iter().map(|it| it.share).collect();
    ratios.sort_by(|a, b| b.total_cmp(a));
    let against: f64 = ratios.iter().filter(|ratio| **ratio < 0.0).sum();
    let clearest: f64 = ratios.iter().take(2).filter(|ratio| **ratio > 0.0).sum();
    clearest + against
}

/// Log-likelihood ratio of some sites' pages against visitors, by all sites: whatever visitors carry with them
/// comes to every site in proportion to its visitors. Visitors of one shop resemble each other, so a few times more
/// at one place than at others says nothing.
pub(super) fn concentration(fresh: &[Fresh<'_>], view: &View<'_>) -> f64 {
    const ALIKE: f64 = 4.0;
    const CHANCE: usize = 3;
    let mut sites: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    let mut since = u32::MAX;
    for fresh in fresh {
        let came = fresh
            .site
            .arrivals
            .saturating_sub(fresh.place.arrivals_before)
            .max(1);
        let site = sites.entry(fresh.number).or_default();
        *site = (site.0.max(fresh.place.networks.len()), site.1.max(came));
        since = since.min(fresh.place.arrivals_before_anywhere);
    }
    let here: u32 = sites.values().map(|(_, came)| *came).sum();
    let anywhere = view
        .everybody
        .number()
        .saturating_sub(since)
        .max(here)
        .max(1);
    let networks: usize = sites.values().map(|(networks, _)| *networks - 1).sum();
    let ratio = f64::from(anywhere) / f64::from(here.max(1)) / ALIKE;
    to_f64(networks.saturating_sub(CHANCE)) * ratio.ln().max(0.0)
}

/// Log-likelihood ratio of an attack against merchants that take it up one by one, of the moments at which each
/// merchant began. Attackers work through a list; what merchants choose comes to one of them now and then.
pub(super) fn burst(onsets: &[Timestamp], now: Timestamp) -> f64 {
    let Some(first) = onsets.first() else {
        return 0.0;
    };
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

/// How independent the witnesses are: networks over all sites, of the networks at each site. Shoppers of
/// different shops are different people; whoever forges reports has so many addresses and no more.
pub(super) fn independence(fresh: &[Fresh<'_>]) -> f64 {
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
pub(super) fn shared_script(fresh: &[Fresh<'_>], view: &View<'_>) -> u32 {
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

/// The merchant of a site.
pub(super) fn house(site: u32, view: &View<'_>) -> u32 {
    let known = view
        .names
        .name(site)
        .and_then(|name| view.kinship.house(name));
    // A site that is not known stands for itself, in a range of its own.
    known.unwrap_or(u32::MAX - site)
}
