//! [`Ratchet`]: the keys of pseudonyms, one for each period. Each is made from the one before.
//!
//! The rule: it turns forward only. Whoever has the key of a period can make all that follow, and none that
//! went before: what those hid stays hidden, also from whoever takes the key today. Collectors that begin
//! with the same key, or with any key that came of it, have the same keys at the same moments, without
//! talking.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::PseudonymKey;
use crate::clock::Timestamp;

/// How long a client keeps its pseudonym: the detector's window of 30 days fits in. Periods are counted from
/// 1970, so that they begin and end at the same moments everywhere.
pub const PSEUDONYM_PERIOD: Duration = Duration::from_secs(32 * 24 * 3600);

/// How many periods, about ten years, a key and the clock may lie apart. What is further is a wrong clock or
/// a damaged file, and to turn there would lose the key.
pub const MAX_PERIODS_APART: i64 = 120;

/// Names the derivation, as BLAKE3 asks: constant, and used for nothing else.
const NEXT_KEY: &str = "skimwatch 2026-11 pseudonym key of the next period";

/// The key of one period. As JSON it is what a file of keys holds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratchet {
    period: i64,
    key: [u8; 32],
}

/// The key is not of this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key is of period {key}, the clock says period {asked}; more than {MAX_PERIODS_APART} apart cannot be: \
     set the clock, or restore the key"
)]
pub struct OutOfTime {
    key: i64,
    asked: i64,
}

impl Ratchet {
    /// The key of a period, made of 32 random bytes.
    pub fn new(period: i64, key: [u8; 32]) -> Self {
        Self { period, key }
    }

    /// Which period a moment lies in.
    pub fn period_at(moment: Timestamp) -> i64 {
        moment.0.div_euclid(length())
    }

    /// Its period.
    pub fn period(&self) -> i64 {
        self.period
    }

    /// When its period ends.
    pub fn end(&self) -> Timestamp {
        Timestamp(self.period.saturating_add(1).saturating_mul(length()))
    }

    /// What pseudonyms are made with in its period.
    pub fn key(&self) -> PseudonymKey {
        PseudonymKey::new(self.key)
    }

    /// The key of a period. Of an earlier one than its own there is none any more: it stays as it is.
    ///
    /// # Errors
    /// [`OutOfTime`] if the period is more than [`MAX_PERIODS_APART`] away, earlier or later.
    pub fn turned_to(mut self, period: i64) -> Result<Self, OutOfTime> {
        if period.saturating_sub(self.period).unsigned_abs() > MAX_PERIODS_APART.unsigned_abs() {
            return Err(OutOfTime {
                key: self.period,
                asked: period,
            });
        }
        while self.period < period {
            self.key = blake3::derive_key(NEXT_KEY, &self.key);
            self.period += 1;
        }
        Ok(self)
    }
}

fn length() -> i64 {
    i64::try_from(PSEUDONYM_PERIOD.as_millis()).expect("32 days are a small number")
}

impl fmt::Debug for Ratchet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ratchet({}, …)", self.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_forward_and_never_back() {
        let at = |period| Ratchet::new(645, [7; 32]).turned_to(period);
        for (name, period, want) in [
            ("the same", 645, Some(645)),
            ("the next", 646, Some(646)),
            ("an earlier one", 640, Some(645)),
            ("as far as may be", 645 + MAX_PERIODS_APART, Some(765)),
            ("too far ahead", 646 + MAX_PERIODS_APART, None),
            ("too far back", 644 - MAX_PERIODS_APART, None),
            ("the end of time", i64::MAX, None),
            ("its beginning", i64::MIN, None),
        ] {
            assert_eq!(at(period).ok().map(|key| key.period), want, "{name}");
        }
    }

    /// In one step or in many: the keys are those of the period.
    #[test]
    fn keys_follow_from_the_period_alone() {
        let first = Ratchet::new(645, [7; 32]);
        let mut step_by_step = first.clone();
        for period in 646..660 {
            let before = step_by_step.key;
            step_by_step = step_by_step.turned_to(period).expect("near");
            assert_ne!(step_by_step.key, before, "{period}");
            assert_eq!(first.clone().turned_to(period), Ok(step_by_step.clone()));
        }
        // Other programs of one installation, older and newer, must agree on it.
        let second = first.turned_to(646).expect("near").key;
        assert_eq!(second, blake3::derive_key(NEXT_KEY, &[7; 32]));
    }

    #[test]
    fn periods_have_the_length_and_the_end_that_they_say() {
        let key = Ratchet::new(Ratchet::period_at(Timestamp(1_800_000_000_000)), [7; 32]);
        let last = Timestamp(key.end().0 - 1);
        assert_eq!(Ratchet::period_at(last), key.period);
        assert_eq!(Ratchet::period_at(key.end()), key.period + 1);
        assert_eq!(Ratchet::period_at(Timestamp(-1)), -1);
    }
}
