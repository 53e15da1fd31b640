//! A commit as those see it who wait for it: the [`Batch`] that it settles and the future [`Append`].

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use super::error::AppendError;
use super::slot::Place;
use super::waiters::Waiters;

/// One commit, as those see it who wait for it.
#[derive(Debug, Default)]
pub(super) struct Batch(AtomicU8);

const PENDING: u8 = 0;
const DURABLE: u8 = 1;
const FAILED: u8 = 2;
const FULL: u8 = 3;

impl Batch {
    /// Says how it ended. Only the first answer counts.
    pub(super) fn settle(&self, result: Result<(), AppendError>) {
        let state = match result {
            Ok(()) => DURABLE,
            Err(AppendError::Full) => FULL,
            Err(_) => FAILED,
        };
        // Release: whoever sees the answer sees all that led to it.
        _ = self
            .0
            .compare_exchange(PENDING, state, Ordering::Release, Ordering::Relaxed);
    }

    /// How it ended, if it did.
    pub(super) fn result(&self) -> Option<Result<(), AppendError>> {
        match self.0.load(Ordering::Acquire) {
            PENDING => None,
            DURABLE => Some(Ok(())),
            FULL => Some(Err(AppendError::Full)),
            _ => Some(Err(AppendError::Failed)),
        }
    }
}

/// Resolves when the submission is durable, or known not to be. Dropping it does not take the submission back.
#[derive(Debug)]
#[must_use = "nothing is promised before this resolves"]
pub struct Append {
    state: State,
}

#[derive(Debug)]
enum State {
    Known(Result<(), AppendError>),
    Waiting {
        batch: Arc<Batch>,
        waiters: Arc<Waiters>,
        place: Option<Place>,
    },
}

impl Append {
    /// Nobody need wait.
    pub(super) fn known(result: Result<(), AppendError>) -> Self {
        Self {
            state: State::Known(result),
        }
    }

    /// Is part of this batch.
    pub(super) fn waiting(batch: Arc<Batch>, waiters: Arc<Waiters>) -> Self {
        Self {
            state: State::Waiting {
                batch,
                waiters,
                place: None,
            },
        }
    }
}

impl Future for Append {
    type Output = Result<(), AppendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (batch, waiters, place) = match &mut self.state {
            State::Known(result) => return Poll::Ready(*result),
            State::Waiting {
                batch,
                waiters,
                place,
            } => (batch, waiters, place),
        };
        if batch.result().is_none()
            && let Some(waits) = waiters.wait(*place, batch, context.waker())
        {
            *place = Some(waits);
            return Poll::Pending;
        }
        if let Some(place) = place.take() {
            waiters.leave(place);
        }
        Poll::Ready(batch.result().unwrap_or(Err(AppendError::Failed)))
    }
}

impl Drop for Append {
    fn drop(&mut self) {
        if let State::Waiting {
            waiters,
            place: Some(place),
            ..
        } = &self.state
        {
            waiters.leave(*place);
        }
    }
}
