//! The policies seen lately, each redacted once. [`Policies`] is the type to know.
//!
//! A policy is told by its hash, which leaves out nonces and report addresses: all the pages that send one policy
//! share one [`PolicyText`]. Before that it is told by its text without nonces, which is found without reading the
//! policy: most pages send the same again. The rule: what is remembered is bounded in number and in bytes.

use std::borrow::{Borrow, Cow};
use std::hash::Hash;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

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
    /// By the text as sent, without nonces.
    by_text: RwLock<Memory<Box<str>>>,
    /// By what it says: report addresses may have tokens that change.
    by_hash: RwLock<Memory<u64>>,
}

impl Policies {
    /// The redacted form of a policy; `None` for an empty one.
    pub(super) fn intern(&self, policy: &str, key: &Key) -> Option<Interned> {
        if policy.trim_ascii().is_empty() {
            return None;
        }
        let text = without_nonces(policy);
        Some(recall(
            &self.by_text,
            &*text,
            text.len(),
            |text| text.into(),
            || {
                let hash = crate::csp::hash(policy);
                let make = || policy::redact(policy, hash, key);
                recall(&self.by_hash, &hash, size_of::<u64>(), |&hash| hash, make)
            },
        ))
    }
}

/// What begins a nonce, made ready to be searched for.
static NONCE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("'nonce-"));

/// The policy without what follows `'nonce-` in the values of directives, so that two texts that are the same then
/// have the same hash.
fn without_nonces(policy: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    for at in NONCE.find_iter(policy.as_bytes()) {
        let value = at + NONCE.needle().len();
        let (before, rest) = (&policy[..at], &policy[value..]);
        if !is_behind_a_name(before) {
            continue;
        }
        // All but one lie below what nonces are made of.
        let ends = |b: u8| b <= b',' && (b.is_ascii_whitespace() || b == b',') || b == b';';
        let end = rest.bytes().position(ends).unwrap_or(rest.len());
        kept.reserve(policy.len() - copied);
        kept.push_str(&policy[copied..value]);
        copied = value + end;
    }
    if copied == 0 {
        return Cow::Borrowed(policy);
    }
    kept.push_str(&policy[copied..]);
    Cow::Owned(kept)
}

/// Whether what follows begins a value of a directive: not in the middle of one, and not its name.
fn is_behind_a_name(before: &str) -> bool {
    let trimmed = before.trim_ascii_end();
    trimmed.len() < before.len() && !trimmed.is_empty() && !trimmed.ends_with([';', ','])
}

/// A memory whose texts have a bound as well.
#[derive(Debug)]
struct Memory<K> {
    recent: Generations<Interned, K>,
    /// Of the texts and keys of the young ones.
    bytes: usize,
}

impl<K> Default for Memory<K> {
    fn default() -> Self {
        Self {
            recent: Generations::default(),
            bytes: 0,
        }
    }
}

impl<K: Hash + Eq> Memory<K> {
    fn insert(&mut self, key: K, key_bytes: usize, interned: Interned) {
        let bytes = key_bytes + interned.text.text.len();
        if self.recent.young_len() >= MAX_POLICIES || self.bytes + bytes > MAX_KEPT_BYTES {
            self.recent.turn();
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.recent.insert(key, interned, MAX_POLICIES);
    }
}

/// What is remembered, or what is made and then remembered. The key is so many bytes long.
fn recall<K, Q>(
    memory: &RwLock<Memory<K>>,
    key: &Q,
    key_bytes: usize,
    to_key: impl FnOnce(&Q) -> K,
    make: impl FnOnce() -> Interned,
) -> Interned
where
    K: Borrow<Q> + Hash + Eq,
    Q: Hash + Eq + ?Sized,
{
    {
        let memory = memory.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory.recent.young(key) {
            return known.clone();
        }
    }
    let old = {
        let mut memory = memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.recent.take(key)
    };
    let interned = old.unwrap_or_else(make);
    let mut memory = memory.write().unwrap_or_else(PoisonError::into_inner);
    memory.insert(to_key(key), key_bytes, interned.clone());
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
            let before = hashes.insert(without_nonces(&text).into_owned(), hash);
            assert!(before.is_none_or(|before| before == hash), "{text:?}");
        }
    }
}
