//! Frames that wait for the writer, and how the writer sleeps.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::commit::Batch;
use super::config::MAX_PENDING_BYTES;
use super::error::AppendError;
use crate::metrics::{self, gauged};

/// What one commit will write.
#[derive(Debug)]
pub(super) struct Gathering {
    /// The frames, their heads still open.
    pub(super) frames: Vec<u8>,
    /// How many.
    pub(super) count: usize,
    /// The policies whose rows are among them.
    pub(super) policies: Vec<u64>,
    /// Those who wait for it.
    pub(super) batch: Arc<Batch>,
}

impl Gathering {
    fn new(buffer: Vec<u8>) -> Self {
        Self {
            frames: buffer,
            count: 0,
            policies: Vec::new(),
            batch: Arc::default(),
        }
    }
}

impl Drop for Gathering {
    /// A commit that never came to its end has failed.
    fn drop(&mut self) {
        self.batch.settle(Err(AppendError::Failed));
    }
}

/// Frames of one commit from which on no more are waited for. Waking for a commit costs as much as some of them.
pub(super) const MANY: usize = 48;

/// How long to wait for more frames before a commit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    /// In any case.
    pub(super) least: Duration,
    /// After that, while there are few.
    pub(super) more: Duration,
}

/// What the writer is to do next.
#[derive(Debug)]
pub(super) enum Work {
    /// Commit this.
    Commit(Gathering),
    /// Close the segment, whatever its age.
    Cut,
    /// Look after things: time has passed or a segment was taken.
    Tick,
    /// Close all and end.
    Close,
}

/// The frames between the workers and the writer.
#[derive(Debug)]
pub(super) struct Pending {
    state: Mutex<State>,
    wake: Condvar,
    /// A commit goes into one segment, so it must not be larger than one.
    commit_bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    gathered: VecDeque<Gathering>,
    bytes: usize,
    spare: Vec<u8>,
    asleep: bool,
    /// The writer waits for [`MANY`] frames.
    patient: bool,
    nudged: bool,
    cut: bool,
    closing: bool,
}

impl State {
    fn are_few(&self) -> bool {
        self.gathered.back().is_some_and(|last| last.count < MANY)
    }

    fn show(&self) {
        metrics::get().spool_pending_bytes.set(gauged(self.bytes));
    }
}

impl Pending {
    /// Nothing yet. At most `commit_bytes` are gathered for one commit, unless one frame is larger.
    pub(super) fn new(commit_bytes: usize) -> Self {
        let limit = &metrics::get().spool_pending_bytes_limit;
        limit.set(gauged(MAX_PENDING_BYTES));
        Self {
            state: Mutex::default(),
            wake: Condvar::new(),
            commit_bytes,
        }
    }

    /// Adds a frame.
    pub(super) fn push(&self, frame: &[u8], policies: &[u64]) -> Result<Arc<Batch>, AppendError> {
        let mut state = self.lock();
        if state.closing {
            return Err(AppendError::Closed);
        }
        if state.bytes > 0 && state.bytes + frame.len() > MAX_PENDING_BYTES {
            return Err(AppendError::Busy);
        }
        state.bytes += frame.len();
        state.show();
        let fits = |last: &Gathering| last.frames.len() + frame.len() <= self.commit_bytes;
        if !state.gathered.back().is_some_and(fits) {
            let frames = std::mem::take(&mut state.spare);
            state.gathered.push_back(Gathering::new(frames));
        }
        let last = state
            .gathered
            .back_mut()
            .expect("one was added if there was none");
        last.frames.extend_from_slice(frame);
        last.count += 1;
        last.policies.extend_from_slice(policies);
        let batch = Arc::clone(&last.batch);
        if last.count >= MANY && std::mem::take(&mut state.patient) {
            state.asleep = true;
        }
        self.rouse(state);
        Ok(batch)
    }

    /// Makes the writer commit soon, although no frame came: it has one of its own to add.
    pub(super) fn expect(&self) -> Result<(), AppendError> {
        let mut state = self.lock();
        if state.closing {
            return Err(AppendError::Closed);
        }
        if state.gathered.is_empty() {
            let frames = std::mem::take(&mut state.spare);
            state.gathered.push_back(Gathering::new(frames));
        }
        self.rouse(state);
        Ok(())
    }

    /// Waits for work: at most `idle` if there is none, and for more frames before a commit as long as `window` says.
    pub(super) fn next(&self, window: Window, idle: Duration) -> Work {
        let mut state = self.lock();
        if state.gathered.is_empty() && !state.closing && !state.cut && !state.nudged {
            state.asleep = true;
            state = self.sleep(state, idle);
            state.asleep = false;
        }
        if state.gathered.len() == 1 && !state.closing && !window.least.is_zero() {
            // Not asleep: frames that come now must not wake the writer one by one.
            state = self.sleep(state, window.least);
        }
        if state.gathered.len() == 1 && !state.closing && !window.more.is_zero() && state.are_few()
        {
            state.patient = true;
            state = self.sleep(state, window.more);
            state.patient = false;
            state.asleep = false;
        }
        if let Some(gathering) = state.gathered.pop_front() {
            state.bytes -= gathering.frames.len();
            state.show();
            return Work::Commit(gathering);
        }
        state.nudged = false;
        if std::mem::take(&mut state.cut) {
            Work::Cut
        } else if state.closing {
            Work::Close
        } else {
            Work::Tick
        }
    }

    /// Takes a buffer back to be filled again.
    pub(super) fn recycle(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        buffer.shrink_to(self.commit_bytes.min(1 << 20));
        let mut state = self.lock();
        if state.spare.capacity() < buffer.capacity() {
            state.spare = buffer;
        }
    }

    /// Makes the writer look after things.
    pub(super) fn nudge(&self) {
        let mut state = self.lock();
        state.nudged = true;
        self.rouse(state);
    }

    /// Makes the writer close the segment once all that came before is committed.
    pub(super) fn cut(&self) {
        let mut state = self.lock();
        state.cut = true;
        self.rouse(state);
    }

    /// Takes no more.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.wake.notify_all();
    }

    /// Takes no more, and gives up what waits: the writer is gone.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        state.closing = true;
        state.gathered.clear();
    }

    /// Wakes the writer if it sleeps. A wake-up is a system call, so only one of many callers makes it.
    fn rouse(&self, mut state: MutexGuard<'_, State>) {
        let asleep = std::mem::take(&mut state.asleep);
        drop(state);
        if asleep {
            self.wake.notify_one();
        }
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.wake
            .wait_timeout(state, time)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
