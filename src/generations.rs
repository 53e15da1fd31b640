//! A bounded memory: a young generation that is written, an old one that is only read. [`Generations`] is the type
//! to know.
//!
//! When the young one is full it becomes the old one, and the old one is forgotten. What is met again in time
//! is carried over, so a flood of things that come once does not push out what comes all the time.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// Values by their keys, at most twice the cap given to [`insert`](Self::insert) of them.
#[derive(Debug)]
pub(crate) struct Generations<V, K = u64> {
    young: HashMap<K, V, RandomState>,
    old: HashMap<K, V, RandomState>,
}

impl<V, K> Default for Generations<V, K> {
    fn default() -> Self {
        Self {
            young: HashMap::default(),
            old: HashMap::default(),
        }
    }
}

impl<V, K: Hash + Eq> Generations<V, K> {
    /// How many are remembered.
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// How many are young.
    pub(crate) fn young_len(&self) -> usize {
        self.young.len()
    }

    /// All that are remembered.
    #[cfg(test)]
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.young.values().chain(self.old.values())
    }

    /// Whether it is remembered. Being asked for does not keep it.
    pub(crate) fn contains<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// The value. Being asked for does not keep it.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// The value, if it is among the young.
    pub(crate) fn young<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.young.get(key)
    }

    /// The value, which from now on counts as young.
    pub(crate) fn renew<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, cap: usize) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        if !self.young.contains_key(key) {
            let (key, value) = self.old.remove_entry(key)?;
            self.insert(key, value, cap);
        }
        self.young.get_mut(key)
    }

    /// Remembers it. At most `cap` are young, and as many old.
    pub(crate) fn insert(&mut self, key: K, value: V, cap: usize) {
        if self.young.len() >= cap && !self.young.contains_key(&key) {
            self.turn();
        }
        self.young.insert(key, value);
    }

    /// Forgets it.
    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.take(key);
    }

    /// Forgets it, and gives it.
    pub(crate) fn take<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let young = self.young.remove(key);
        self.old.remove(key).or(young)
    }

    /// Forgets what is old; what is young becomes old.
    pub(crate) fn turn(&mut self) {
        self.old = std::mem::take(&mut self.young);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_holds_more_than_two_generations() {
        let mut memory: Generations<_> = Generations::default();
        for key in 0..10_000 {
            memory.insert(key, (), 100);
            assert!(memory.len() <= 200, "{} after {key}", memory.len());
            assert!(memory.contains(&key));
        }
    }

    #[test]
    fn what_is_met_again_outlives_a_flood() {
        let mut memory: Generations<_> = Generations::default();
        memory.insert(7, "kept", 100);
        memory.insert(8, "not met again", 100);
        for key in 1000..5000 {
            memory.insert(key, "flood", 100);
            if key % 50 == 0 {
                assert_eq!(memory.renew(&7, 100), Some(&mut "kept"));
            }
        }
        assert!(!memory.contains(&8));
    }

    #[test]
    fn turning_twice_forgets_all() {
        let mut memory: Generations<_> = Generations::default();
        memory.insert(1, (), 10);
        memory.turn();
        assert!(memory.contains(&1));
        memory.turn();
        assert!(!memory.contains(&1));
    }
}
