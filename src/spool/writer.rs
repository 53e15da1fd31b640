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
        while self.step() {}
        self.close_segment();
    }

    /// Waits for work and does it; says whether more can come.
    pub(super) fn step(&mut self) -> bool {
        match self.shared.pending.next(self.window(), self.idle()) {
            Work::Commit(gathering) => self.commit(gathering),
            Work::Cut => self.close_segment(),
            Work::Tick => self.wake_stragglers(),
            Work::Close => return false,
        }
        self.tick();
        true
    }

    /// Commits whose fate is unknown.
    #[cfg(test)]
    pub(super) fn doubts(&self) -> u64 {
        self.segments.doubts()
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
        let written = self.segments.commit(frames);
        if let Err(error) = &written {
            let kind = Kind { kind: error.kind() };
            let failures = &metrics::get().spool_commit_failures;
            failures.get_or_create(&kind).inc();
        }
        self.settled(&written);
        written.map_err(|error| error.answer())
    }

    /// Says in what state the disk is.
    fn settled(&mut self, written: &Result<(), WriteError>) {
        match written {
            Ok(()) => self.shared.trouble.clear(),
            // It says no more than what it repeats.
            Err(WriteError::Resting) => {}
            Err(error) => {
                if error.answer() == AppendError::Failed {
                    self.shared.trouble.set(error.to_string());
                }
                self.complain(error);
            }
        }
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
            shared.pool.tidy();
            if shared.trouble.said().is_some() {
                // Nobody may be sending any more: whoever balances the load asks `/readyz`.
                let probe = self.segments.probe();
                self.settled(&probe);
            }
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
            tracing::error!(%error, "the spool cannot be written: submissions are refused");
        }
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;
    use crate::clock::{ManualClock, SharedClock, Timestamp};
    use crate::spool::config::Config;
    use crate::spool::disk::Disk;
    use crate::spool::faulty::{Faulty, Op};
    use crate::spool::frame;
    use crate::spool::submission::put_counts;

    /// A spool whose writer is driven by hand.
    fn writer(disk: &Faulty) -> Writer {
        writer_at(disk, &ManualClock::at(Timestamp(0)))
    }

    fn writer_at(disk: &Faulty, clock: &Arc<ManualClock>) -> Writer {
        let config = Config {
            segment_bytes: 16 << 10,
            max_bytes: 1 << 20,
            max_window: Duration::ZERO,
            ..Config::new("spool")
        };
        let disk: Arc<dyn Disk> = Arc::new(disk.clone());
        let clock = Arc::clone(clock) as SharedClock;
        let shared = Shared::open(disk, config, clock).unwrap();
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

    fn commit(writer: &mut Writer, name: &str) -> Option<Result<(), AppendError>> {
        let batch = push(writer, name);
        writer.step();
        batch.result()
    }

    async fn names(writer: &Writer) -> Vec<String> {
        let segment = writer.shared.queue.next().await.expect("one is there");
        let outcomes = segment.contents().unwrap().outcomes;
        outcomes.into_iter().map(|count| count.site).collect()
    }

    #[tokio::test]
    async fn what_gathers_while_the_disk_is_busy_is_one_commit() {
        let mut writer = writer(&Faulty::new(1));
        let batches: Vec<_> = (0..100)
            .map(|n| push(&writer, &format!("s{n:02}")))
            .collect();
        writer.step();
        assert!(batches.iter().all(|batch| batch.result() == Some(Ok(()))));
        let next = writer.shared.pending.next(Duration::ZERO, Duration::ZERO);
        assert!(matches!(next, Work::Tick), "nothing is left");
        writer.segments.close();
        assert_eq!(names(&writer).await.len(), 100);
    }

    #[tokio::test]
    async fn a_failed_sync_is_never_reported_as_success() {
        let disk = Faulty::new(1);
        let mut writer = writer(&disk);
        assert_eq!(commit(&mut writer, "before"), Some(Ok(())));
        writer.segments.close();
        assert_eq!(names(&writer).await, ["before"]);
        // The file is there already, so that this is the sync of the commit.
        writer.segments.probe().unwrap();
        disk.fail_once(Op::Sync, Errno::IO);
        assert_eq!(commit(&mut writer, "lost"), Some(Err(AppendError::Failed)));
        assert!(writer.shared.queue.is_empty(), "it holds nothing durable");
        assert_eq!(commit(&mut writer, "kept"), Some(Ok(())), "in a new one");
        writer.segments.close();
        assert_eq!(names(&writer).await, ["kept"]);
    }

    #[tokio::test]
    async fn what_was_durable_before_an_error_is_delivered_and_nothing_else() {
        for (op, errno) in [(Op::Write, Errno::NOSPC), (Op::Sync, Errno::IO)] {
            for seed in 0..50 {
                let disk = Faulty::new(seed);
                let mut first = writer(&disk);
                assert_eq!(commit(&mut first, "before"), Some(Ok(())));
                disk.fail_once(op, errno);
                let lost = commit(&mut first, "lost");
                assert_eq!(lost, Some(Err(AppendError::Failed)));
                assert_eq!(commit(&mut first, "after"), Some(Ok(())));
                assert_eq!(names(&first).await, ["before"]);
                // What was refused was taken back: it does not come back after a crash.
                drop(first);
                disk.crash();
                let again = writer(&disk);
                assert_eq!(names(&again).await, ["before"], "{op:?}, seed {seed}");
                assert_eq!(names(&again).await, ["after"], "{op:?}, seed {seed}");
            }
        }
    }

    #[tokio::test]
    async fn refusals_that_cannot_be_written_are_kept() {
        let disk = Faulty::new(1);
        let mut writer = writer(&disk);
        let refused = &writer.shared.refused;
        refused.count(None, crate::outcome::RefusedReason::Timeout);
        disk.break_all(Op::Sync);
        writer.write_refused();
        disk.repair();
        writer.segments.probe().unwrap();
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
    fn a_disk_without_room_refuses_until_there_is_room() {
        for slow in [false, true] {
            let disk = Faulty::new(1);
            if slow {
                disk.be_slow();
            }
            let clock = ManualClock::at(Timestamp(0));
            let mut writer = writer_at(&disk, &clock);
            disk.fill_up(0);
            for _ in 0..3 {
                let refused = commit(&mut writer, "early");
                assert_eq!(refused, Some(Err(AppendError::Failed)));
            }
            let said = writer.shared.trouble.said().expect("it says why");
            assert!(said.contains("No space left"), "{said}");
            let second = Duration::from_millis(1001);
            clock.advance(second);
            writer.shared.pending.nudge();
            writer.step();
            assert!(writer.shared.trouble.said().is_some(), "still");
            disk.repair();
            clock.advance(second);
            writer.shared.pending.nudge();
            writer.step();
            assert_eq!(writer.shared.trouble.said(), None, "nobody need send");
            assert_eq!(commit(&mut writer, "late"), Some(Ok(())));
        }
    }

    #[test]
    fn a_file_that_could_not_be_made_ahead_is_made_when_it_is_needed() {
        let disk = Faulty::new(1);
        disk.be_slow();
        let mut writer = writer(&disk);
        disk.fill_up(16 << 10);
        assert_eq!(commit(&mut writer, "a"), Some(Ok(())));
        writer.segments.close();
        writer.shared.pool.settle();
        disk.repair();
        assert_eq!(commit(&mut writer, "b"), Some(Ok(())));
    }

    #[test]
    fn a_writer_that_is_gone_leaves_nobody_waiting() {
        let writer = writer(&Faulty::new(1));
        let shared = Arc::clone(&writer.shared);
        let batch = push(&writer, "late");
        drop(writer);
        assert_eq!(batch.result(), Some(Err(AppendError::Failed)));
        let closed = shared.pending.push(b"frame", &[]);
        assert!(matches!(closed, Err(AppendError::Closed)));
    }

    #[test]
    fn the_queue_before_the_writer_is_bounded() {
        let writer = writer(&Faulty::new(1));
        let frame = vec![0; 1 << 20];
        let pushed = (0..64)
            .take_while(|_| writer.shared.pending.push(&frame, &[]).is_ok())
            .count();
        assert_eq!(pushed, crate::spool::MAX_PENDING_BYTES >> 20);
    }
}
