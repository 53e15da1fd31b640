//! The first seconds of the process: whoever waits for `/readyz` finds the tables in place as well.
//!
//! The rule: it only delays. ClickHouse being away never keeps a collector from being ready for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::clock::SharedClock;

/// The longest that readiness waits for the tables.
const LONGEST: Duration = Duration::from_secs(5);

/// Whether the first seconds are over.
#[derive(Debug)]
pub(super) struct Warmup {
    clock: SharedClock,
    started: Duration,
    done: AtomicBool,
}

impl Warmup {
    /// Begins now.
    pub(super) fn begin(clock: &SharedClock) -> Arc<Self> {
        let clock = SharedClock::clone(clock);
        Arc::new(Self {
            started: clock.monotonic(),
            clock,
            done: AtomicBool::new(false),
        })
    }

    /// The tables are in place.
    pub(super) fn done(&self) {
        self.done.store(true, Ordering::Relaxed);
    }

    /// What is still waited for.
    ///
    /// # Errors
    /// A sentence, while it is.
    pub(super) fn check(&self) -> Result<(), String> {
        let waited = self.clock.monotonic().saturating_sub(self.started);
        if self.done.load(Ordering::Relaxed) || waited >= LONGEST {
            return Ok(());
        }
        Err("starting: the tables are being looked at".to_owned())
    }
}
