//! Requests that are made once, however often they are sent. [`Once`] is the type to know.
//!
//! The rules: that a request was made is written down in the transaction that makes it, so that nothing that breaks off
//! in between leads to a second time. What was answered is not kept: it would outlive what is erased, and a new token
//! would lie in the open. The record says what was done to what, as the audit log does, and whoever asks again is told
//! how that stands.

use std::cell::RefCell;

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::caller::Author;
use super::database::Registry;
use super::error::RegistryError;
use super::queries;

/// Longest key, in bytes.
pub const MAX_ONCE_KEY_BYTES: usize = 128;

/// Most keys of one caller that are remembered.
pub const MAX_ONCE_KEYS: u32 = 10_000;

/// How long a key is remembered, in milliseconds.
const MEMORY: i64 = 24 * 3_600_000;

/// Whose key it is, and which.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OnceKey {
    organization: String,
    caller: String,
    key: String,
}

/// A request that is to be made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    key: OnceKey,
    /// Of all that it asks for.
    request: [u8; 32],
}

/// What a request did, as the audit log calls it. Both are empty if there was nothing to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// What was done first.
    pub action: String,
    /// To what.
    pub subject: String,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done<T> {
    /// It was made now.
    Now(T),
    /// It was made before, and not again.
    Before(Made),
}

/// What the first change on this thread has to know.
enum Pending {
    Wanted(Once),
    Found(Made),
}

thread_local! {
    /// A change runs on one thread from its beginning to its end, so that no function on the way to it has to know.
    static PENDING: RefCell<Option<Pending>> = const { RefCell::new(None) };
}

/// Leaves nothing behind on the thread, whatever happens.
struct Cleared;

impl Drop for Cleared {
    fn drop(&mut self) {
        PENDING.with_borrow_mut(Option::take);
    }
}

impl OnceKey {
    /// A key that this author sent.
    pub fn of(author: &Author, key: &str) -> Self {
        Self {
            organization: author.organization().to_string(),
            caller: author.name().to_owned(),
            key: key.to_owned(),
        }
    }
}

impl Once {
    /// This request, by this name.
    pub fn new(key: OnceKey, request: [u8; 32]) -> Self {
        Self { key, request }
    }

    /// The name.
    pub fn key(&self) -> &OnceKey {
        &self.key
    }

    fn values(&self) -> [&str; 3] {
        let OnceKey {
            organization,
            caller,
            key,
        } = &self.key;
        [organization, caller, key]
    }

    /// Refuses if it was made before.
    fn look(self, change: &Transaction<'_>, at: i64) -> Result<Self, RegistryError> {
        change
            .prepare_cached(queries::FORGET_ONCE)?
            .execute([at.saturating_sub(MEMORY)])?;
        let found: Option<([u8; 32], String, String)> = change
            .prepare_cached(queries::ONCE)?
            .query_row(self.values(), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        match found {
            None => Ok(self),
            Some((request, ..)) if request != self.request => Err(RegistryError::KeyReused),
            Some((_, action, subject)) => {
                let made = Made { action, subject };
                PENDING.set(Some(Pending::Found(made)));
                Err(RegistryError::MadeBefore)
            }
        }
    }

    fn write(&self, change: &Transaction<'_>, at: i64, made: &Made) -> Result<(), RegistryError> {
        let [organization, caller, key] = self.values();
        let count: u32 = change
            .prepare_cached(queries::ONCE_COUNT)?
            .query_row([organization, caller], |row| row.get(0))?;
        if count >= MAX_ONCE_KEYS {
            return Err(RegistryError::TooManyOnce);
        }
        let Made { action, subject } = made;
        change.prepare_cached(queries::ADD_ONCE)?.execute(params![
            organization,
            caller,
            key,
            self.request,
            action,
            subject,
            at
        ])?;
        Ok(())
    }
}

/// What a change that begins now is the work of, unless that was done before.
pub(super) fn begin(change: &Transaction<'_>, at: i64) -> Result<Option<Once>, RegistryError> {
    match PENDING.take() {
        Some(Pending::Wanted(once)) => once.look(change, at).map(Some),
        _ => Ok(None),
    }
}

/// Writes down what the change did, as a part of it.
pub(super) fn end(
    once: Option<Once>,
    change: &Transaction<'_>,
    (at, made): (i64, &Made),
) -> Result<(), RegistryError> {
    once.map_or(Ok(()), |once| once.write(change, at, made))
}

impl Registry {
    /// Does what makes one change, unless that was done before. Without a key it is simply done.
    ///
    /// # Errors
    /// What `work` fails with; [`RegistryError::KeyReused`], [`RegistryError::TooManyOnce`].
    pub fn once<T, E: From<RegistryError>>(
        &self,
        once: Option<Once>,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<Done<T>, E> {
        PENDING.set(once.map(Pending::Wanted));
        let _cleared = Cleared;
        work().map(Done::Now).or_else(|error| match PENDING.take() {
            Some(Pending::Found(made)) => Ok(Done::Before(made)),
            _ => Err(error),
        })
    }
}
