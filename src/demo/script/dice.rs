//! Chance that is the same each time: [`Dice`] are thrown for one named thing and for nothing else.
//!
//! The rule: what is thrown depends on the names alone, never on what was thrown before for something
//! else. So a week can be told from any moment on.

/// Steele, Lea and Flood's SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of what these numbers name.
    pub(super) fn of(names: &[u64]) -> Self {
        let seed = names
            .iter()
            .fold(0x736b_696d, |state, name| mix(state ^ name));
        Self(seed)
    }

    /// 0 up to, not including, `n`. The bias is below anything that a demo shows.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0) % n.max(1)
    }

    /// [`Self::below`] in milliseconds.
    pub(super) fn ms_below(&mut self, n: u32) -> i64 {
        i64::try_from(self.below(u64::from(n))).unwrap_or(0)
    }

    /// True this many times in a thousand.
    pub(super) fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of several, which are not none.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap_or(0)]
    }
}

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_throw_the_same() {
        let throws = |names: &[u64]| {
            let mut dice = Dice::of(names);
            [0; 4].map(|_: u64| dice.below(1_000_000))
        };
        assert_eq!(throws(&[1, 2]), throws(&[1, 2]));
        assert_ne!(throws(&[1, 2]), throws(&[2, 1]));
        assert_ne!(throws(&[1]), throws(&[1, 0]));
    }

    #[test]
    fn chances_are_as_said() {
        let mut dice = Dice::of(&[7]);
        let hits = (0..10_000).filter(|_| dice.chance(250)).count();
        assert!((2300..2700).contains(&hits), "{hits}");
    }
}
