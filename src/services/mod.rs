//! Well-known services of the web: who is behind a domain ([`find`]), and whose account on it an address names
//! ([`account`]). [`Service`] is the type to know.
//!
//! The lists are shipped: one is made by `deploy/refresh-services.sh`, the others are kept by hand and go before it.
//! The rule: they hold registrable domains as [`registrable_domain`](crate::normalize::registrable_domain) computes
//! them, so a domain is there or is not. That a service is known does not make what is sent there harmless.

mod accounts;
mod category;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use accounts::{account, has_accounts};
pub use category::Category;

/// A well-known service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The company or product: `Google Analytics`.
    pub name: &'static str,
    /// What it is for.
    pub category: Category,
}

/// Later ones go before earlier ones.
const LISTS: [&str; 3] = [
    include_str!("third-party-web.tsv"),
    include_str!("payment.tsv"),
    include_str!("japan.tsv"),
];

static SERVICES: LazyLock<HashMap<&'static str, Service>> = LazyLock::new(|| {
    LISTS
        .into_iter()
        .flat_map(lines)
        .filter_map(parse)
        .collect()
});

/// The service at a registrable domain in lower case.
pub fn find(domain: &str) -> Option<Service> {
    SERVICES.get(domain).copied()
}

/// The lines of a list that are no comments.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// Domain, name, category.
fn parse(line: &'static str) -> Option<(&'static str, Service)> {
    let (domain, rest) = line.split_once('\t')?;
    let (name, category) = rest.split_once('\t')?;
    let category = Category::parse(category)?;
    Some((domain, Service { name, category }))
}

/// Every domain of the lists, for tests of what must leave them alone.
#[cfg(test)]
pub(crate) fn domains() -> impl Iterator<Item = &'static str> {
    LISTS
        .into_iter()
        .flat_map(lines)
        .filter_map(|line| Some(line.split_once('\t')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_asked_for() {
        for line in LISTS.into_iter().flat_map(lines) {
            let (domain, _) = parse(line).unwrap_or_else(|| panic!("no entry: {line}"));
            assert!(find(domain).is_some(), "{line}");
            let computed = crate::normalize::registrable_domain(domain);
            assert_eq!(computed, domain, "run deploy/refresh-services.sh");
            assert!(psl::suffix_str(domain) != Some(domain), "a suffix: {line}");
        }
    }

    #[test]
    fn lists_kept_by_hand_name_each_domain_once() {
        let mut seen = std::collections::HashSet::new();
        let by_hand = LISTS.into_iter().skip(1).flat_map(lines);
        for (domain, _) in by_hand.filter_map(parse) {
            assert!(seen.insert(domain), "twice: {domain}");
        }
    }

    #[test]
    fn services() {
        for (domain, name, category) in [
            ("google-analytics.com", "Google Analytics", "analytics"),
            ("googletagmanager.com", "Google Tag Manager", "tag-manager"),
            ("stripe.com", "Stripe", "payment"),
            ("mul-pay.jp", "GMO Payment Gateway", "payment"),
            ("sps-system.com", "SB Payment Service", "payment"),
            ("yimg.jp", "Yahoo! JAPAN", "ad"),
            ("yubinbango.github.io", "yubinbango", "utility"),
            ("channel.io", "Channel Talk", "customer-success"),
            ("cardinalcommerce.com", "CardinalCommerce", "payment"),
            ("jsdelivr.net", "JSDelivr CDN", "cdn"),
        ] {
            let found = find(domain).map(|s| (s.name, s.category.as_str()));
            assert_eq!(found, Some((name, category)), "{domain}");
        }
        for domain in [
            "",
            "github.io",
            "www.stripe.com",
            "stripe.top",
            "polyfill.io",
            "bootcss.com",
        ] {
            assert_eq!(find(domain), None, "{domain}");
        }
    }
}
