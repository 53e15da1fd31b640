//! [`Fresh`]: a place where a destination is new, and how surely the page is what brings it there.

use std::time::Duration;

use super::judgment::View;
use super::numbers::{millis, to_f64};
use super::place::{Place, Way, Weighed};
use super::share::page_against_visitor;
use super::site::Site;
use crate::clock::Timestamp;
use crate::lookalike;

/// Browsers in whose reports card numbers must stand, and what share of all they must be at least.
const CARDED: usize = 2;
const CARDED_SHARE: f64 = 0.1;
/// The same for plain digits: one order number in ten passes for a card's.
const PLAIN_SHARE: f64 = 0.34;

/// A standing destination is one that a new site reports from its first day on, for at least this long.
const STANDING: Duration = Duration::from_secs(3 * 24 * 3600);

/// For so long what a place was found to be holds.
const VALID: Duration = Duration::from_secs(3600);

/// A place where the destination is new.
pub(super) struct Fresh<'a> {
    pub(super) number: u32,
    pub(super) way: Way,
    pub(super) place: &'a Place,
    pub(super) site: &'a Site,
    /// Log-likelihood ratio of visitors against forgers.
    pub(super) honest: f64,
    /// From 0 to 1: how sure it is that it is new there.
    pub(super) novelty: f64,
    /// Log-likelihood ratio of page against visitor, by the share of networks that report it.
    pub(super) share: f64,
    /// From 0 to 1: how sure it is that the page does it, and that it is new there.
    pub(super) sure: f64,
    /// The same, or less if it is one of a crowd.
    pub(super) strength: f64,
}

impl<'a> Fresh<'a> {
    /// `None` if the destination was there before.
    pub(super) fn of(
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
        let weighed = weigh((place, site), destination, view.now);
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
            honest: weighed.honest,
            novelty,
            share: weighed.share,
            sure: 0.0,
            strength: 0.0,
        })
    }
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

/// What a place is found to be now, or was not long ago.
fn weigh((place, site): (&Place, &Site), destination: &str, now: Timestamp) -> Weighed {
    let is_valid = |it: &Weighed| {
        it.networks == place.networks.len() && it.at >= now.minus(VALID) && it.at <= now
    };
    if let Some(weighed) = place.weighed.get().filter(is_valid) {
        return weighed;
    }
    let (networks, of) = share(place, site);
    let expected = site.expected(place.first_seen, place.last_seen);
    let honest = site.visitors_against_forgers(destination, place);
    let weighed = Weighed {
        at: now,
        networks: place.networks.len(),
        share: page_against_visitor(networks, to_f64(of).max(expected)).clamp(-3.0, 6.0),
        honest: honest.clamp(-6.0, 3.0),
    };
    place.weighed.set(Some(weighed));
    weighed
}

/// Networks that report it on payment pages, of those that report anything there since it came up.
pub(super) fn share(place: &Place, site: &Site) -> (usize, usize) {
    place.frozen_share.unwrap_or_else(|| {
        let networks = place.networks.len();
        (
            networks,
            site.networks_since(place.first_seen).max(networks),
        )
    })
}

/// Whether the name of a destination imitates that of the shop where it is new.
pub(super) fn imitates_shop(destination: &str, fresh: &Fresh<'_>, view: &View<'_>) -> bool {
    *fresh.place.imitates_shop.get_or_init(|| {
        let site = view.names.name(fresh.number);
        let own = site.into_iter().flat_map(|site| view.kinship.domains(site));
        lookalike::likeness(destination, own).is_some()
    })
}

/// Whether card numbers leave for it: not one by chance, and not one among many.
pub(super) fn is_carded(place: &Place) -> bool {
    let carded = place.carded.len();
    let share = if place.carded_hidden {
        CARDED_SHARE
    } else {
        PLAIN_SHARE
    };
    carded >= CARDED && to_f64(carded) >= share * to_f64(place.clients.len())
}
