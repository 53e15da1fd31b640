//! A bounded memory: a young generation that is written, an old one that is only read. [`Generations`] is the type
//! to know.
//!
//! When the young one is full it becomes the old one, and the old one is forgotten. What is met again in time
//! is carried over, so a flood of things that come once does not push out what comes all the time.

use std::borrow::Borrow;
use std::hash::{BuildHasher as _, Hash};
use std::mem;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Values by their keys, at most twice the cap given to [`insert`](Self::insert) of them.
#[derive(Debug)]
pub(crate) struct Generations<V, K = u64> {
    // Tables, not maps: a key is hashed once for both, and a value that is there is found with one look.
    young: HashTable<(K, V)>,
    old: HashTable<(K, V)>,
    hasher: RandomState,
}

impl<V, K> Default for Generations<V, K> {
    fn default() -> Self {
        Self {
            young: HashTable::new(),
            old: HashTable::new(),
            hasher: RandomState::default(),
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
        self.young.iter().chain(&self.old).map(|(_, value)| value)
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
        let (hash, same) = (self.hasher.hash_one(key), same(key));
        let found = self.young.find(hash, &same);
        found
            .or_else(|| self.old.find(hash, same))
            .map(|(_, value)| value)
    }

    /// The value, if it is among the young.
    pub(crate) fn young<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let hash = self.hasher.hash_one(key);
        self.young.find(hash, same(key)).map(|(_, value)| value)
    }

    /// The value, which from now on counts as young.
    pub(crate) fn renew<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, cap: usize) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let hash = self.hasher.hash_one(key);
        let young = match self.young.find_entry(hash, same(key)) {
            Ok(found) => return Some(&mut found.into_mut().1),
            Err(absent) => absent.into_table(),
        };
        let found = self.old.find_entry(hash, same(key)).ok()?.remove().0;
        Some(add(young, &mut self.old, &self.hasher, found, cap))
    }

    /// Remembers it. At most `cap` are young, and as many old.
    pub(crate) fn insert(&mut self, key: K, value: V, cap: usize) {
        let hash = self.hasher.hash_one(&key);
        // Not `entry`, which makes room even in a table that is full and about to become the old one.
        match self.young.find_entry(hash, same(&key)) {
            Ok(mut found) => found.get_mut().1 = value,
            Err(absent) => {
                let young = absent.into_table();
                add(young, &mut self.old, &self.hasher, (key, value), cap);
            }
        }
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
        let hash = self.hasher.hash_one(key);
        let [young, old] = [&mut self.young, &mut self.old].map(|table| {
            let found = table.find_entry(hash, same(key)).ok()?;
            Some(found.remove().0.1)
        });
        old.or(young)
    }

    /// Forgets what is old; what is young becomes old.
    pub(crate) fn turn(&mut self) {
        self.old = mem::take(&mut self.young);
    }
}

/// Adds what is not there. The young ones become the old ones if there are enough of them.
fn add<'y, K: Hash, V>(
    young: &'y mut HashTable<(K, V)>,
    old: &mut HashTable<(K, V)>,
    hasher: &RandomState,
    pair: (K, V),
    cap: usize,
) -> &'y mut V {
    if young.len() >= cap {
        *old = mem::take(young);
    }
    let rehash = |(key, _): &(K, V)| hasher.hash_one(key);
    let hash = rehash(&pair);
    &mut young.insert_unique(hash, pair, rehash).into_mut().1
}

fn same<Q: Eq + ?Sized, K: Borrow<Q>, V>(key: &Q) -> impl Fn(&(K, V)) -> bool {
    move |(known, _)| known.borrow() == key
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
    fn a_full_generation_takes_no_more_room_than_its_cap() {
        // As many as a table of 16 places holds.
        const CAP: usize = 14;
        let mut memory: Generations<_> = Generations::default();
        for key in 0..1000 {
            memory.insert(key, (), CAP);
            assert!(memory.young.capacity() <= CAP && memory.old.capacity() <= CAP);
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
