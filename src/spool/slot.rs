//! The waiting futures of one thread.

use std::sync::Arc;
use std::task::Waker;

use super::commit::Batch;

/// A future that waits for a batch.
pub(super) struct Waiter {
    id: u64,
    batch: Arc<Batch>,
    /// Who is to be woken.
    pub(super) waker: Waker,
}

/// The futures of one thread.
#[derive(Default)]
pub(super) struct Slot {
    waiting: Vec<Option<Waiter>>,
    free: Vec<usize>,
    next_id: u64,
    /// The future that was woken and will wake the others.
    pub(super) leader: Option<u64>,
}

/// Where a waiting future stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// In the list of which thread.
    pub(super) slot: usize,
    /// Where in the list.
    pub(super) index: usize,
    /// Which of those that stood there.
    pub(super) id: u64,
}

impl Slot {
    /// Adds a future; where it stands, and its id.
    pub(super) fn enter(&mut self, batch: &Arc<Batch>, waker: &Waker) -> (usize, u64) {
        let id = self.next_id;
        self.next_id += 1;
        let waiter = Waiter {
            id,
            batch: Arc::clone(batch),
            waker: waker.clone(),
        };
        let index = self.free.pop().unwrap_or_else(|| {
            self.waiting.push(None);
            self.waiting.len() - 1
        });
        if let Some(place) = self.waiting.get_mut(index) {
            *place = Some(waiter);
        }
        (index, id)
    }

    /// The future that stands there, if it still does.
    pub(super) fn waiter(&mut self, place: Place) -> Option<&mut Waiter> {
        let waiter = self.waiting.get_mut(place.index)?.as_mut()?;
        (waiter.id == place.id).then_some(waiter)
    }

    /// Takes out whatever stands there.
    pub(super) fn leave(&mut self, index: usize) -> Option<Waiter> {
        let waiter = self.waiting.get_mut(index)?.take();
        if waiter.is_some() {
            self.free.push(index);
        }
        waiter
    }

    /// Takes out one settled future, which is to wake the others.
    pub(super) fn take_leader(&mut self) -> Option<Waker> {
        let index = self.waiting.iter().position(is_settled)?;
        let leader = self.leave(index)?;
        self.leader = Some(leader.id);
        Some(leader.waker)
    }

    /// Takes out all settled futures.
    pub(super) fn take_settled(&mut self) -> Vec<Waker> {
        let mut settled = Vec::new();
        for (index, place) in self.waiting.iter_mut().enumerate() {
            if let Some(waiter) = place.take_if(|waiter| waiter.batch.result().is_some()) {
                self.free.push(index);
                settled.push(waiter.waker);
            }
        }
        settled
    }
}

fn is_settled(place: &Option<Waiter>) -> bool {
    let settled = |waiter: &Waiter| waiter.batch.result().is_some();
    place.as_ref().is_some_and(settled)
}
