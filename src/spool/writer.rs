//! The one thread that writes: commits, closes segments, looks after what time brings.

use std::sync::Arc;
use std::time::Duration;

use super::error::AppendError;
use super::pending::{Gathering, Work};
use super::segments::{Segments, WriteError};
use super::shared::Shared;
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
    shared: Arc<Shared>,
    segments: Segments,
    /// When the last commit began.
    committed: Duration,
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
            ticked: shared.clock.monotonic(),
            complained: None,
            stragglers: false,
            shared,
        }
    }

    /// Works until the spool is closed.
    pub(super) fn run(mut self) {
        loop {
            match self.shared.pending.next(self.window(), self.idle()) {
                Work::Commit(gathering) => self.commit(gathering),
                Work::Cut => self.close_segment(),
                Work::Tick => self.wake_stragglers(),
                Work::Close => break,
            }
            self.tick();
        }
        self.close_segment();
    }

    /// How long to wait for more frames: nothing after a quiet moment, else until a window has passed since
    /// the last commit began.
    fn window(&self) -> Duration {
        let since = self.shared.clock.monotonic().saturating_sub(self.committed);
        self.shared.config.max_window.saturating_sub(since)
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
        let result = self.write(&mut gathering.frames);
        if result.is_ok() {
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
        self.segments.commit(frames).map_err(|error| {
            let kind = Kind { kind: error.kind() };
            let failures = &metrics::get().spool_commit_failures;
            failures.get_or_create(&kind).inc();
            self.complain(&error);
            error.answer()
        })
    }

    /// Writes the refusals and closes the segment.
    fn close_segment(&mut self) {
        self.write_refused();
        self.segments.close();
    }

    fn write_refused(&mut self) {
        let Some(refused) = self.shared.refused.drain() else {
            return;
        };
        let mut frames = Vec::new();
        refused.put(&mut frames, self.shared.clock.now());
        if self.write(&mut frames).is_err() {
            self.shared.refused.restore(&refused);
        }
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
            tracing::error!(%error, "a commit of the spool failed; its submissions are refused");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::spool::active::Active;
    use crate::spool::config::Config;
    use crate::spool::frame;
    use crate::spool::pool::SegmentFile;
    use crate::spool::submission::put_counts;

    /// A spool whose writer is driven by hand.
    fn writer(dir: &TempDir) -> Writer {
        let config = Config {
            segment_bytes: 16 << 10,
            max_bytes: 1 << 20,
            max_window: Duration::ZERO,
            ..Config::new(dir.path())
        };
        let shared = Shared::open(config, ManualClock::at(Timestamp(0))).unwrap();
        Writer::new(Arc::new(shared))
    }

    fn push(writer: &Writer, name: &str) -> Arc<crate::spool::commit::Batch> {
        let mut frame = Vec::new();
        frame::open(&mut frame, |out| {
            put_counts(
                out,
                name,
                Timestamp(0),
                [(["stored", "", "", ""], 1)].into_iter(),
            );
        });
        writer.shared.pending.push(&frame, &[]).unwrap()
    }

    fn commit(writer: &mut Writer) {
        match writer.shared.pending.next(Duration::ZERO, Duration::ZERO) {
            Work::Commit(gathering) => writer.commit(gathering),
            other => panic!("{other:?}"),
        }
    }

    async fn names(writer: &Writer) -> Vec<String> {
        let segment = writer.shared.queue.next().await.expect("one is there");
        let outcomes = segment.contents().unwrap().outcomes;
        outcomes.into_iter().map(|count| count.site).collect()
    }

    /// A device that takes every byte and cannot be synced.
    fn unsyncable() -> SegmentFile {
        SegmentFile {
            path: PathBuf::from("/nonexistent/segment"),
            bytes: 16 << 10,
            file: File::options().write(true).open("/dev/null").unwrap(),
        }
    }

    #[tokio::test]
    async fn what_gathers_while_the_disk_is_busy_is_one_commit() {
        let dir = TempDir::new().unwrap();
        let mut writer = writer(&dir);
        let batches: Vec<_> = (0..100)
            .map(|n| push(&writer, &format!("s{n:02}")))
            .collect();
        commit(&mut writer);
        assert!(batches.iter().all(|batch| batch.result() == Some(Ok(()))));
        let next = writer.shared.pending.next(Duration::ZERO, Duration::ZERO);
        assert!(matches!(next, Work::Tick), "nothing is left");
        writer.segments.close();
        assert_eq!(names(&writer).await.len(), 100);
    }

    #[tokio::test]
    async fn a_failed_sync_is_never_reported_as_success() {
        let dir = TempDir::new().unwrap();
        let mut writer = writer(&dir);
        let id = writer.shared.identity.segment(9);
        let bad = Active::new(id, unsyncable(), Timestamp(0), Duration::ZERO);
        writer.segments.set_active(bad);
        let lost = push(&writer, "lost");
        commit(&mut writer);
        assert_eq!(lost.result(), Some(Err(AppendError::Failed)));
        assert!(writer.shared.queue.is_empty(), "it holds nothing durable");
        let kept = push(&writer, "kept");
        commit(&mut writer);
        assert_eq!(kept.result(), Some(Ok(())), "a new segment is used");
        writer.segments.close();
        assert_eq!(names(&writer).await, ["kept"]);
    }

    #[tokio::test]
    async fn what_was_durable_before_an_error_is_delivered_and_nothing_else() {
        let dir = TempDir::new().unwrap();
        let mut writer = writer(&dir);
        push(&writer, "before");
        commit(&mut writer);
        writer.segments.break_active();
        let lost = push(&writer, "lost");
        commit(&mut writer);
        assert_eq!(lost.result(), Some(Err(AppendError::Failed)));
        assert_eq!(names(&writer).await, ["before"]);
    }

    #[tokio::test]
    async fn refusals_that_cannot_be_written_are_kept() {
        let dir = TempDir::new().unwrap();
        let mut writer = writer(&dir);
        let refused = &writer.shared.refused;
        refused.count(None, crate::outcome::RefusedReason::Timeout);
        let id = writer.shared.identity.segment(9);
        let bad = Active::new(id, unsyncable(), Timestamp(0), Duration::ZERO);
        writer.segments.set_active(bad);
        writer.write_refused();
        writer.close_segment();
        let segment = writer.shared.queue.next().await.unwrap();
        let outcomes = segment.contents().unwrap().outcomes;
        assert_eq!(outcomes.len(), 1);
        assert_eq!(
            (outcomes[0].reason.as_str(), outcomes[0].count),
            ("timeout", 1)
        );
    }

    #[test]
    fn a_writer_that_is_gone_leaves_nobody_waiting() {
        let dir = TempDir::new().unwrap();
        let writer = writer(&dir);
        let shared = Arc::clone(&writer.shared);
        let batch = push(&writer, "late");
        drop(writer);
        assert_eq!(batch.result(), Some(Err(AppendError::Failed)));
        let closed = shared.pending.push(b"frame", &[]);
        assert!(matches!(closed, Err(AppendError::Closed)));
    }

    #[test]
    fn the_queue_before_the_writer_is_bounded() {
        let dir = TempDir::new().unwrap();
        let writer = writer(&dir);
        let frame = vec![0; 1 << 20];
        let pushed = (0..64)
            .take_while(|_| writer.shared.pending.push(&frame, &[]).is_ok())
            .count();
        assert_eq!(pushed, crate::spool::MAX_PENDING_BYTES >> 20);
        assert!(
            fs::read_dir(dir.path()).unwrap().count() >= 2,
            "lock and identity"
        );
    }
}
