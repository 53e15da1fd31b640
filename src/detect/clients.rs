//! Small sets of pseudonyms, exact up to their bound.

/// The most browsers of one destination at one site that are told apart.
pub const MAX_CLIENTS: usize = 64;

/// The most networks of one destination at one site that are told apart.
pub const MAX_NETWORKS: usize = 64;

/// A set of at most `MAX` pseudonyms. Full, it takes no more: enough is known then.
#[derive(Clone, Debug)]
pub(super) struct Few<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for Few<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + PartialEq, const MAX: usize> Few<T, MAX> {
    /// Adds it; whether it was new and there was room.
    pub(super) fn insert(&mut self, item: T) -> bool {
        let fits = self.0.len() < MAX && !self.contains(item);
        if fits {
            self.0.push(item);
        }
        fits
    }

    /// Whether it is among them.
    pub(super) fn contains(&self, item: T) -> bool {
        self.0.contains(&item)
    }

    /// The one that was there first.
    pub(super) fn first(&self) -> Option<T> {
        self.0.first().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() == MAX
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }
}

/// A count that fits what findings carry.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
