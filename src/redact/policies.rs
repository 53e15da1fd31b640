//! The policies seen lately, each redacted once. [`Policies`] is the type to know.
//!
//! A policy is told by its hash, which leaves out nonces and report addresses: all the pages that send one policy
//! share one [`PolicyText`]. Before that it is told by a keyed hash of its text without nonces, which is made without
//! reading the policy: most pages send the same again. The rule: what is remembered is bounded in number and in bytes.

use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use foldhash::quality::RandomState;
use memchr::memmem;

use crate::generations::Generations;

use super::key::Key;
use super::policy;
use super::report::CardNumber;

/// Most policies that are remembered, twice: those used lately and those used before.
pub const MAX_POLICIES: usize = 2048;

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

/// The policies seen lately.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// The secret of the hashes of texts as sent. It leaves the process nowhere, so nobody can aim at a hash.
    secret: RandomState,
    /// By the text as sent, without nonces.
    by_text: RwLock<Memory>,
    /// By what it says: report addresses may have tokens that change.
    by_hash: RwLock<Memory>,
}

impl Policies {
    /// The redacted form of a policy; `None` for an empty one.
    pub(super) fn intern(&self, policy: &str, key: &Key) -> Option<Interned> {
        if policy.trim_ascii().is_empty() {
            return None;
        }
        let mut hasher = self.secret.build_hasher();
        between_nonces(policy, |part| hasher.write(part.as_bytes()));
        Some(recall(&self.by_text, hasher.finish(), || {
            let hash = crate::csp::hash(policy);
            recall(&self.by_hash, hash, || policy::redact(policy, hash, key))
        }))
    }
}

/// What begins a nonce, made ready to be searched for.
static NONCE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("'nonce-"));

/// The policy without what follows `'nonce-` in the values of directives, part by part: two texts that are the same
/// then have the same hash.
fn between_nonces(policy: &str, mut each: impl FnMut(&str)) {
    let mut begin = 0;
    for at in NONCE.find_iter(policy.as_bytes()) {
        let value = at + NONCE.needle().len();
        let (before, rest) = (&policy[..at], &policy[value..]);
        if !is_behind_a_name(before) {
            continue;
        }
        // All but one lie below what nonces are made of.
        let ends = |b: u8| b <= b',' && (b.is_ascii_whitespace() || b == b',') || b == b';';
        each(&policy[begin..value]);
        begin = value + rest.bytes().position(ends).unwrap_or(rest.len());
    }
    each(&policy[begin..]);
}

/// Whether what follows begins a value of a directive: not in the middle of one, and not its name.
fn is_behind_a_name(before: &str) -> bool {
    let trimmed = before.trim_ascii_end();
    trimmed.len() < before.len() && !trimmed.is_empty() && !trimmed.ends_with([';', ','])
}

/// A memory whose texts have a bound as well.
#[derive(Debug, Default)]
struct Memory {
    recent: Generations<Interned>,
    /// Of the texts of the young ones.
    bytes: usize,
}

impl Memory {
    fn insert(&mut self, hash: u64, interned: Interned) {
        let bytes = interned.text.text.len();
        if self.recent.young_len() >= MAX_POLICIES || self.bytes + bytes > MAX_KEPT_BYTES {
            self.recent.turn();
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.recent.insert(hash, interned, MAX_POLICIES);
    }
}

/// What is remembered, or what is made and then remembered.
fn recall(memory: &RwLock<Memory>, hash: u64, make: impl FnOnce() -> Interned) -> Interned {
    {
        let memory = memory.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory.recent.young(&hash) {
            return known.clone();
        }
    }
    let old = {
        let mut memory = memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.recent.take(&hash)
    };
    let interned = old.unwrap_or_else(make);
    let mut memory = memory.write().unwrap_or_else(PoisonError::into_inner);
    memory.insert(hash, interned.clone());
    interned
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

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
        let memory = policies.by_hash.read().expect("no writer panicked");
        assert!(memory.recent.len() <= 2 * MAX_POLICIES);
    }

    #[test]
    fn long_policies_take_no_more_than_short_ones() {
        let (policies, key) = (Policies::default(), Key::new([1; 32]));
        for n in 0..300 {
            let long = format!("img-src h{n}.test; {}", "img-src a.test;".repeat(900));
            policies.intern(&long, &key).expect("a policy");
            let memory = policies.by_hash.read().expect("no writer panicked");
            let texts = memory.recent.values().map(|policy| policy.text.text.len());
            assert!(texts.sum::<usize>() <= 2 * MAX_KEPT_BYTES);
        }
    }

    fn without_nonces(policy: &str) -> String {
        let mut kept = String::new();
        between_nonces(policy, |part| kept.push_str(part));
        kept
    }

    #[test]
    fn texts_without_nonces() {
        for (name, policy, want) in [
            ("none", "img-src 'self'", "img-src 'self'"),
            (
                "two",
                "script-src 'nonce-a' 'nonce-b';style-src\t'nonce-c",
                "script-src 'nonce- 'nonce-;style-src\t'nonce-",
            ),
            ("in a word", "a x'nonce-a'", "a x'nonce-a'"),
            ("as a name", "'nonce-a' b", "'nonce-a' b"),
            ("as a later name", "a b; 'nonce-a' c", "a b; 'nonce-a' c"),
            ("at the end of a list", "a 'nonce-a',b", "a 'nonce-,b"),
        ] {
            assert_eq!(without_nonces(policy), want, "{name}");
        }
    }

    /// The short way must not make one of two policies that say different things.
    #[test]
    fn texts_that_are_the_same_without_nonces_have_the_same_hash() {
        let pieces = ["a", " ", ";", ",", "'nonce-x'", "'nonce-y'", "\t"];
        let mut hashes: HashMap<String, u64> = HashMap::new();
        for n in 0..pieces.len().pow(5) {
            let text: String = (0..5)
                .map(|place| pieces[n / pieces.len().pow(place) % pieces.len()])
                .collect();
            let hash = crate::csp::hash(&text);
            let before = hashes.insert(without_nonces(&text), hash);
            assert!(before.is_none_or(|before| before == hash), "{text:?}");
        }
    }
}
