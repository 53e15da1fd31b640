//! Whether the disk takes commits, as of the last one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the disk said at the last commit, if it failed.
#[derive(Debug, Default)]
pub(super) struct Trouble(Mutex<Option<String>>);

impl Trouble {
    /// A commit failed.
    pub(super) fn set(&self, said: String) {
        *self.lock() = Some(said);
    }

    /// A commit succeeded.
    pub(super) fn clear(&self) {
        *self.lock() = None;
    }

    /// What was said.
    pub(super) fn said(&self) -> Option<String> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
