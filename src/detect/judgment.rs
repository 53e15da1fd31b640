//! What the memory of one destination amounts to: [`Judgment`], reason by reason.

use std::collections::{BTreeMap, HashMap};

use super::allowed::Allowed;
use super::clients::count;
use super::config::{Config, MOST_HARMLESS};
use super::crowd::Crowd;
use super::kinship::Kinship;
use super::place::{Place, Way};
use super::site::Site;
use super::subject::{Names, Subject};
use super::summary::Summary;
use crate::clock::Timestamp;
use crate::finding::{Evidence, FindingKind, Hit, Reason, Severity};
use crate::normalize::Directive;
use crate::trust::Trusted;

/// What a judgment looks at besides the destination.
pub(super) struct View<'a> {
    pub(super) config: &'a Config,
    pub(super) sites: &'a HashMap<u32, Site>,
    pub(super) names: &'a Names,
    pub(super) kinship: &'a Kinship,
    pub(super) allowed: &'a Allowed,
    pub(super) everybody: &'a Crowd,
    pub(super) trusted: &'a Trusted,
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
}

impl Judgment {
    /// `None` if nothing speaks for an attack.
    pub(super) fn of(subject: &Subject, view: &View<'_>) -> Option<Self> {
        let summary = Summary::of(subject, view);
        if summary.reach <= 0.0 {
            return None;
        }
        let mut reasons = reasons(subject, &summary, allowed(subject, &summary, view), view.config);
        reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        let score = view.config.prior + reasons.iter().map(|reason| reason.weight).sum::<f64>();
        let severity = severity(score, &summary, view)?;
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
        })
    }
}

fn reasons(subject: &Subject, summary: &Summary, (allowed, allowed_here): (u32, u32), config: &Config) -> Vec<Reason> {
    let weights = &config.weights;
    let mut all = Vec::new();
    let mut say = |weight: f64, evidence: Evidence| all.push(Reason { evidence, weight });
    say(
        weights.reach * (1.0 + summary.reach).log2(),
        Evidence::NewOnPaymentPages {
            merchants: summary.merchants.max(1),
            clients: counted(summary.unnamed, summary.clients),
            networks: summary.networks,
            share: percent(summary.networks, summary.page_networks),
        },
    );
    say(
        weights.share * summary.share,
        if summary.share >= 0.0 {
            Evidence::FollowsPages { networks: summary.networks, of: summary.page_networks }
        } else {
            Evidence::FollowsVisitors { merchants: count(summary.visitors.len()) }
        },
    );
    say(
        weights.burst * summary.burst,
        if summary.burst >= 0.0 {
            Evidence::SpreadsFast { merchants: summary.merchants }
        } else {
            Evidence::SpreadsSlowly { merchants: summary.merchants }
        },
    );
    if allowed_here > 0 {
        say(
            weights.allowed_here * f64::from(allowed_here.min(MOST_HARMLESS)),
            Evidence::AllowedSince { merchants: allowed_here },
        );
    }
    let known = count(summary.known.len());
    if known > 0 {
        let most = f64::from(known.min(MOST_HARMLESS));
        say(
            weights.known * most,
            Evidence::KnownForLong { merchants: known },
        );
    }
    if allowed > 0 {
        say(
            weights.allowed * f64::from(allowed),
            Evidence::AllowedByPolicies { merchants: allowed },
        );
    }
    if summary.shared_script >= 2 {
        let merchants = summary.shared_script;
        say(weights.shared_script, Evidence::SharedScript { merchants });
    }
    if summary.carded > 0 {
        let hidden = summary.carded_hidden;
        let weight = if hidden {
            weights.hidden_cards
        } else {
            weights.plain_cards
        };
        say(
            weight,
            Evidence::CardNumbers {
                clients: counted(summary.unnamed, summary.carded),
                hidden,
            },
        );
    }
    if summary.forged < -0.5 {
        say(
            weights.forged * -summary.forged,
            Evidence::LooksForged { networks: summary.bare },
        );
    }
    of_floods(summary, config, &mut say);
    of_browsers(summary, config, &mut say);
    of_pages(summary, config, &mut say);
    of_name(subject, summary, config, &mut say);
    all
}

/// What came with it.
fn of_floods(summary: &Summary, config: &Config, say: &mut impl FnMut(f64, Evidence)) {
    if summary.hidden_at > 0 {
        // Whoever forges the floods of many shops has the same few networks at each.
        say(
            config.weights.hidden_in_flood * summary.independence,
            Evidence::HiddenInFlood {
                merchants: summary.hidden_at,
                networks: counted(summary.unnamed, summary.hidden_from),
            },
        );
    }
    if summary.peers > 0 {
        let destinations = summary.peers;
        say(0.0, Evidence::OneOfMany { destinations });
    }
}

/// What its name says.
fn of_name(subject: &Subject, summary: &Summary, config: &Config, say: &mut impl FnMut(f64, Evidence)) {
    let weights = &config.weights;
    if subject.imitates().is_some() {
        say(weights.lookalike, Evidence::ImitatesService);
    } else if summary.imitates_shop {
        say(weights.lookalike, Evidence::ImitatesShop);
    }
    if super::names::is_cheap(&subject.destination) {
        say(weights.cheap_name, Evidence::CheapName);
    }
    if subject.account.is_some() {
        say(weights.account, Evidence::AccountOfService);
    } else if subject.service {
        say(weights.service, Evidence::WellKnown);
    }
}

/// Who reports it.
fn of_browsers(summary: &Summary, config: &Config, say: &mut impl FnMut(f64, Evidence)) {
    let evidence = if summary.kinds < 0.0 {
        Evidence::OneBrowserFamily {
            clients: summary.clients,
        }
    } else {
        let families = u8::try_from(summary.crowd.kinds()).unwrap_or(u8::MAX);
        Evidence::ManyBrowserFamilies { families }
    };
    say(config.weights.kinds * summary.kinds, evidence);
}

/// Where it stands and what it does there.
fn of_pages(summary: &Summary, config: &Config, say: &mut impl FnMut(f64, Evidence)) {
    let weights = &config.weights;
    let other = percent(summary.other, summary.payment + summary.other);
    if summary.reports_other_pages && other == 0 {
        say(weights.payment_only, Evidence::PaymentPagesOnly);
    } else if other >= 10 {
        let weight = weights.other_pages * (f64::from(other) / 50.0).min(1.0);
        say(weight, Evidence::OtherPagesToo { share: other });
    }
    let has = |directives: &[Directive]| {
        Place::directives(summary.directives).any(|directive| directives.contains(&directive))
    };
    let loads = Place::directives(summary.directives).any(|it| Way::of(it) == Way::Loads);
    let sends = Place::directives(summary.directives).any(|it| Way::of(it) == Way::Sends);
    let scripts = has(&[Directive::ScriptSrc, Directive::ScriptSrcElem]);
    let looks = has(&[
        Directive::FrameSrc,
        Directive::FontSrc,
        Directive::StyleSrc,
        Directive::StyleSrcElem,
    ]);
    if has(&[Directive::FormAction]) {
        say(weights.forms, Evidence::FormsGoThere);
    } else if !loads {
        say(weights.sends_only, Evidence::SendsOnly);
    } else if scripts && looks {
        say(weights.widget, Evidence::LooksLikeWidget);
    } else if scripts && sends {
        say(weights.tag, Evidence::LooksLikeTag);
    }
    let after = percent(summary.after_payment, summary.payment);
    if after >= 15 {
        say(weights.after_payment * (f64::from(after) / 40.0).min(1.0), Evidence::AfterPayment { share: after });
    }
    if summary.by_itself * 2 > summary.payment {
        say(weights.itself, Evidence::ByItself);
    }
    if summary.by_tag_manager * 2 > summary.payment {
        say(weights.tag_manager, Evidence::ByTagManager);
    }
    if summary.by_extension * 2 > summary.payment {
        say(weights.extension, Evidence::ByExtension);
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
    let places = subject.places.iter().filter(|((number, _), _)| summary.strong.contains(number));
    let allows = |(key, place): (&(u32, Way), &Place)| {
        let since = view.allowed.since(destination, key.1, key.0);
        since.is_some_and(|since| since > place.first_seen).then_some(key.0)
    };
    let sites: std::collections::BTreeSet<u32> = places.filter_map(allows).collect();
    (elsewhere, count(sites.len()))
}

fn percent(part: u32, whole: u32) -> u8 {
    let percent = u64::from(part) * 100 / u64::from(whole.max(1));
    u8::try_from(percent.min(100)).unwrap_or(100)
}

/// `None` below the least that is told.
fn severity(score: f64, summary: &Summary, view: &View<'_>) -> Option<Severity> {
    let config = view.config;
    let corroborated = summary.merchants >= 2 || summary.carded_hidden;
    let high = config.high + if corroborated { 0.0 } else { config.alone };
    // What looks like a merchant's own choice has time to show up in a policy.
    let waits = is_like_service(summary) && summary.carded == 0 && summary.began > view.now.minus(config.patience);
    if score <= config.low {
        None
    } else if waits {
        Some(if score >= config.medium { Severity::Medium } else { Severity::Low })
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
    let directives = || Place::directives(summary.directives);
    let scripts = directives().any(|it| matches!(it, Directive::ScriptSrc | Directive::ScriptSrcElem));
    let more = directives().any(|it| !matches!(it, Directive::ScriptSrc | Directive::ScriptSrcElem));
    (scripts && more) || summary.by_tag_manager * 2 > summary.payment
}

fn kind(directives: u64) -> FindingKind {
    let has = |wanted: Directive| Place::directives(directives).any(|it| it == wanted);
    let sends = Place::directives(directives).any(|it| Way::of(it) == Way::Sends);
    let scripts = has(Directive::ScriptSrc) || has(Directive::ScriptSrcElem);
    if has(Directive::FormAction) || (has(Directive::FrameSrc) && !scripts) {
        FindingKind::FakePaymentPage
    } else if sends {
        FindingKind::Exfiltration
    } else {
        FindingKind::ForeignScript
    }
}

/// Every site that it is new to, single visitors' reports at busy sites apart: in order of time.
fn hits(subject: &Subject, summary: &Summary, view: &View<'_>) -> Vec<Hit> {
    let mut by_site: BTreeMap<u32, Hit> = BTreeMap::new();
    let mut places: Vec<_> = subject.places.iter().collect();
    places.sort_unstable_by_key(|(key, _)| **key);
    for ((number, _), place) in places {
        let counts = place.payment > 0
            && !summary.known.contains(number)
            && (summary.strong.contains(number) || !summary.visitors.contains(number));
        let Some(site) = view.names.name(*number).filter(|_| counts) else {
            continue;
        };
        let fresh = Hit {
            site: site.clone(),
            first_seen: place.first_seen,
            last_seen: place.last_seen,
            clients: counted(place.unnamed, count(place.clients.len())),
            networks: counted(place.unnamed, count(place.networks.len())),
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

/// A number of browsers or networks; none is told where nobody can tell them apart.
fn counted(unnamed: bool, number: u32) -> u32 {
    if unnamed { 0 } else { number }
}

/// Both ways at one site. The same browsers do both, mostly.
fn merge(hit: &mut Hit, other: Hit) {
    hit.first_seen = hit.first_seen.min(other.first_seen);
    hit.last_seen = hit.last_seen.max(other.last_seen);
    hit.clients = hit.clients.max(other.clients);
    hit.networks = hit.networks.max(other.networks);
    hit.directives.extend(other.directives);
    hit.directives.sort_unstable();
    hit.card_number |= other.card_number;
}
