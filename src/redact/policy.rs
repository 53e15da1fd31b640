//! The policy of a page, redacted once.
//!
//! A policy is told by its hash, which leaves out nonces and report addresses: all the pages that send
//! one policy share one [`PolicyText`]. The rule: nonces, tokens in report addresses, queries and
//! whatever is no known part of a policy never stay.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use super::encodings;
use super::harmless::Harmless;
use super::key::Key;
use super::report::CardNumber;
use super::value::{Veil, is_digest};
use super::word::is_word;

/// Longest redacted policy, in bytes.
pub const MAX_POLICY_BYTES: usize = 16 * 1024;

/// Most policies that are remembered, twice: those used lately and those used before.
pub const MAX_POLICIES: usize = 512;

/// Most bytes of their texts, as many times.
pub const MAX_KEPT_BYTES: usize = 2 << 20;

/// A policy without nonces, report endpoints and secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    /// Hash of what the policy says; the same whatever its nonces.
    pub hash: u64,
    /// The redacted text.
    pub text: String,
}

/// A redacted policy and what was found in it.
#[derive(Clone, Debug)]
pub(super) struct Interned {
    pub(super) text: Arc<PolicyText>,
    pub(super) card: Option<CardNumber>,
    pub(super) cut: bool,
}

/// The policies seen lately, each redacted once.
#[derive(Debug, Default)]
pub(super) struct Policies {
    hasher: RandomState,
    /// By the text as sent: most pages send the same one again, and then it is not even parsed.
    by_text: RwLock<Generations>,
    /// By what it says: a page whose nonces change has one policy and many texts.
    by_hash: RwLock<Generations>,
}

/// Two generations stand in for a clock: what is used moves to the young one, and when that is full, the
/// old one goes.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<u64, Interned>,
    /// Of the texts of the young ones.
    bytes: usize,
    old: HashMap<u64, Interned>,
}

impl Policies {
    /// The redacted form of a policy; `None` for an empty one.
    pub(super) fn intern(&self, policy: &str, key: &Key) -> Option<Interned> {
        if policy.trim_ascii().is_empty() {
            return None;
        }
        // Keyed by this process's own secret: nobody can make two texts that meet.
        let text = self.hasher.hash_one(policy);
        Some(recall(&self.by_text, text, || {
            let hash = hash(policy);
            recall(&self.by_hash, hash, || redact(policy, hash, key))
        }))
    }
}

/// What is remembered, or what is made and then remembered.
fn recall(memory: &RwLock<Generations>, key: u64, make: impl FnOnce() -> Interned) -> Interned {
    {
        let generations = memory.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = generations.young.get(&key) {
            return known.clone();
        }
    }
    let old = {
        let mut generations = memory.write().unwrap_or_else(PoisonError::into_inner);
        generations.old.remove(&key)
    };
    let interned = old.unwrap_or_else(make);
    let mut generations = memory.write().unwrap_or_else(PoisonError::into_inner);
    generations.insert(key, interned.clone());
    interned
}

impl Generations {
    fn insert(&mut self, key: u64, interned: Interned) {
        let bytes = interned.text.text.len();
        if self.young.len() >= MAX_POLICIES || self.bytes + bytes > MAX_KEPT_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(key, interned);
    }
}

fn hash(policy: &str) -> u64 {
    crate::csp::hash(policy)
}

fn redact(policy: &str, hash: u64, key: &Key) -> Interned {
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
        let host = self.host_of(address);
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
            self.push_host(out, named);
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
    fn a_policy_is_redacted_once() {
        let (policies, key) = (Policies::default(), Key::new([1; 32]));
        let first = policies
            .intern("img-src 'self' 'nonce-a'", &key)
            .expect("a policy");
        let second = policies
            .intern("img-src  'self' 'nonce-b'", &key)
            .expect("a policy");
        assert!(Arc::ptr_eq(&first.text, &second.text));
        assert!(policies.intern(" ", &key).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let (policies, key) = (Policies::default(), Key::new([1; 32]));
        let kept = policies
            .intern("img-src kept.test", &key)
            .expect("a policy");
        for n in 0..MAX_POLICIES * 3 {
            policies
                .intern(&format!("img-src h{n}.test"), &key)
                .expect("a policy");
            let again = policies
                .intern("img-src kept.test", &key)
                .expect("a policy");
            assert!(Arc::ptr_eq(&kept.text, &again.text), "what is used stays");
        }
        let generations = policies.by_hash.read().expect("no writer panicked");
        assert!(generations.young.len() <= MAX_POLICIES && generations.old.len() <= MAX_POLICIES);
    }

    #[test]
    fn long_policies_take_no_more_than_short_ones() {
        let (policies, key) = (Policies::default(), Key::new([1; 32]));
        for n in 0..300 {
            let long = format!("img-src h{n}.test; {}", "img-src a.test;".repeat(900));
            policies.intern(&long, &key).expect("a policy");
            let generations = policies.by_hash.read().expect("no writer panicked");
            for policies in [&generations.young, &generations.old] {
                let texts = policies.values().map(|policy| policy.text.text.len());
                assert!(texts.sum::<usize>() <= MAX_KEPT_BYTES);
            }
        }
    }

    #[test]
    fn long_policies_are_cut_between_directives() {
        let long = redact(&"img-src a.test;".repeat(10_000), 0, &Key::new([1; 32]));
        assert!(long.cut && long.text.text.len() <= MAX_POLICY_BYTES);
        assert!(long.text.text.ends_with("img-src a.test"));
    }
}
