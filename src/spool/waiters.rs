//! Who waits for a commit, and how few wake-ups it takes to tell them.
//!
//! Waking a task of another thread costs a system call; waking one of the own thread costs nothing to speak
//! of. So waiting futures are kept in a list per thread. After a commit the writer wakes *one* settled future
//! of each list, the leader; the leader's poll, which runs on that thread, wakes the others there. A leader
//! that is dropped before it is polled wakes them from its `drop`. Should a leader be neither polled nor
//! dropped, the writer wakes the rest itself at its next idle moment. Nothing here depends on which runtime
//! polls: with a runtime that moves tasks between threads it is only less thrifty.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use super::commit::Batch;
use super::slot::{Place, Slot};

/// Lists of waiting futures. Threads beyond this number share them.
const SLOTS: usize = 64;

thread_local! {
    static SLOT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The list of the thread that runs this.
fn own_slot() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    SLOT.get().unwrap_or_else(|| {
        let slot = THREADS.fetch_add(1, Ordering::Relaxed) % SLOTS;
        SLOT.set(Some(slot));
        slot
    })
}

/// All waiting futures of a spool.
pub(super) struct Waiters {
    slots: Vec<Mutex<Slot>>,
}

impl Default for Waiters {
    fn default() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| Mutex::default()).collect(),
        }
    }
}

impl fmt::Debug for Waiters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiters").finish_non_exhaustive()
    }
}

impl Waiters {
    /// To be called once a batch is settled: wakes one future of each thread. Returns how many it woke.
    pub(super) fn wake_leaders(&self) -> usize {
        let mut woken = 0;
        for index in 0..self.slots.len() {
            let leader = self.slot(index).take_leader();
            if let Some(waker) = leader {
                waker.wake();
                woken += 1;
            }
        }
        woken
    }

    /// Wakes every settled future, for leaders that did not.
    pub(super) fn wake_all(&self) {
        for index in 0..self.slots.len() {
            self.relay(index);
        }
    }

    fn relay(&self, slot: usize) {
        // The lock is released first: a waker may run code that takes it.
        let settled = self.slot(slot).take_settled();
        for waker in settled {
            waker.wake();
        }
    }

    /// Waits for the batch, in the place it had before if it had one; `None` if it is settled by now.
    pub(super) fn wait(
        &self,
        place: Option<Place>,
        batch: &Arc<Batch>,
        waker: &Waker,
    ) -> Option<Place> {
        let at = place.map_or_else(own_slot, |place| place.slot);
        let mut slot = self.slot(at);
        // Under the lock: the writer settles first and locks then, so it sees whoever missed its answer.
        if batch.result().is_some() {
            return None;
        }
        if let Some(waiter) = place.and_then(|place| slot.waiter(place)) {
            waiter.waker.clone_from(waker);
            return place;
        }
        let (index, id) = slot.enter(batch, waker);
        Some(Place {
            slot: at,
            index,
            id,
        })
    }

    /// Stops waiting. A leader wakes the others.
    pub(super) fn leave(&self, place: Place) {
        let mut slot = self.slot(place.slot);
        if slot.waiter(place).is_some() {
            drop(slot.leave(place.index));
        }
        if slot.leader == Some(place.id) {
            slot.leader = None;
            drop(slot);
            self.relay(place.slot);
        }
    }

    fn slot(&self, index: usize) -> MutexGuard<'_, Slot> {
        let slot = self
            .slots
            .get(index)
            .expect("a slot's index is below SLOTS");
        slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::AtomicU32;
    use std::task::{Context, Poll, Wake};

    use super::*;
    use crate::spool::commit::Append;
    use crate::spool::error::AppendError;

    /// A task that counts how often it is woken.
    #[derive(Default)]
    struct Task(AtomicU32);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    struct Waiting {
        append: Option<Append>,
        task: Arc<Task>,
    }

    impl Waiting {
        fn poll(&mut self) -> Poll<Result<(), AppendError>> {
            let waker = Waker::from(Arc::clone(&self.task));
            let append = self.append.as_mut().expect("not dropped");
            Pin::new(append).poll(&mut Context::from_waker(&waker))
        }

        fn woken(&self) -> u32 {
            self.task.0.load(Ordering::Relaxed)
        }
    }

    fn wait_for(waiters: &Arc<Waiters>, batch: &Arc<Batch>, n: usize) -> Vec<Waiting> {
        (0..n)
            .map(|_| {
                let append = Append::waiting(Arc::clone(batch), Arc::clone(waiters));
                let mut waiting = Waiting {
                    append: Some(append),
                    task: Arc::default(),
                };
                assert!(waiting.poll().is_pending());
                assert!(
                    waiting.poll().is_pending(),
                    "being polled again is harmless"
                );
                waiting
            })
            .collect()
    }

    fn total(all: &[Waiting]) -> u32 {
        all.iter().map(Waiting::woken).sum()
    }

    fn leader(all: &[Waiting]) -> usize {
        let woken = all.iter().position(|waiting| waiting.woken() > 0);
        woken.expect("one was woken")
    }

    #[test]
    fn a_commit_wakes_one_and_that_one_the_others() {
        let waiters = Arc::new(Waiters::default());
        let (first, second) = (Arc::default(), Arc::default());
        let mut all = wait_for(&waiters, &first, 100);
        let later = wait_for(&waiters, &second, 10);
        first.settle(Ok(()));
        assert_eq!(waiters.wake_leaders(), 1);
        assert_eq!(total(&all), 1, "one system call for a hundred");
        let leader = leader(&all);
        assert_eq!(all[leader].poll(), Poll::Ready(Ok(())));
        for waiting in &mut all {
            assert_eq!(waiting.woken(), 1);
            assert_eq!(waiting.poll(), Poll::Ready(Ok(())));
        }
        assert_eq!(total(&later), 0, "theirs is another commit");
    }

    #[test]
    fn each_thread_has_a_leader() {
        let waiters = Arc::new(Waiters::default());
        let batch = Arc::new(Batch::default());
        let spawn = || {
            let (waiters, batch) = (Arc::clone(&waiters), Arc::clone(&batch));
            std::thread::spawn(move || wait_for(&waiters, &batch, 50))
        };
        let mut all: Vec<Waiting> = Vec::new();
        for thread in [spawn(), spawn()] {
            all.extend(thread.join().unwrap());
        }
        batch.settle(Err(AppendError::Full));
        assert_eq!(waiters.wake_leaders(), 2);
        for waiting in &mut all {
            assert_eq!(waiting.poll(), Poll::Ready(Err(AppendError::Full)));
        }
        assert_eq!(total(&all), 100);
    }

    #[test]
    fn a_leader_that_is_dropped_wakes_the_others() {
        let waiters = Arc::new(Waiters::default());
        let batch = Arc::default();
        let mut all = wait_for(&waiters, &batch, 20);
        drop(all[3].append.take());
        batch.settle(Ok(()));
        waiters.wake_leaders();
        let leader = leader(&all);
        drop(all[leader].append.take());
        assert_eq!(total(&all), 19, "all but the one that had gone before");
    }

    #[test]
    fn a_leader_that_does_nothing_is_helped_out() {
        let waiters = Arc::new(Waiters::default());
        let (first, second) = (Arc::default(), Arc::default());
        let all = wait_for(&waiters, &first, 20);
        first.settle(Ok(()));
        waiters.wake_leaders();
        assert_eq!(total(&all), 1);
        waiters.wake_all();
        assert_eq!(total(&all), 20);

        let all = wait_for(&waiters, &second, 2);
        second.settle(Ok(()));
        waiters.wake_leaders();
        waiters.wake_leaders();
        assert_eq!(total(&all), 2, "the next commit chooses another one");
    }

    #[test]
    fn whoever_asks_after_the_commit_need_not_wait() {
        let waiters = Arc::new(Waiters::default());
        let batch = Arc::new(Batch::default());
        batch.settle(Ok(()));
        batch.settle(Err(AppendError::Failed));
        let append = Append::waiting(batch, waiters);
        let mut waiting = Waiting {
            append: Some(append),
            task: Arc::default(),
        };
        assert_eq!(
            waiting.poll(),
            Poll::Ready(Ok(())),
            "the first answer counts"
        );
    }
}
