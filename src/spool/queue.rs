//! Closed segments: those that wait to be taken, in order, and those that are out and not yet freed.

use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::segment::Segment;
use crate::clock::Timestamp;
use crate::ids::SegmentId;
use crate::metrics;

/// Every closed segment until it is freed. Its length is bounded by the disk budget.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Segment>,
    held: BTreeMap<SegmentId, Segment>,
    closed: bool,
}

impl Queue {
    /// Adds a segment behind the others.
    pub(super) fn push(&self, segment: Segment) {
        let mut state = self.lock();
        state.held.insert(segment.id, segment.clone());
        state.waiting.push_back(segment);
        count(&state);
        drop(state);
        self.changed.notify_waiters();
    }

    /// Whether every closed segment was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    /// Takes the first segment, once there is one; `None` when there will be no more.
    pub(super) async fn next(&self) -> Option<Segment> {
        loop {
            let mut changed = pin!(self.changed.notified());
            // Enabled before looking, so that a change between the look and the wait is not missed.
            changed.as_mut().enable();
            let (segment, closed) = {
                let mut state = self.lock();
                (state.waiting.pop_front(), state.closed)
            };
            if segment.is_some() || closed {
                return segment;
            }
            changed.await;
        }
    }

    /// Forgets a segment and hands it back.
    pub(super) fn remove(&self, id: SegmentId) -> Option<Segment> {
        let mut state = self.lock();
        let segment = state.held.remove(&id);
        state.waiting.retain(|segment| segment.id != id);
        count(&state);
        segment
    }

    /// A segment that is not freed yet.
    pub(super) fn held(&self, id: SegmentId) -> Option<Segment> {
        self.lock().held.get(&id).cloned()
    }

    /// How many are not freed yet.
    pub(super) fn num_held(&self) -> usize {
        self.lock().held.len()
    }

    /// When the oldest of them was opened.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        let state = self.lock();
        state.held.values().map(|segment| segment.opened_at).min()
    }

    /// The first segment, which stays where it is.
    #[cfg(test)]
    pub(super) fn peek(&self) -> Option<Segment> {
        self.lock().waiting.front().cloned()
    }

    /// There will be no more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(state: &State) {
    let held = i64::try_from(state.held.len()).unwrap_or(i64::MAX);
    metrics::get().spool_segments_waiting.set(held);
}
