//! How many statements run at once. [`Slots`] is the type to know.
//!
//! Inserts have slots of their own, so that heavy reading never keeps reports from being stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Inserts that run at once.
pub(super) const MAX_INSERTS: usize = 8;
/// Other statements that run at once.
pub(super) const MAX_READS: usize = 8;
/// Requests of each kind that wait for a slot.
pub(super) const MAX_WAITING: usize = 64;
/// Seconds that a request waits for a slot.
pub(super) const WAIT_SECONDS: u64 = 10;

/// The right to run a statement, given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    _permit: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct Lane {
    free: Arc<Semaphore>,
    size: usize,
    waiting: AtomicUsize,
    patience: Duration,
}

impl Lane {
    fn new(size: usize, patience: Duration) -> Self {
        Self {
            free: Arc::new(Semaphore::new(size)),
            size,
            patience,
            waiting: AtomicUsize::new(0),
        }
    }

    async fn take(&self) -> Option<Slot> {
        let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() else {
            if self.waiting.fetch_add(1, Ordering::AcqRel) >= MAX_WAITING {
                self.waiting.fetch_sub(1, Ordering::AcqRel);
                return None;
            }
            let _place = Place(&self.waiting);
            let wait = Arc::clone(&self.free).acquire_owned();
            let permit = tokio::time::timeout(self.patience, wait).await.ok()?.ok()?;
            return Some(Slot { _permit: permit });
        };
        Some(Slot { _permit: permit })
    }

    fn in_use(&self) -> usize {
        self.size - self.free.available_permits()
    }

    /// Closes the lane and waits until every slot has come back.
    async fn drain(&self) {
        let all = u32::try_from(self.size).expect("a lane has few slots");
        if let Ok(permit) = self.free.acquire_many(all).await {
            permit.forget();
        }
        self.free.close();
    }
}

/// A place in the queue, also given up when the client leaves while waiting.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The slots of a face.
#[derive(Debug)]
pub(super) struct Slots {
    reads: Lane,
    inserts: Lane,
}

impl Slots {
    /// All free. A request waits this long for one.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            reads: Lane::new(MAX_READS, patience),
            inserts: Lane::new(MAX_INSERTS, patience),
        }
    }

    /// Waits for a slot; `None` if all are taken for too long, or too many wait.
    pub(super) async fn take(&self, insert: bool) -> Option<Slot> {
        if insert {
            self.inserts.take().await
        } else {
            self.reads.take().await
        }
    }

    /// Statements that run now.
    pub(super) fn in_use(&self) -> usize {
        self.reads.in_use() + self.inserts.in_use()
    }

    /// Waits until no statement runs; none starts afterwards.
    pub(super) async fn drain(&self) {
        self.reads.drain().await;
        self.inserts.drain().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all_reads(slots: &Slots) -> Vec<Slot> {
        let mut held = Vec::new();
        for _ in 0..MAX_READS {
            held.push(slots.take(false).await.expect("a slot is free"));
        }
        held
    }

    #[tokio::test]
    async fn a_wait_ends_and_inserts_do_not_wait_for_reads() {
        let slots = Slots::new(Duration::ZERO);
        let held = all_reads(&slots).await;
        assert_eq!(slots.in_use(), MAX_READS);
        assert!(
            slots.take(true).await.is_some(),
            "inserts have slots of their own"
        );
        assert!(slots.take(false).await.is_none(), "the wait ends");
        drop(held);
        assert_eq!(slots.in_use(), 0);
        assert!(slots.take(false).await.is_some(), "slots come back");
    }

    #[tokio::test]
    async fn the_queue_is_bounded_and_served() {
        let slots = Arc::new(Slots::new(Duration::from_secs(3_600)));
        let held = all_reads(&slots).await;
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| {
                let slots = Arc::clone(&slots);
                tokio::spawn(async move { slots.take(false).await.is_some() })
            })
            .collect();
        while slots.reads.waiting.load(Ordering::Acquire) < MAX_WAITING {
            tokio::task::yield_now().await;
        }
        // Would wait an hour if it took a place.
        assert!(slots.take(false).await.is_none(), "the queue is full");
        drop(held);
        for task in waiting {
            assert!(
                task.await.unwrap(),
                "a waiting request gets a slot that came back"
            );
        }
    }
}
