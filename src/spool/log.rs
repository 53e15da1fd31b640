//! The spool as the rest of the program sees it.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::aside::{self, AsideError, Refusal};
use super::commit::Append;
use super::config::{Config, MAX_FRAME_BYTES};
use super::disk::System;
use super::error::{AppendError, FreeError, OpenError, ReadError};
use super::frame;
use super::identity::failed;
use super::segment::Segment;
use super::shared::Shared;
use super::submission::Submission;
use super::writer::Writer;
use crate::clock::SharedClock;
use crate::ids::{CollectorId, SegmentId, SiteId};
use crate::outcome::RefusedReason;

thread_local! {
    /// Where a worker encodes, so that the shared buffer is locked for no longer than a copy takes.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Largest scratch buffer that a worker keeps.
const SCRATCH_BYTES: usize = 256 << 10;

/// The log of one collector. Shared by all workers behind an `Arc`.
#[derive(Debug)]
pub struct Spool {
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Spool {
    /// Takes the directory, finds what an earlier process left there, and starts the writer.
    ///
    /// # Errors
    /// [`OpenError`] if another process has the directory, if it cannot be written, or if what is there was
    /// written by another version.
    pub fn open(config: Config, clock: SharedClock) -> Result<Self, OpenError> {
        tracing::info!(dir = %config.dir.display(), durability = %config.durability, "opening the log");
        let shared = Arc::new(Shared::open(Arc::new(System), config, clock)?);
        let writer = Writer::new(Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("spool-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(failed("start the writer of", &shared.config.dir))?;
        Ok(Self {
            shared,
            writer: Mutex::new(Some(thread)),
        })
    }

    /// Whose spool it is: the collector of every segment written here.
    pub fn collector(&self) -> CollectorId {
        self.shared.identity.collector()
    }

    /// Hands a submission to the writer. The future resolves when it is durable, wholly, or when it is known
    /// that it will not be: then nothing of it is delivered. Encodes on the calling thread and does not block.
    pub fn append(&self, submission: Submission) -> Append {
        let shared = &self.shared;
        if submission.tally.received() == 0 {
            // An empty array: there is nothing to lose.
            return Append::known(Ok(()));
        }
        if shared.pool.is_full() {
            return Append::known(Err(AppendError::Full));
        }
        let pushed = SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear();
            let now = shared.clock.monotonic();
            let wants = |hash| shared.policies.wants(&submission.site, hash, now);
            let policies = frame::open(scratch, |out| submission.put(out, wants));
            let pushed = if scratch.len() > MAX_FRAME_BYTES {
                Err(AppendError::TooLarge)
            } else {
                shared.pending.push(scratch, &policies)
            };
            scratch.shrink_to(SCRATCH_BYTES);
            pushed
        });
        match pushed {
            Ok(batch) => Append::waiting(batch, Arc::clone(&shared.waiters)),
            Err(error) => Append::known(Err(error)),
        }
    }

    /// Counts a submission that was folded unread. It is durable with the next commit, a millisecond or two later;
    /// nobody waits for that.
    ///
    /// # Errors
    /// [`AppendError::Full`] if the disk budget is used up, [`AppendError::Closed`] if the spool is closed.
    pub fn count_folded(&self, site: &SiteId) -> Result<(), AppendError> {
        if self.shared.pool.is_full() {
            return Err(AppendError::Full);
        }
        if self.shared.unread.count(site) {
            self.shared.pending.expect()?;
        }
        Ok(())
    }

    /// Counts a refusal. Best effort: written about once a second, lost in a crash before that.
    pub fn count_refused(&self, site: Option<&SiteId>, reason: RefusedReason) {
        self.shared.refused.count(site, reason);
    }

    /// The next closed segment, in order, once there is one. `None` when the spool is closed and all were
    /// taken. What was taken and not freed comes again after a restart.
    pub async fn next_segment(&self) -> Option<Segment> {
        let segment = self.shared.queue.next().await;
        // The one being written may have waited for this one to be taken.
        self.shared.pending.nudge();
        segment
    }

    /// Gives a segment's file free, durably: ClickHouse has made its rows durable. A damaged file is set aside.
    /// Blocks for one sync.
    ///
    /// # Errors
    /// [`FreeError`] if it was freed already or its file cannot be written.
    pub fn free(&self, id: SegmentId) -> Result<(), FreeError> {
        self.shared.free(id)
    }

    /// Takes back a segment that could not be read. If the disk said no, it comes again behind the others; if
    /// its file does not hold it any more, the file is kept as `*.corrupt`, which is said in the log and counted.
    pub fn give_up(&self, segment: Segment, error: &ReadError) {
        self.shared.give_up(segment, error);
    }

    /// Moves a segment out of the way of those behind it, durably, because it cannot be delivered as it is. It
    /// stays in `set-aside/` until it is [inserted again](super::StoredSegment). Blocks for some syncs.
    ///
    /// # Errors
    /// [`AsideError`]; then it is still one of the spool's.
    pub fn set_aside(&self, id: SegmentId, refusal: Refusal) -> Result<(), AsideError> {
        let shared = &self.shared;
        let segment = shared.queue.held(id).ok_or(AsideError::Unknown(id))?;
        let place = (shared.config.dir.as_path(), shared.config.max_bytes);
        aside::keep(place, &segment, refusal, shared.clock.now())?;
        shared.queue.remove(id);
        shared.pool.forget(segment.bytes);
        Ok(())
    }

    /// Overwrites what freed segments left behind in their files, which wait to be used again. The file that is
    /// being written is not touched. Blocks for as long as writing a few files takes.
    pub fn scrub(&self) {
        self.shared.pool.scrub();
    }

    /// How many closed segments are not freed yet.
    pub fn num_held(&self) -> usize {
        self.shared.queue.num_held()
    }

    /// Closes the segment being written without waiting for its age, once all that came before is committed.
    pub fn cut(&self) {
        self.shared.pending.cut();
    }

    /// Whether appends are refused because the disk budget is used up.
    pub fn is_full(&self) -> bool {
        self.shared.pool.is_full()
    }

    /// Whether a submission that came now could be made durable.
    ///
    /// # Errors
    /// One sentence on why it could not: the budget is used up, or what the disk said at the last commit.
    pub fn check(&self) -> Result<(), String> {
        if self.is_full() {
            return Err("the disk budget is used up: ClickHouse is away, or too slow".to_owned());
        }
        self.shared.trouble.said().map_or(Ok(()), Err)
    }

    /// Commits what waits, closes the segment and ends the writer. Appends are refused from now on; segments
    /// can still be taken and freed.
    pub fn close(&self) {
        self.shared.pending.close();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.take().is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("the spool's writer ended with a panic");
        }
        self.shared.pool.close();
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.close();
    }
}
