//! Which destinations merchants allow in their policies, and to do what there: evidence of a harmless cause.
//!
//! A policy is what reports say it is, so one network's word is not enough.

use super::Map;
use super::clients::Few;
use super::config::MOST_HARMLESS;
use super::place::Way;
use crate::clock::Timestamp;
use crate::csp::{Policy, Source};
use crate::normalize::{Directive, registrable_domain};
use crate::sighting::Sighting;

/// The most policies of one site that are looked at: a page whose policy is never the same has no policy.
pub const MAX_POLICIES_OF_SITE: u32 = 64;

/// The most domains that are taken from one policy.
pub const MAX_DOMAINS_OF_POLICY: usize = 256;

/// Networks that must have sent a policy.
const NETWORKS: usize = 2;

/// Sites that are counted for one domain.
const SITES: usize = 16;

/// Domain → sites whose policies allow it.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    sites: Map<String, [Few<(u32, Timestamp), SITES>; 2]>,
    policies: Map<(u32, u64), Few<u64, NETWORKS>>,
    policies_of_site: Map<u32, u32>,
}

impl Allowed {
    /// Looks at the policy of a sighting at this site.
    pub(super) fn observe(&mut self, site: u32, sighting: &Sighting<'_>) {
        if sighting.policy_text.is_empty() {
            return;
        }
        let key = (site, sighting.policy);
        let networks = match self.policies.get_mut(&key) {
            Some(networks) => networks,
            None => {
                let number = self.policies_of_site.entry(site).or_default();
                if *number >= MAX_POLICIES_OF_SITE {
                    return;
                }
                *number += 1;
                self.policies.entry(key).or_default()
            }
        };
        // The last network that was missing makes it count, and it counts once.
        if networks.insert(sighting.network) && networks.is_full() {
            self.learn((site, sighting.at), sighting.policy_text);
        }
    }

    /// How many sites other than these allow a domain to be used in this way, as far as it matters.
    pub(super) fn num_sites(&self, domain: &str, way: Way, except: impl Fn(u32) -> bool) -> u32 {
        let others = self.sites(domain, way).filter(|(site, _)| !except(*site));
        super::clients::count(others.count()).min(MOST_HARMLESS)
    }

    /// Since when a site allows a domain to be used in this way, as far as its policies were looked at.
    pub(super) fn since(&self, domain: &str, way: Way, site: u32) -> Option<Timestamp> {
        let mut sites = self.sites(domain, way);
        sites.find(|(it, _)| *it == site).map(|(_, since)| since)
    }

    fn sites(&self, domain: &str, way: Way) -> impl Iterator<Item = (u32, Timestamp)> {
        self.sites
            .get(domain)
            .into_iter()
            .flat_map(move |ways| ways[way as usize].iter())
    }

    fn learn(&mut self, (site, at): (u32, Timestamp), text: &str) {
        let policy = Policy::parse(text);
        let mut left = MAX_DOMAINS_OF_POLICY;
        for directive in policy
            .directives()
            .filter(|directive| directive.name() != "report-uri")
        {
            for domain in directive.sources().filter_map(domain) {
                if left == 0 {
                    return;
                }
                left -= 1;
                for way in ways(directive.name()) {
                    self.grant(domain, *way, (site, at));
                }
            }
        }
    }

    fn grant(&mut self, domain: &str, way: Way, (site, at): (u32, Timestamp)) {
        if !self.sites.contains_key(domain) {
            self.sites
                .insert(domain.to_owned(), <[Few<_, SITES>; 2]>::default());
        }
        if let Some(ways) = self.sites.get_mut(domain)
            && !ways[way as usize].iter().any(|(it, _)| it == site)
        {
            ways[way as usize].insert((site, at));
        }
    }
}

/// What a directive of a policy is about.
fn ways(directive: &str) -> &'static [Way] {
    if directive == "default-src" {
        return &[Way::Loads, Way::Sends];
    }
    match Directive::of_word(directive).map(Way::of) {
        Some(Way::Loads) => &[Way::Loads],
        Some(Way::Sends) => &[Way::Sends],
        None => &[],
    }
}

/// The registrable domain of a host source.
fn domain(source: Source<'_>) -> Option<&str> {
    let Source::Host(text) = source else {
        return None;
    };
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = text.split(['/', ':']).next()?.trim_start_matches("*.");
    host.contains('.').then(|| registrable_domain(host))
}
