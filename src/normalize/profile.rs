//! What a site says of itself. [`Profile`] is the type to know; it is made once and shared.

use super::page::Patterns;
use super::url::UrlParts;

/// Domains and page addresses of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    domains: Box<[Box<str>]>,
    pub(super) checkout: Patterns,
    pub(super) admin: Patterns,
}

impl Profile {
    /// A profile of domains (`shop.example`, in Unicode or Punycode; subdomains count as the site's)
    /// and of the beginnings of paths, as they stand in an address or decoded.
    pub fn new(domains: &[String], checkout_paths: &[String], admin_paths: &[String]) -> Self {
        Self {
            domains: domains.iter().filter_map(|name| ascii(name)).collect(),
            checkout: Patterns::new(checkout_paths),
            admin: Patterns::new(admin_paths),
        }
    }

    /// Whether the site's domains are known at all.
    pub fn has_domains(&self) -> bool {
        !self.domains.is_empty()
    }

    /// The site's domains, in Punycode.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.domains.iter().map(AsRef::as_ref)
    }

    /// Whether a host, in lower case, is one of the site's domains or below one.
    pub fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| is_under(host, domain))
    }
}

/// Whether a host is this domain or below it. Both in lower case.
pub(super) fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A domain as browsers write it. An address is taken for its host.
fn ascii(name: &str) -> Option<Box<str>> {
    let name = name.trim();
    let name = UrlParts::of(name).map_or(name, |url| url.host);
    let name = name.trim_start_matches("*.").trim_end_matches('.');
    if name.is_empty() {
        return None;
    }
    let host = content_security_policy::url::Host::parse(name);
    Some(
        host.map_or_else(|_| name.to_lowercase(), |host| host.to_string())
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_hold_their_subdomains() {
        let names = ["Shop.example.", "日本語.jp", "https://pay.test/x", " "].map(str::to_owned);
        let profile = Profile::new(&names, &[], &[]);
        for (host, want) in [
            ("shop.example", true),
            ("www.shop.example", true),
            ("notshop.example", false),
            ("example", false),
            ("www.xn--wgv71a119e.jp", true),
            ("pay.test", true),
        ] {
            assert_eq!(profile.owns(host), want, "{host}");
        }
    }
}
