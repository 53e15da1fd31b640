//! A bounded memory of numbers: a young generation that is written, an old one that is only read.
//!
//! When the young one is full it becomes the old one, and the old one is forgotten. What is met again in time
//! is carried over, so a flood of numbers that come once does not push out what comes all the time.

use std::collections::HashMap;

/// Values under 64-bit numbers, at most twice the cap given to [`insert`](Self::insert) of them.
#[derive(Debug)]
pub(crate) struct Generations<V> {
    young: HashMap<u64, V>,
    old: HashMap<u64, V>,
}

impl<V> Default for Generations<V> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }
}

impl<V> Generations<V> {
    /// How many are remembered.
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// Whether it is remembered. Being asked for does not keep it.
    pub(crate) fn contains(&self, key: u64) -> bool {
        self.young.contains_key(&key) || self.old.contains_key(&key)
    }

    /// The value. Being asked for does not keep it.
    pub(crate) fn get(&self, key: u64) -> Option<&V> {
        self.young.get(&key).or_else(|| self.old.get(&key))
    }

    /// The value, which from now on counts as young.
    pub(crate) fn renew(&mut self, key: u64, cap: usize) -> Option<&V> {
        if let Some(value) = self.old.remove(&key) {
            self.insert(key, value, cap);
        }
        self.young.get(&key)
    }

    /// Remembers it. At most `cap` are young, and as many old.
    pub(crate) fn insert(&mut self, key: u64, value: V, cap: usize) {
        if self.young.len() >= cap && !self.young.contains_key(&key) {
            self.turn();
        }
        self.young.insert(key, value);
    }

    /// Forgets it.
    pub(crate) fn remove(&mut self, key: u64) {
        self.young.remove(&key);
        self.old.remove(&key);
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
        let mut memory = Generations::default();
        for key in 0..10_000 {
            memory.insert(key, (), 100);
            assert!(memory.len() <= 200, "{} after {key}", memory.len());
            assert!(memory.contains(key));
        }
    }

    #[test]
    fn what_is_met_again_outlives_a_flood() {
        let mut memory = Generations::default();
        memory.insert(7, "kept", 100);
        memory.insert(8, "not met again", 100);
        for key in 1000..5000 {
            memory.insert(key, "flood", 100);
            if key % 50 == 0 {
                assert_eq!(memory.renew(7, 100), Some(&"kept"));
            }
        }
        assert!(!memory.contains(8));
    }

    #[test]
    fn turning_twice_forgets_all() {
        let mut memory = Generations::default();
        memory.insert(1, (), 10);
        memory.turn();
        assert!(memory.contains(1));
        memory.turn();
        assert!(!memory.contains(1));
    }
}
