//! Hides what a URL carries: query values, userinfo, opaque path segments and host labels.
//!
//! Userinfo is never looked at. Names and words stay, see [`word`](super::word); everything else
//! becomes shape and hash.

use std::fmt::Write;

use crate::normalize::{Address, Host, MAX_SCHEME_BYTES, pieces, scheme_of};

use super::encodings;
use super::host::has_digit;
use super::value::{Veil, decoded};
use super::word::is_word;

/// Most segments of a path that are shown.
pub const MAX_SEGMENTS: usize = 16;

/// Most parts of a query that are shown.
pub const MAX_PAIRS: usize = 16;

/// Stands where something was left out.
pub const CUT_MARK: char = '…';

/// Whether an opaque segment of a path keeps a hash of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Segments {
    /// The same file of an attacker, or of a build, stays the same.
    Hashed,
    /// Pages that differ in an id fall together.
    Shaped,
}

impl Veil<'_> {
    /// A URL or keyword with its path and the names of its query.
    pub(super) fn url(&self, address: &Address<'_>) -> String {
        let text = address.as_str().trim_ascii();
        let Some((url, host)) = address.url().zip(address.host()) else {
            return word_of(text).to_owned();
        };
        let mut out = String::with_capacity(text.len().min(256));
        out.push_str(url.scheme);
        out.make_ascii_lowercase();
        out.push_str(if url.scheme.is_empty() { "//" } else { "://" });
        self.push_authority(&mut out, host, url.port);
        self.push_path(&mut out, url.path, Segments::Hashed);
        self.push_query(&mut out, url.query);
        out
    }

    /// A script's address: host and path, or its scheme alone.
    pub(super) fn source(&self, address: &Address<'_>) -> String {
        let text = address.as_str().trim_ascii();
        let Some((url, host)) = address.url().zip(address.host()) else {
            return word_of(text).to_owned();
        };
        let mut out = String::with_capacity(text.len().min(256));
        self.push_authority(&mut out, host, url.port);
        let path = if url.path.is_empty() { "/" } else { url.path };
        self.push_path(&mut out, path, Segments::Hashed);
        out.push_str(made_by(text));
        out
    }

    /// The host of an address, or nothing.
    pub(super) fn host_of(&self, address: &Address<'_>) -> String {
        let mut out = String::new();
        if let Some(host) = address.host() {
            out.reserve(host.name.len());
            self.push_host(&mut out, host);
        }
        out
    }

    /// The registrable domain of an address, or nothing.
    pub(super) fn domain_of(&self, address: &Address<'_>) -> String {
        let mut out = String::new();
        if let Some(host) = address.host() {
            self.push_domain(&mut out, host);
        }
        out
    }

    /// The path of an address; the bare word for `about` and `blob`.
    pub(super) fn path_of(&self, address: &Address<'_>) -> String {
        let Some(url) = address.url() else {
            return word_of(address.as_str()).to_owned();
        };
        let mut out = String::with_capacity(url.path.len().min(256));
        self.push_path(&mut out, url.path, Segments::Shaped);
        out
    }

    fn push_authority(&self, out: &mut String, host: Host<'_>, port: &str) {
        let is_v6 = host.name.contains(':');
        out.push_str(if is_v6 { "[" } else { "" });
        self.push_host(out, host);
        out.push_str(if is_v6 { "]" } else { "" });
        if let Ok(port) = port.parse::<u16>() {
            // Writing to a string cannot fail.
            let _ = write!(out, ":{port}");
        }
    }

    fn push_path(&self, out: &mut String, path: &str, segments: Segments) {
        let all = self.closed && encodings::find(path).is_some();
        let is_slash = |b| matches!(b, b'/' | b'\\');
        for (at, segment) in pieces(path, is_slash).skip(1).enumerate() {
            out.push('/');
            if at == MAX_SEGMENTS {
                out.push(CUT_MARK);
                break;
            }
            if segment.is_empty() {
                continue;
            }
            let plain = decoded(segment);
            if is_word(&plain) && !all && !(self.closed && has_digit(&plain)) {
                out.push_str(&plain);
            } else if segments == Segments::Hashed {
                self.push_value(out, segment);
            } else {
                self.push_shape(out, segment);
            }
        }
    }

    /// Appends the path of a source expression.
    pub(super) fn push_source_path(&self, out: &mut String, path: &str) {
        self.push_path(out, path, Segments::Shaped);
    }

    fn push_query(&self, out: &mut String, query: &str) {
        if query.is_empty() {
            return;
        }
        out.push('?');
        let veil = Veil {
            harmless: self.harmless.within(query),
            ..*self
        };
        for (at, pair) in pieces(query, |b| b == b'&').enumerate() {
            if at > 0 {
                out.push('&');
            }
            if at == MAX_PAIRS {
                out.push(CUT_MARK);
                break;
            }
            veil.push_pair(out, pair);
        }
    }
}

/// What Firefox puts after the address of a script whose text made this code.
fn made_by(source: &str) -> &'static str {
    if source.ends_with("%3E%20eval") {
        " > eval"
    } else if source.ends_with("%3E%20Function") {
        " > Function"
    } else {
        ""
    }
}

/// What stays of a text that is no address: a keyword, or the scheme before the colon.
pub(super) fn word_of(text: &str) -> &str {
    const KEYWORDS: [&str; 4] = [
        "trusted-types-sink",
        "trusted-types-policy",
        "<anonymous code>",
        "wasm-eval",
    ];
    if text.is_empty() || KEYWORDS.contains(&text) {
        return text;
    }
    match scheme_of(text) {
        Some((scheme, _)) if scheme.len() <= MAX_SCHEME_BYTES && is_word(scheme) => scheme,
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::super::harmless::Harmless;
    use super::super::key::Key;
    use super::*;

    fn veil(key: &Key, text: &str) -> Veil<'static> {
        let key: &'static Key = Box::leak(Box::new(key.clone()));
        Veil {
            key,
            harmless: Harmless::none(),
            closed: encodings::find(text).is_some(),
        }
    }

    /// The redacted text with every hash as `~`.
    fn unhashed(text: &str) -> String {
        let mut parts = text.split('~');
        let first = parts.next().unwrap_or("").to_owned();
        parts.fold(first, |out, part| out + "~" + part.get(8..).unwrap_or(""))
    }

    const URLS: [(&str, &str); 30] = [
        (
            "https://evil.skimmer.test/c?pan=4111111111111111&exp=12%2F29&cvv=123",
            "https://evil.skimmer.test/c?pan=*&exp=*&cvv=*",
        ),
        (
            "https://evil.skimmer.test/4111111111111111/12/29/123",
            "https://evil.skimmer.test/*/*/*/*",
        ),
        (
            "https://4111111111111111.evil.skimmer.test/",
            "https://*.evil.skimmer.test/",
        ),
        ("https://4111.1111.1111.1111.test/", "https://*.*.*.*.test/"),
        ("https://4111111111111111.test/", "https://*.test/"),
        ("https://a.b4111111111111111/", "https://a.*/"),
        ("https://94111111111111111.test/", "https://*.test/"),
        ("https://9-4111-1-111-1111-1111.test/", "https://*.test/"),
        (
            "https://[2001:db8:1111:2222:3333::1]/",
            "https://[2001:db8:1111:2222:3333::1]/",
        ),
        (
            "https://ndexmtexmtexmtexmtexmq.evil.test/",
            "https://*.evil.test/",
        ),
        ("https://ndexmtexmtexmtexmtexmq.test/", "https://*.test/"),
        (
            "https://txpzd01eq==.evil.test/",
            "https://a{5}9{2}a{2}.{2}~.evil.test/",
        ),
        ("https://txpzd01eq/", "https://a{5}9{2}a{2}~/"),
        (
            "https://4111111111111111:cvv123@evil.skimmer.test:443evil.skimmer.test/c",
            "https://evil.skimmer.test/c",
        ),
        ("https://u:pass@a.test:8443/p", "https://a.test:8443/p"),
        ("https://evil.test/k?p=4111", "https://evil.test/k?p=9{4}"),
        (
            "https://evil.test/?4111111111111111",
            "https://evil.test/?*",
        ),
        (
            "https://127.0.0.1:8443/c?x=1",
            "https://127.0.0.1:8443/c?x=9",
        ),
        ("https://[::1]:8443/c", "https://[::1]:8443/c"),
        ("https://[4111:1111:1111:1111::]/c", "https://[*]/c"),
        (
            "WSS://evil.test/ws?d=abcdefgh",
            "wss://evil.test/ws?d=a{8}~",
        ),
        (
            "https://a.test/%E3%81%94%E6%B3%A8%E6%96%87/x%40y.z",
            "https://a.test/ご注文/a@a.a",
        ),
        ("https://a.test/x;jsessionid=0A1B", "https://a.test/x{17}~"),
        ("data", "data"),
        ("inline", "inline"),
        ("trusted-types-sink", "trusted-types-sink"),
        ("data:text/html,4111111111111111", "data"),
        ("x-4111-1111-1111-1111", "unknown"),
        ("not a url", "unknown"),
        ("", ""),
    ];

    #[test]
    fn urls() {
        let key = Key::new([1; 32]);
        for (text, want) in URLS {
            assert_eq!(
                unhashed(&veil(&key, text).url(&text.into())),
                want,
                "{text}"
            );
        }
    }

    #[test]
    fn sources_and_pages() {
        let key = Key::new([1; 32]);
        for (text, source, host, path) in [
            (
                "https://shop.test/js/a.js?v=7",
                "shop.test/js/a.js",
                "shop.test",
                "/js/a.js",
            ),
            ("https://shop.test", "shop.test/", "shop.test", ""),
            (
                "https://shop.test/order/1234567890/x",
                "shop.test/order/9{10}~/x",
                "shop.test",
                "/order/9{10}/x",
            ),
            (
                "https://shop.test/a.js?v=7%20line%201%20%3E%20eval",
                "shop.test/a.js > eval",
                "shop.test",
                "/a.js",
            ),
            ("about:srcdoc", "about", "", "about"),
            (
                "<anonymous code>",
                "<anonymous code>",
                "",
                "<anonymous code>",
            ),
            (
                "chrome-extension",
                "chrome-extension",
                "",
                "chrome-extension",
            ),
            ("not-a-url-4111111111111111-ü", "unknown", "", "unknown"),
            ("", "", "", ""),
        ] {
            let veil = veil(&key, text);
            assert_eq!(unhashed(&veil.source(&text.into())), source, "{text}");
            assert_eq!(unhashed(&veil.host_of(&text.into())), host, "{text}");
            assert_eq!(veil.path_of(&text.into()), path, "{text}");
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        let key = Key::new([1; 32]);
        let text = format!(
            "https://a.test{}?{}",
            "/x".repeat(1000),
            "q=1&".repeat(1000)
        );
        let out = veil(&key, &text).url(&text.as_str().into());
        assert!(out.len() < 256, "{out}");
        assert!(out.contains("/…?") && out.ends_with("&…"), "{out}");
    }
}
