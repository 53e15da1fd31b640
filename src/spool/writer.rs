//! The one thread that writes: commits, closes segments, looks after what time brings.

use std::sync::Arc;
use std::time::Duration;

use super::error::AppendError;
use super::pending::{Gathering, MANY, Window, Work};
use super::segments::{Segments, WriteError};
use super::shared::Shared;
use super::unread;
use crate::metrics::{self, Kind};

/// How often what is not urgent is done: refusals written, metrics set, errors logged.
const TICK: Duration = Duration::from_secs(1);
/// How long a leader has to wake the others before the writer does.
const STRAGGLERS: Duration = Duration::from_millis(20);
/// The shortest sleep.
const NAP: Duration = Duration::from_millis(1);

/// The writer's own state.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) segments: Segments,
    /// When the last commit began, and how many frames it had.
    committed: Duration,
    frames: usize,
    ticked: Duration,
    complained: Option<Duration>,
    /// Whether a leader may not have woken the others yet.
    stragglers: bool,
}

impl Drop for Writer {
    /// Also when it panics: nobody may wait for ever.
    fn drop(&mut self) {
        self.shared.pending.abandon();
        self.shared.waiters.wake_all();
        self.shared.queue.close();
    }
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            segments: Segments::new(Arc::clone(&shared)),
            committed: Duration::ZERO,
            frames: 0,
            ticked: shared.clock.monotonic(),
            complained: None,
            stragglers: false,
            shared,
        }
    }

    /// Works until the spool is closed.
    pub(super) fn run(mut self) {
        while self.step() {}
        self.close_segment();
    }

    /// Waits for work and does it; says whether more can come.
    pub(super) fn step(&mut self) -> bool {
        match self.shared.pending.next(self.window(), self.idle()) {
            Work::Commit(gathering) => self.commit(gathering),
            Work::Cut => self.close_segment(),
            Work::Tick => self.wake_stragglers(),
            Work::Close => return false,
        }
        self.tick();
        true
    }

    /// How long to wait for more frames: nothing after a quiet moment, else until a window has passed since
    /// the last commit began; twice that where many come, but for a commit that has as many already.
    fn window(&self) -> Window {
        let since = self.shared.clock.monotonic().saturating_sub(self.committed);
        let window = self.shared.config.max_window;
        let least = window.saturating_sub(since);
        let more = if self.frames >= MANY / 2 {
            (2 * window).saturating_sub(since).saturating_sub(least)
        } else {
            Duration::ZERO
        };
        Window { least, more }
    }

    fn idle(&self) -> Duration {
        let age = self.shared.config.segment_age;
        let until_closing = match self.segments.age() {
            Some(reached) if self.shared.queue.is_empty() => age.saturating_sub(reached),
            _ => TICK,
        };
        let most = if self.stragglers { STRAGGLERS } else { TICK };
        until_closing.clamp(NAP, most)
    }

    fn commit(&mut self, mut gathering: Gathering) {
        self.committed = self.shared.clock.monotonic();
        self.frames = gathering.count;
        let counted = self.put_unread(&mut gathering.frames);
        if gathering.frames.is_empty() {
            return;
        }
        let result = self.write(&mut gathering.frames);
        if result.is_err() {
            self.shared.unread.restore(counted);
        } else {
            let policies = &self.shared.policies;
            policies.mark(&gathering.policies, self.committed);
        }
        gathering.batch.settle(result);
        self.stragglers |= self.shared.waiters.wake_leaders() > 0;
        let buffer = std::mem::take(&mut gathering.frames);
        self.shared.pending.recycle(buffer);
    }

    /// Makes frames durable in one segment, or says why not.
    fn write(&mut self, frames: &mut [u8]) -> Result<(), AppendError> {
        let written = self.segments.commit(frames);
        if let Err(error) = &written {
            let kind = Kind { kind: error.kind() };
            let failures = &metrics::get().spool_commit_failures;
            failures.get_or_create(&kind).inc();
        }
        self.settled(&written);
        written.map_err(|error| error.answer())
    }

    /// Says in what state the disk is.
    fn settled(&mut self, written: &Result<(), WriteError>) {
        match written {
            Ok(()) => self.shared.trouble.clear(),
            // It says no more than what it repeats.
            Err(WriteError::Resting) => {}
            Err(error) => {
                if error.answer() == AppendError::Failed {
                    self.shared.trouble.set(error.to_string());
                }
                self.complain(error);
            }
        }
    }

    /// Writes the refusals and closes the segment.
    pub(super) fn close_segment(&mut self) {
        self.write_refused();
        self.segments.close();
    }

    /// Writes what is only counted.
    pub(super) fn write_refused(&mut self) {
        let mut frames = Vec::new();
        let counted = self.put_unread(&mut frames);
        let refused = self.shared.refused.drain();
        if let Some(refused) = &refused {
            refused.put(&mut frames, self.shared.clock.now());
        }
        if !frames.is_empty() && self.write(&mut frames).is_err() {
            self.shared.unread.restore(counted);
            if let Some(refused) = &refused {
                self.shared.refused.restore(refused);
            }
        }
    }

    /// Appends frames of what was folded unread, and gives what they count.
    fn put_unread(&self, frames: &mut Vec<u8>) -> unread::Counts {
        let counted = self.shared.unread.drain();
        unread::put(&counted, frames, self.shared.clock.now());
        counted
    }

    fn wake_stragglers(&mut self) {
        if std::mem::take(&mut self.stragglers) {
            self.shared.waiters.wake_all();
        }
    }

    fn tick(&mut self) {
        let shared = Arc::clone(&self.shared);
        let now = shared.clock.monotonic();
        if now.saturating_sub(self.ticked) >= TICK {
            self.ticked = now;
            shared.pool.tidy();
            if shared.trouble.said().is_some() {
                // Nobody may be sending any more: whoever balances the load asks `/readyz`.
                let probe = self.segments.probe();
                self.settled(&probe);
            }
            self.write_refused();
            let lag = shared.queue.oldest().map_or(0, |oldest| {
                shared.clock.now().0.saturating_sub(oldest.0).max(0)
            });
            let lag = Duration::from_millis(lag.unsigned_abs());
            metrics::get().spool_lag_seconds.set(lag.as_secs_f64());
        }
        let age = self.segments.age();
        if age.is_some_and(|age| age >= shared.config.segment_age) && shared.queue.is_empty() {
            self.close_segment();
        }
    }

    /// Logs an error, at most one a second.
    fn complain(&mut self, error: &WriteError) {
        let now = self.shared.clock.monotonic();
        if self
            .complained
            .is_none_or(|last| now.saturating_sub(last) >= TICK)
        {
            self.complained = Some(now);
            tracing::error!(%error, "the spool cannot be written: submissions are refused");
        }
    }
}
