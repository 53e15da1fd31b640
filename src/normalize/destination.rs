//! Blocked URL or keyword → [`Destination`].

use std::net::IpAddr;

use super::address::{Address, Host};
use super::url::{MAX_HOST_BYTES, is_network_scheme, scheme_of};
use super::violation::{Destination, Directive};

/// Longest scheme that is taken for one, in bytes.
pub const MAX_SCHEME_BYTES: usize = 32;

/// A destination and whether the text that named it was malformed.
pub(super) struct Found {
    pub(super) destination: Destination,
    pub(super) malformed: bool,
}

impl Found {
    fn sure(destination: Destination) -> Self {
        Self {
            destination,
            malformed: false,
        }
    }
}

/// What a CSP report's blocked URL says; empty where the browser left the key out.
pub(super) fn of_violation(
    blocked: &Address<'_>,
    directive: Directive,
    document: &Address<'_>,
) -> Found {
    match blocked.as_str().trim_ascii() {
        "" | "null" | "none" => Found::sure(unsaid(directive)),
        // Firefox before 43 wrote this for inline code.
        "self" if runs_code(directive) => Found::sure(Destination::Inline),
        "self" => Found::sure(of_address(document).destination),
        "inline" => Found::sure(Destination::Inline),
        "eval" | "wasm-eval" => Found::sure(Destination::Eval),
        // Markup or code handed to a sink: nothing goes anywhere, the directive says it all.
        "trusted-types-sink" | "trusted-types-policy" => Found::sure(Destination::None),
        _ => of_address(blocked),
    }
}

/// What an empty or missing blocked URL means: old engines leave inline code unnamed, and Chromium a
/// frame whose address is a `data:` URL.
fn unsaid(directive: Directive) -> Destination {
    match directive {
        Directive::FrameSrc | Directive::ChildSrc | Directive::FencedFrameSrc => {
            Destination::Scheme("data".to_owned())
        }
        _ if runs_code(directive) => Destination::Inline,
        _ => Destination::None,
    }
}

fn runs_code(directive: Directive) -> bool {
    matches!(
        directive,
        Directive::ScriptSrc
            | Directive::ScriptSrcElem
            | Directive::ScriptSrcAttr
            | Directive::StyleSrc
            | Directive::StyleSrcElem
            | Directive::StyleSrcAttr
            | Directive::DefaultSrc
    )
}

/// Any address, or the bare scheme that browsers cut it down to.
pub(super) fn of_address(address: &Address<'_>) -> Found {
    if let Some((host, url)) = address.host().zip(address.url()) {
        return Found {
            destination: of_host(host),
            malformed: url.malformed,
        };
    }
    let text = address.as_str().trim_ascii();
    match scheme_of(text) {
        Some((scheme, rest)) if is_scheme(scheme) => Found {
            destination: Destination::Scheme(scheme.to_ascii_lowercase()),
            malformed: is_network_scheme(scheme) && !rest.is_empty(),
        },
        _ => Found {
            destination: Destination::None,
            malformed: !text.is_empty(),
        },
    }
}

/// A word that may be a scheme: no page's data, so short and nearly without digits.
fn is_scheme(word: &str) -> bool {
    word.len() <= MAX_SCHEME_BYTES && word.bytes().filter(u8::is_ascii_digit).count() <= 2
}

fn of_host(host: Host<'_>) -> Destination {
    let name = tail(host.name).trim_matches('.');
    if name.is_empty() {
        return Destination::None;
    }
    let domain = if name.len() == host.name.len() {
        host.domain
    } else {
        registrable_domain(name)
    };
    Destination::Host {
        domain: domain.to_owned(),
        host: name.to_owned(),
    }
}

/// The registrable domain of a host in lower case, by the public suffix list with its private section.
/// An IP literal, and a host that is a suffix itself, is its own.
pub fn registrable_domain(host: &str) -> &str {
    if is_ip(host) {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// The last whole labels, of at most [`MAX_HOST_BYTES`], of a host that is too long to exist: its registrable domain
/// is there. Part of a label might be part of a card number, which nobody would know for one.
fn tail(host: &str) -> &str {
    let Some(excess) = host.len().checked_sub(MAX_HOST_BYTES + 1) else {
        return host;
    };
    let end = host.as_bytes().get(excess..).unwrap_or_default();
    let label = memchr::memchr(b'.', end).map(|dot| excess + dot + 1);
    label.and_then(|start| host.get(start..)).unwrap_or("")
}

/// An IPv4 or IPv6 literal, without brackets.
pub fn is_ip(host: &str) -> bool {
    ip(host).is_some()
}

/// The address that a host is. Nearly all hosts are names, which a look at their ends tells.
pub(super) fn ip(host: &str) -> Option<IpAddr> {
    let bytes = host.as_bytes();
    let is_v4 = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.last().is_some_and(u8::is_ascii_digit);
    if is_v4 || bytes.contains(&b':') {
        host.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(found: &Found) -> String {
        match &found.destination {
            Destination::Host { domain, host } => format!("{domain} {host}"),
            other => other.as_str().to_owned(),
        }
    }

    #[test]
    fn a_host_too_long_to_exist_ends_with_whole_labels() {
        let label = "4111111111111111".repeat(16);
        for (host, want) in [
            (
                format!("{label}.www.skimmer.test"),
                "skimmer.test www.skimmer.test",
            ),
            (format!("{}.test", "a".repeat(248)), ""),
            (format!("{}.test", "a".repeat(249)), "test test"),
            (format!("a.{}", "b".repeat(253)), ""),
            (format!("a.{}", "b".repeat(254)), "none"),
            (label, "none"),
        ] {
            let found = of_address(&Address::from(format!("https://{host}/").as_str()));
            let whole = host.strip_prefix("a.").unwrap_or(&host);
            let want = if want.is_empty() {
                format!("{whole} {whole}")
            } else {
                want.to_owned()
            };
            assert_eq!(word(&found), want, "{host}");
        }
    }

    #[test]
    fn urls() {
        for (text, want, malformed) in [
            (
                "https://evil.skimmer.test/c?pan=1",
                "skimmer.test evil.skimmer.test",
                false,
            ),
            (
                "https://evil.skimmer.test./s.js",
                "skimmer.test evil.skimmer.test",
                false,
            ),
            (
                "https://EVIL.Skimmer.test/",
                "skimmer.test evil.skimmer.test",
                false,
            ),
            ("https://a.b.co.jp:8443/", "b.co.jp a.b.co.jp", false),
            (
                "https://x.shop.workers.dev/",
                "shop.workers.dev x.shop.workers.dev",
                false,
            ),
            ("https://workers.dev/", "workers.dev workers.dev", false),
            (
                "https://www.xn--wgv71a119e.jp/",
                "xn--wgv71a119e.jp www.xn--wgv71a119e.jp",
                false,
            ),
            ("https://127.0.0.1:8443/c", "127.0.0.1 127.0.0.1", false),
            ("https://[2001:db8::1]/c", "2001:db8::1 2001:db8::1", false),
            ("wss://ws.evil.test/s", "evil.test ws.evil.test", false),
            (
                "https://u:p@evil.test:443evil.test/c",
                "evil.test evil.test",
                true,
            ),
            ("https://localhost/", "localhost localhost", false),
            ("https://../", "none", true),
            ("wss", "wss", false),
            ("wss:", "wss", false),
            ("https", "https", false),
            ("data:text/html,<p>", "data", false),
            ("blob:https://a.test/1", "blob", false),
            ("chrome-extension://abcdef/x.js", "chrome-extension", false),
            ("x4111111111111111", "none", true),
            ("not a url", "none", true),
        ] {
            let found = of_address(&text.into());
            assert_eq!(
                (word(&found).as_str(), found.malformed),
                (want, malformed),
                "{text}"
            );
        }
    }

    #[test]
    fn keywords() {
        let document = "https://shop.test/checkout";
        for (blocked, directive, want) in [
            (Some("inline"), Directive::ScriptSrcElem, "inline"),
            (Some("eval"), Directive::ScriptSrc, "eval"),
            (Some("wasm-eval"), Directive::ScriptSrc, "eval"),
            (
                Some("trusted-types-sink"),
                Directive::RequireTrustedTypesFor,
                "none",
            ),
            (Some("self"), Directive::ScriptSrc, "inline"),
            (Some("self"), Directive::ImgSrc, "shop.test shop.test"),
            (Some(""), Directive::StyleSrc, "inline"),
            (Some(""), Directive::FrameAncestors, "none"),
            (Some(""), Directive::FrameSrc, "data"),
            (None, Directive::FrameSrc, "data"),
            (None, Directive::ConnectSrc, "none"),
            (Some("null"), Directive::ImgSrc, "none"),
            (Some("about"), Directive::FrameSrc, "about"),
            (Some("about:blank"), Directive::BaseUri, "about"),
        ] {
            assert_eq!(
                word(&of_violation(
                    &blocked.unwrap_or_default().into(),
                    directive,
                    &document.into()
                )),
                want,
                "{blocked:?} {directive:?}"
            );
        }
    }
}
