//! What the workers, the writer and the store share.

use std::sync::Arc;

use super::aside;
use super::config::{Config, MIN_SEGMENT_BYTES};
use super::error::OpenError;
use super::frame::HEAD_BYTES;
use super::header::HEADER_BYTES;
use super::identity::Identity;
use super::pending::Pending;
use super::policies::Policies;
use super::pool::Pool;
use super::queue::Queue;
use super::recover;
use super::refused::Refused;
use super::waiters::Waiters;
use crate::clock::SharedClock;

/// An open spool, without its writer.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) clock: SharedClock,
    pub(super) identity: Identity,
    pub(super) pool: Arc<Pool>,
    pub(super) pending: Pending,
    pub(super) waiters: Arc<Waiters>,
    pub(super) queue: Queue,
    pub(super) policies: Policies,
    pub(super) refused: Refused,
}

impl Shared {
    /// Takes the directory and finds what an earlier process left there.
    pub(super) fn open(config: Config, clock: SharedClock) -> Result<Self, OpenError> {
        let two = config.segment_bytes.checked_mul(2);
        if config.segment_bytes < MIN_SEGMENT_BYTES || two.is_none_or(|two| two > config.max_bytes)
        {
            return Err(OpenError::Sizes {
                max_bytes: config.max_bytes,
                segment_bytes: config.segment_bytes,
                least: MIN_SEGMENT_BYTES,
            });
        }
        let identity = Identity::take(&config.dir)?;
        let found = recover::recover(&config)?;
        aside::measure(&config.dir, config.max_bytes);
        let queue = Queue::default();
        for segment in found.waiting {
            queue.push(segment);
        }
        let commit_bytes = usize::try_from(config.segment_bytes).unwrap_or(usize::MAX);
        Ok(Self {
            pool: Pool::new(&config, found.ready, found.bytes, found.next_name),
            pending: Pending::new(commit_bytes - HEADER_BYTES - HEAD_BYTES),
            waiters: Arc::new(Waiters::default()),
            queue,
            policies: Policies::default(),
            refused: Refused::default(),
            identity,
            config,
            clock,
        })
    }
}
