//! What is known about an entry besides what it says. A label is weighed, never a reason to drop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::enrich::{Browser, Family};
use crate::parse::Shape;

use super::address::Address;
use super::destination::ip;
use super::noise::{host_label, scheme_label};
use super::profile::Profile;
use super::url::scheme_of;
use super::violation::{Destination, Label, Labels};

/// What Firefox calls the source of code that an extension put into the page's own world.
pub const ANONYMOUS_CODE: &str = "<anonymous code>";

/// The texts that labels are read from.
pub(super) struct Evidence<'a> {
    pub(super) destination: &'a Destination,
    pub(super) blocked: &'a Address<'a>,
    pub(super) source: &'a Address<'a>,
    pub(super) document: &'a Address<'a>,
}

impl Evidence<'_> {
    pub(super) fn labels(&self, profile: &Profile) -> Labels {
        let mut labels = Labels::default();
        self.of_destination(profile, &mut labels);
        self.of_source(&mut labels);
        self.of_document(profile, &mut labels);
        labels
    }

    fn of_destination(&self, profile: &Profile, labels: &mut Labels) {
        match self.destination {
            Destination::Host { host, .. } => {
                if self.is_own(host, profile) {
                    labels.insert(Label::OwnDomain);
                }
                labels.extend(match self.blocked.host() {
                    Some(blocked) if blocked.name == host => self.blocked.label(),
                    _ => host_label(host),
                });
                labels.extend(place_of(host));
            }
            Destination::Scheme(scheme) => {
                labels.extend(scheme_label(scheme));
                // Chrome's own error page, and what its frames show.
                if scheme == "about"
                    || self
                        .blocked
                        .as_str()
                        .starts_with("data:text/html,chromewebdata")
                {
                    labels.insert(Label::BrowserInternal);
                }
            }
            Destination::Inline | Destination::Eval | Destination::None => {}
        }
    }

    /// Without a list of domains, the document's own host is all that is known of the site.
    fn is_own(&self, host: &str, profile: &Profile) -> bool {
        if profile.has_domains() {
            return profile.owns(host);
        }
        self.document.host().is_some_and(|page| page.name == host)
    }

    fn of_source(&self, labels: &mut Labels) {
        let source = self.source.as_str();
        if source == ANONYMOUS_CODE {
            labels.insert(Label::Extension);
        }
        if let Some(host) = self.source.host() {
            // The page's own host is looked at with the page.
            if self.document.host() != Some(host) {
                labels.extend(self.source.label());
            }
        } else if let Some((scheme, _)) = scheme_of(source) {
            labels.extend(scheme_label(&scheme.to_ascii_lowercase()));
        }
    }

    fn of_document(&self, profile: &Profile, labels: &mut Labels) {
        let Some((host, url)) = self.document.host().zip(self.document.url()) else {
            return;
        };
        if profile.has_domains() && !profile.owns(host.name) {
            labels.insert(Label::ForeignDocument);
        }
        let label = self.document.label();
        let is_source = self.source.host() == Some(host);
        labels.extend(label.filter(|&label| is_source || label == Label::Translation));
        if url.malformed {
            labels.insert(Label::MalformedUrl);
        }
    }
}

/// Whether a host is on the visitor's own network, or a public address in place of a name.
fn place_of(host: &str) -> Option<Label> {
    let private = match ip(host) {
        Some(IpAddr::V4(address)) => is_private_v4(address),
        Some(IpAddr::V6(address)) => is_private_v6(address),
        None => {
            let local =
                !host.contains('.') || host.ends_with(".local") || host.ends_with(".localhost");
            return local.then_some(Label::PrivateHost);
        }
    };
    Some(if private {
        Label::PrivateHost
    } else {
        Label::BareIp
    })
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || a == 0
        // RFC 6598: behind a carrier's NAT.
        || (a == 100 && (64..128).contains(&b))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    match address.to_ipv4_mapped() {
        Some(mapped) => is_private_v4(mapped),
        None => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unicast_link_local()
                || address.is_unique_local()
        }
    }
}

/// What the dialect of a violation says about the engine, as far as it is sure.
pub(super) struct Dialect {
    pub(super) shape: Shape,
    /// One of the fields that Firefox writes as null when it is unknown came as `""` or not at all.
    pub(super) empty_field: bool,
}

impl Dialect {
    /// Whether the user agent names an engine that does not write this dialect. Only what was seen on
    /// the wire in every version counts; doubt is no conflict.
    pub(super) fn contradicts(&self, browser: Browser) -> bool {
        match (browser.family, self.shape) {
            // Chromium never writes null and always wraps in an array; a disposition since 2017.
            (Family::Chromium, Shape::ReportToFirefox | Shape::ReportToWebKit) => true,
            (Family::Chromium, Shape::ReportUriWebKit) => browser.major >= 70,
            // Firefox has null for what is unknown: an entry with nothing unknown looks like Chromium's.
            (Family::Firefox, Shape::ReportToChromium) => self.empty_field,
            (Family::Firefox, Shape::ReportToWebKit) => true,
            (Family::Firefox, Shape::ReportUriWebKit) => browser.major >= 100,
            // WebKit's `report-uri` has no disposition up to the newest version seen, 26.
            (Family::WebKit, Shape::ReportUri) => (1..=26).contains(&browser.major),
            (Family::WebKit, Shape::ReportToChromium | Shape::ReportToFirefox) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(blocked: &str, source: &str, document: &str, profile: &Profile) -> String {
        let found = super::super::destination::of_address(&blocked.into());
        let evidence = Evidence {
            destination: &found.destination,
            blocked: &blocked.into(),
            source: &source.into(),
            document: &document.into(),
        };
        let words: Vec<_> = evidence.labels(profile).iter().map(Label::as_str).collect();
        words.join(" ")
    }

    #[test]
    fn labels_of_an_entry() {
        let shop = Profile::new(&["shop.test".to_owned()], &[], &[]);
        let page = "https://www.shop.test/cart";
        for (blocked, source, document, want) in [
            ("https://evil.test/", "https://shop.test/a.js", page, ""),
            ("https://api.shop.test/", "", page, "own-domain"),
            ("https://evil.test/", "chrome-extension", page, "extension"),
            ("https://evil.test/", "<anonymous code>", page, "extension"),
            ("https://evil.test/", "resource", page, "browser-internal"),
            ("https://evil.test/", "about", page, ""),
            ("moz-extension", "", page, "extension"),
            ("about", "", page, "browser-internal"),
            ("webviewprogressproxy:///complete", "", page, "webview"),
            (
                "https://gc.kis.v2.scr.kaspersky-labs.com/x",
                "",
                page,
                "antivirus",
            ),
            ("http://192.168.1.1:15871/", "", page, "private-host"),
            ("http://[fe80::1]/", "", page, "private-host"),
            ("http://[fd00::1]/", "", page, "private-host"),
            ("http://router/", "", page, "private-host"),
            ("http://203.0.113.7/", "", page, "bare-ip"),
            ("http://[2001:db8::7]/", "", page, "bare-ip"),
            (
                "https://evil.test/",
                "",
                "https://copy.test/cart",
                "foreign-document",
            ),
            ("https://evil.test/", "", "about", ""),
            (
                "https://evil.test/",
                "",
                "https://shop-test.translate.goog/",
                "translation foreign-document",
            ),
        ] {
            assert_eq!(
                words(blocked, source, document, &shop),
                want,
                "{blocked} {source} {document}"
            );
        }
        assert_eq!(
            words(
                "https://a.test/x",
                "",
                "https://a.test/",
                &Profile::default()
            ),
            "own-domain"
        );
    }

    #[test]
    fn dialects() {
        let says = |family, major, shape, empty_field| {
            let browser = Browser {
                family,
                major,
                mobile: false,
            };
            Dialect { shape, empty_field }.contradicts(browser)
        };
        assert!(says(Family::Firefox, 150, Shape::ReportToChromium, true));
        assert!(!says(Family::Firefox, 150, Shape::ReportToChromium, false));
        assert!(!says(Family::Firefox, 150, Shape::ReportUri, true));
        assert!(says(Family::Chromium, 140, Shape::ReportUriWebKit, true));
        assert!(!says(Family::Chromium, 50, Shape::ReportUriWebKit, true));
        assert!(says(Family::WebKit, 18, Shape::ReportUri, true));
        assert!(!says(Family::WebKit, 18, Shape::ReportUriWebKit, true));
        assert!(!says(Family::Other, 0, Shape::Flat, true));
    }
}
