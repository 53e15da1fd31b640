//! Hides what a policy carries: nonces, tokens in report addresses, queries and whatever is no known part of a
//! policy never stay.

use std::sync::Arc;

use crate::normalize::Host;

use super::encodings;
use super::harmless::Harmless;
use super::key::Key;
use super::policies::{Interned, PolicyText};
use super::value::{Veil, is_digest};
use super::word::is_word;

/// Longest redacted policy, in bytes.
pub const MAX_POLICY_BYTES: usize = 16 * 1024;

/// The redacted form of a policy of this hash.
pub(super) fn redact(policy: &str, hash: u64, key: &Key) -> Interned {
    let card = encodings::find(policy);
    let veil = Veil {
        key,
        // Sites share it.
        harmless: Harmless::none(),
        closed: card.is_some(),
    };
    let mut text = String::with_capacity(policy.len().min(MAX_POLICY_BYTES));
    let mut cut = false;
    for directive in policy.split([';', ',']) {
        let start = text.len();
        veil.push_directive(&mut text, directive);
        if text.len() > MAX_POLICY_BYTES {
            text.truncate(start);
            cut = true;
            break;
        }
    }
    Interned {
        text: Arc::new(PolicyText { hash, text }),
        card,
        cut,
    }
}

impl Veil<'_> {
    fn push_directive(&self, out: &mut String, directive: &str) {
        let mut words = directive.split_ascii_whitespace();
        let Some(name) = words.next() else { return };
        if !out.is_empty() {
            out.push_str("; ");
        }
        self.push_word(out, name);
        for word in words {
            out.push(' ');
            match name.to_ascii_lowercase().as_str() {
                "report-uri" => self.push_endpoint(out, word),
                "report-to" => self.push_word(out, word),
                _ => self.push_expression(out, word),
            }
        }
    }

    fn push_word(&self, out: &mut String, word: &str) {
        if is_word(word) {
            out.push_str(word);
        } else {
            out.push('*');
        }
    }

    /// A collector's address: its path is a key, so only the host stays.
    fn push_endpoint(&self, out: &mut String, address: &str) {
        let host = self.host_of(&address.into());
        if !host.is_empty() {
            out.push_str("https://");
            out.push_str(&host);
        }
        out.push_str("/*");
    }

    /// A source expression (CSP Level 3 §2.3.1), a sandbox flag, the name of a trusted-types policy.
    fn push_expression(&self, out: &mut String, word: &str) {
        if let Some(quoted) = word.strip_prefix('\'') {
            let quoted = quoted.trim_end_matches('\'');
            let shown = match quoted {
                _ if quoted.starts_with("nonce-") => "nonce-*",
                _ if is_digest(quoted) || is_keyword(quoted) => quoted,
                _ => "*",
            };
            out.push('\'');
            out.push_str(shown);
            out.push('\'');
        } else if word == "*"
            || word
                .strip_suffix(':')
                .unwrap_or(word)
                .split('/')
                .all(is_word)
                && !word.contains('.')
        {
            out.push_str(word);
        } else {
            self.push_host_source(out, word);
        }
    }

    /// `https://*.example.test:8443/path`, without query and userinfo.
    fn push_host_source(&self, out: &mut String, word: &str) {
        let word = word.split(['?', '#']).next().unwrap_or("");
        let rest = match word.split_once("://") {
            Some((scheme, rest)) => {
                self.push_word(out, scheme);
                out.push_str("://");
                rest
            }
            None => word,
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        let host = host.to_lowercase();
        let named = host.strip_prefix("*.").unwrap_or(&host);
        if named.len() < host.len() {
            out.push_str("*.");
        }
        let is_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if !named.bytes().all(is_host) || !(named.contains('.') || is_word(named)) {
            out.push('*');
        } else {
            self.push_host(out, Host::of(named));
        }
        if port == "*" || port.parse::<u16>().is_ok() {
            out.push(':');
            out.push_str(port);
        }
        self.push_source_path(out, path);
    }
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 20] = [
        "self",
        "none",
        "unsafe-inline",
        "unsafe-eval",
        "unsafe-hashes",
        "wasm-unsafe-eval",
        "strict-dynamic",
        "report-sample",
        "unsafe-allow-redirects",
        "inline-speculation-rules",
        "trusted-types-eval",
        "report-sha256",
        "report-sha384",
        "report-sha512",
        "allow-duplicates",
        "script",
        "style",
        "block",
        "allow",
        "unsafe-webtransport-hashes",
    ];
    KEYWORDS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(policy: &str) -> String {
        redact(policy, 0, &Key::new([1; 32])).text.text.clone()
    }

    #[test]
    fn policies() {
        for (policy, want) in [
            (
                "default-src 'self'; script-src 'self' 'nonce-n0nc3' https://*.psp.test:*; report-uri https://c.test/r/key?s=1; report-to csp-ep",
                "default-src 'self'; script-src 'self' 'nonce-*' https://*.psp.test:*; report-uri https://c.test/*; report-to csp-ep",
            ),
            (
                "img-src * data: blob: https:",
                "img-src * data: blob: https:",
            ),
            (
                "script-src 'sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx20=' 'x'",
                "script-src 'sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx20=' '*'",
            ),
            (
                "img-src https://u:p@a.test:8443/p/1234?x=1#y",
                "img-src https://a.test:8443/p/9{4}",
            ),
            ("img-src a.test wss://b.test", "img-src a.test wss://b.test"),
            (
                "sandbox allow-scripts; trusted-types dompurify 'allow-duplicates'; plugin-types application/pdf",
                "sandbox allow-scripts; trusted-types dompurify 'allow-duplicates'; plugin-types application/pdf",
            ),
            ("report-uri /r/secret 4111", "report-uri /* /*"),
            ("img-src jane@example.test", "img-src example.test"),
            ("img-src 4111111111111111.evil.test", "img-src *.evil.test"),
            ("img-src <script>", "img-src *"),
            (" ; ;", ""),
        ] {
            assert_eq!(text(policy), want, "{policy}");
        }
    }

    #[test]
    fn long_policies_are_cut_between_directives() {
        let long = redact(&"img-src a.test;".repeat(10_000), 0, &Key::new([1; 32]));
        assert!(long.cut && long.text.text.len() <= MAX_POLICY_BYTES);
        assert!(long.text.text.ends_with("img-src a.test"));
    }
}
