//! What the memory of one destination amounts to: [`Judgment`], reason by reason.

use std::collections::{BTreeMap, BTreeSet};

use super::allowed::Allowed;
use super::clients::count;
use super::config::Config;
use super::crowd::Crowd;
use super::fresh::share;
use super::kinship::Kinship;
use super::place::{Place, SCRIPTS, Way};
use super::reasons;
use super::site::Site;
use super::subject::{Names, Subject};
use super::summary::Summary;
use crate::clock::Timestamp;
use crate::finding::{FindingKind, Hit, Reason, Severity};
use crate::trust::Verdicts;

/// What a judgment looks at besides the destination.
pub(super) struct View<'a> {
    pub(super) config: &'a Config,
    pub(super) sites: &'a [Site],
    pub(super) names: &'a Names,
    pub(super) kinship: &'a Kinship,
    pub(super) allowed: &'a Allowed,
    pub(super) everybody: &'a Crowd,
    pub(super) verdicts: &'a Verdicts,
    pub(super) now: Timestamp,
}

/// What is thought of a destination at this moment.
#[derive(Debug)]
pub(super) struct Judgment {
    pub(super) kind: FindingKind,
    pub(super) severity: Severity,
    pub(super) score: f64,
    pub(super) first_seen: Timestamp,
    pub(super) reasons: Vec<Reason>,
    pub(super) hits: Vec<Hit>,
    /// Sites where it does not stand out from what came with the same flood.
    pub(super) crowded_at: Vec<u32>,
    /// Whether somebody decided that it is bad: it is told of whatever else is known.
    pub(super) is_blocked: bool,
}

impl Judgment {
    /// `None` if nothing speaks for an attack.
    pub(super) fn of(subject: &Subject, view: &View<'_>) -> Option<Self> {
        let summary = Summary::of(subject, view);
        let is_blocked = !summary.blocked.is_empty();
        if summary.reach <= 0.0 && !is_blocked {
            return None;
        }
        // The address of a service alone says nothing where anybody has an account, unless cards leave for it.
        let is_service = subject.has_accounts && subject.account.is_none();
        if is_service && summary.carded == 0 && !is_blocked {
            return None;
        }
        let allowed = allowed(subject, &summary, view);
        let reasons = reasons::of(subject, &summary, allowed, &view.config.weights);
        let score = view.config.prior + reasons.iter().map(|reason| reason.weight).sum::<f64>();
        let least = is_blocked.then_some(Severity::High);
        let severity = severity(score, &summary, view).max(least)?;
        let hits = hits(subject, &summary, view);
        let first_seen = hits.iter().map(|hit| hit.first_seen).min()?;
        Some(Self {
            kind: kind(summary.directives),
            severity,
            score,
            first_seen,
            reasons,
            hits,
            crowded_at: summary.crowded_at,
            is_blocked,
        })
    }
}

/// Merchants whose policies allow it: others, and those where it came up, since then. That a policy allows a service
/// says nothing about an account there.
fn allowed(subject: &Subject, summary: &Summary, view: &View<'_>) -> (u32, u32) {
    if subject.account.is_some() {
        return (0, 0);
    }
    let destination = &subject.destination;
    let is_strong = |site| summary.strong.contains(&site);
    let elsewhere = [Way::Loads, Way::Sends]
        .into_iter()
        .filter(|way| summary.ways[*way as usize])
        .map(|way| view.allowed.num_sites(destination, way, is_strong))
        .max()
        .unwrap_or(0);
    let places = subject
        .places
        .iter()
        .filter(|((number, _), _)| summary.strong.contains(number))
        .map(|(key, place)| (key, place.first_seen));
    let allows = |(key, first_seen): (&(u32, Way), Timestamp)| {
        let since = view.allowed.since(destination, key.1, key.0);
        since
            .is_some_and(|since| since > first_seen)
            .then_some(key.0)
    };
    let sites: BTreeSet<u32> = places.filter_map(allows).collect();
    (elsewhere, count(sites.len()))
}

/// `None` below the least that is told.
fn severity(score: f64, summary: &Summary, view: &View<'_>) -> Option<Severity> {
    let config = view.config;
    let corroborated = summary.merchants >= 2 || summary.carded_hidden || summary.imitates;
    let high = config.high + if corroborated { 0.0 } else { config.alone };
    // What looks like a merchant's own choice has time to show up in a policy.
    let waits = is_like_service(summary)
        && summary.carded == 0
        && summary.began > view.now.minus(config.patience);
    if score <= config.low {
        None
    } else if waits {
        Some(if score >= config.medium {
            Severity::Medium
        } else {
            Severity::Low
        })
    } else if score >= config.critical && summary.merchants >= 2 {
        Some(Severity::Critical)
    } else if score >= high {
        Some(Severity::High)
    } else if score >= config.medium {
        Some(Severity::Medium)
    } else {
        Some(Severity::Low)
    }
}

/// Scripts come from it and something else is done with it, or a tag manager brought it.
fn is_like_service(summary: &Summary) -> bool {
    let has_more = summary.directives & !SCRIPTS != 0;
    (Place::loads_scripts(summary.directives) && has_more)
        || summary.by_tag_manager * 2 > summary.payment
}

fn kind(directives: u64) -> FindingKind {
    let sends = Place::directives(directives).any(|it| Way::of(it) == Way::Sends);
    if Place::is_payment_page(directives) {
        FindingKind::FakePaymentPage
    } else if sends {
        FindingKind::Exfiltration
    } else {
        FindingKind::ForeignScript
    }
}

/// Every site that it is new to, single visitors' reports at busy sites apart, and every one that it is blocked for: in
/// order of time.
fn hits(subject: &Subject, summary: &Summary, view: &View<'_>) -> Vec<Hit> {
    let mut by_site: BTreeMap<u32, Hit> = BTreeMap::new();
    for (key, place) in &subject.places {
        let (number, _) = key;
        let is_new = place.payment > 0
            && summary.fresh.contains(key)
            && (summary.strong.contains(number) || !summary.visitors.contains(number));
        let counts = is_new || (summary.blocked.contains(number) && place.is_believable());
        let Some(site) = view.names.name(*number).filter(|_| counts) else {
            continue;
        };
        let shares = view
            .sites
            .get(*number as usize)
            .map(|site| share(place, site));
        let (networks, of) = shares.map_or((0, 0), |(part, whole)| (count(part), count(whole)));
        let fresh = Hit {
            site: site.clone(),
            first_seen: place.first_seen,
            last_seen: place.last_seen,
            clients: if place.unnamed {
                0
            } else {
                count(place.clients.len())
            },
            networks: if place.unnamed { 0 } else { networks },
            page_networks: if place.unnamed { 0 } else { of },
            directives: Place::directives(place.directives).collect(),
            card_number: place.carded.len() > 0,
        };
        match by_site.get_mut(number) {
            Some(hit) => merge(hit, fresh),
            None => drop(by_site.insert(*number, fresh)),
        }
    }
    let mut hits: Vec<Hit> = by_site.into_values().collect();
    hits.sort_by(|a, b| (a.first_seen, &a.site).cmp(&(b.first_seen, &b.site)));
    hits
}

/// Both ways at one site. The same browsers do both, mostly.
fn merge(hit: &mut Hit, other: Hit) {
    hit.first_seen = hit.first_seen.min(other.first_seen);
    hit.last_seen = hit.last_seen.max(other.last_seen);
    hit.clients = hit.clients.max(other.clients);
    hit.networks = hit.networks.max(other.networks);
    hit.page_networks = hit.page_networks.max(other.page_networks);
    hit.directives.extend(other.directives);
    hit.directives.sort_unstable();
    hit.card_number |= other.card_number;
}
