//! Wrong passwords and codes in a row: after a few of them, whoever shows more waits, longer each time.
//!
//! Counted by what is given as an e-mail address, whether or not anybody has it. An attempt counts as wrong from its
//! beginning until it turns out to be right, so that many at once are no more than many in a row.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::PeopleError;
use super::queries;
use crate::clock::Timestamp;
use crate::registry::{Registry, RegistryError};

/// Wrong ones in a row that cost nothing.
pub const FREE_GUESSES: u32 = 5;

/// The wait after the last of them; it doubles with each one more.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// No wait is longer.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30 * 60);

/// After this time without another one they are forgotten.
const MEMORY: Duration = Duration::from_secs(24 * 3600);

/// Most addresses of which wrong ones are remembered.
const MOST_GUESSED: u32 = 100_000;

/// An attempt that has begun.
#[derive(Debug)]
pub(super) struct Guess {
    account: [u8; 32],
    /// What it set, if it turns out to be wrong.
    waits_until: i64,
}

/// How long the next one waits after so many wrong ones.
fn wait(wrong: u32) -> Duration {
    let Some(more) = wrong.checked_sub(FREE_GUESSES) else {
        return Duration::ZERO;
    };
    let wait = FIRST_WAIT.saturating_mul(1 << more.min(16));
    wait.min(LONGEST_WAIT)
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn account(email: &str) -> [u8; 32] {
    blake3::derive_key("skimwatch guessed account v1", email.as_bytes())
}

impl Registry {
    /// Begins an attempt.
    ///
    /// # Errors
    /// [`PeopleError::Waits`] if it is too early for one.
    pub(super) fn begin_guess(&self, email: &str) -> Result<Guess, PeopleError> {
        let account = account(email);
        self.change(|change, journal| {
            let now = journal.at();
            type Found = (u32, i64, i64);
            let found: Option<Found> = change
                .prepare_cached(queries::GUESSES)?
                .query_row([account], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let oldest = now.saturating_sub(millis(MEMORY));
            let (wrong, _, waits_until) = found.filter(|it| it.1 >= oldest).unwrap_or((0, 0, 0));
            // A clock that went back makes nobody wait longer than the longest wait.
            if now < waits_until && waits_until <= now.saturating_add(millis(LONGEST_WAIT)) {
                return Err(PeopleError::Waits(Timestamp(waits_until)));
            }
            let wrong = wrong.saturating_add(1);
            let wait = wait(wrong);
            let waits_until = if wait.is_zero() {
                0
            } else {
                now.saturating_add(millis(wait))
            };
            change.execute(
                queries::PUT_GUESS,
                params![account, wrong, now, waits_until],
            )?;
            change.execute(queries::FORGET_OLD_GUESSES, [oldest])?;
            change.execute(queries::FORGET_MOST_GUESSES, [MOST_GUESSED])?;
            Ok(Guess {
                account,
                waits_until,
            })
        })
    }

    /// It was right, and more is asked for: it counts neither for nor against them.
    pub(super) fn take_guess_back(&self, guess: &Guess) -> Result<(), RegistryError> {
        self.change(|change, _journal| {
            change.execute(
                queries::TAKE_GUESS_BACK,
                params![guess.account, guess.waits_until],
            )?;
            Ok(())
        })
    }
}

/// All was right: they are forgotten, within a change.
pub(super) fn forget(change: &Connection, email: &str) -> Result<(), RegistryError> {
    change.execute(queries::FORGET_GUESSES, [account(email)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bearable() {
        let minutes = |wrong| wait(wrong).as_secs() / 60;
        let waits = [4, 5, 6, 7, 8, 9, 10, 11, u32::MAX].map(minutes);
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 30, 30, 30]);
    }
}
