//! What the workers, the writer and the store share.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::aside;
use super::config::{Config, MIN_SEGMENT_BYTES};
use super::damage::{self, Sized};
use super::disk::Disk;
use super::error::{FreeError, OpenError, ReadError};
use super::frame::HEAD_BYTES;
use super::header::HEADER_BYTES;
use super::identity::Identity;
use super::pending::Pending;
use super::policies::Policies;
use super::pool::Pool;
use super::queue::Queue;
use super::recover;
use super::refused::Refused;
use super::segment::Segment;
use super::trouble::Trouble;
use super::unread::Unread;
use super::waiters::Waiters;
use crate::clock::SharedClock;
use crate::ids::SegmentId;

/// An open spool, without its writer.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) config: Config,
    pub(super) clock: SharedClock,
    pub(super) identity: Identity,
    pub(super) pool: Arc<Pool>,
    pub(super) pending: Pending,
    pub(super) waiters: Arc<Waiters>,
    pub(super) queue: Queue,
    pub(super) policies: Policies,
    pub(super) refused: Refused,
    pub(super) unread: Unread,
    pub(super) trouble: Trouble,
}

impl Shared {
    /// Takes the directory and finds what an earlier process left there.
    pub(super) fn open(
        disk: Arc<dyn Disk>,
        config: Config,
        clock: SharedClock,
    ) -> Result<Self, OpenError> {
        let two = config.segment_bytes.checked_mul(2);
        if config.segment_bytes < MIN_SEGMENT_BYTES || two.is_none_or(|two| two > config.max_bytes)
        {
            return Err(OpenError::Sizes {
                max_bytes: config.max_bytes,
                segment_bytes: config.segment_bytes,
                least: MIN_SEGMENT_BYTES,
            });
        }
        let identity = Identity::take(&*disk, &config.dir)?;
        let mut found = recover::recover(&disk, &config)?;
        aside::measure(&config.dir, config.max_bytes);
        let queue = Queue::default();
        for segment in std::mem::take(&mut found.waiting) {
            queue.push(segment);
        }
        let damaged = std::mem::take(&mut found.damaged);
        let pool = Pool::new(Arc::clone(&disk), &config, found);
        for Sized { path, bytes } in damaged {
            // It is tried again each second, and keeps nobody from taking reports meanwhile.
            if let Err(error) = pool.set_aside(&path, bytes) {
                tracing::warn!(path = %path.display(), %error, "a damaged segment file is not set aside yet");
            }
        }
        let commit_bytes = usize::try_from(config.segment_bytes).unwrap_or(usize::MAX);
        Ok(Self {
            disk,
            pool,
            pending: Pending::new(commit_bytes - HEADER_BYTES - HEAD_BYTES),
            waiters: Arc::new(Waiters::default()),
            queue,
            policies: Policies::default(),
            refused: Refused::default(),
            unread: Unread::default(),
            trouble: Trouble::default(),
            identity,
            config,
            clock,
        })
    }

    /// Gives a segment's file free, durably.
    pub(super) fn free(&self, id: SegmentId) -> Result<(), FreeError> {
        let segment = self.queue.remove(id).ok_or(FreeError::Unknown(id))?;
        let result = if segment.corrupt.load(Ordering::Relaxed) {
            self.pool.set_aside(&segment.path, segment.bytes)
        } else {
            self.pool.give_back(&segment.path, segment.bytes)
        };
        result.map_err(|source| FreeError::Io {
            path: segment.path,
            source,
        })
    }

    /// A segment that was taken and could not be read: behind the others if the disk may think better of it,
    /// and set aside if the file does not hold it.
    pub(super) fn give_up(&self, segment: Segment, error: &ReadError) {
        match error {
            ReadError::Io { .. } => self.queue.push(segment),
            ReadError::Gone { id, path } => {
                tracing::error!(%id, path = %path.display(), "the file of a segment does not hold it: the segment is given up, and the file is kept as *.corrupt");
                damage::count("gone");
                segment.corrupt.store(true, Ordering::Relaxed);
                if let Err(error) = self.free(*id) {
                    tracing::error!(%error, "a damaged file is not set aside");
                }
            }
        }
    }
}
