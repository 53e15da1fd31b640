//! What the writer does when the disk does not do what it should.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use rustix::io::Errno;

use super::commit::Batch;
use super::config::{Config, Durability};
use super::disk::Disk;
use super::error::AppendError;
use super::faulty::{Faulty, Op};
use super::frame;
use super::pending::{Window, Work};
use super::segment::Segment;
use super::shared::Shared;
use super::submission::put_counts;
use super::writer::Writer;
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::ids::SiteId;

/// A spool whose writer is driven by hand.
fn writer(disk: &Faulty) -> Writer {
    writer_at(disk, &ManualClock::at(Timestamp(0)))
}

fn writer_at(disk: &Faulty, clock: &Arc<ManualClock>) -> Writer {
    writer_of(disk, clock, config(Durability::default()))
}

fn config(durability: Durability) -> Config {
    Config {
        segment_bytes: 16 << 10,
        max_bytes: 1 << 20,
        max_window: Duration::ZERO,
        durability,
        ..Config::new("spool")
    }
}

fn writer_of(disk: &Faulty, clock: &Arc<ManualClock>, config: Config) -> Writer {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let clock = Arc::clone(clock) as SharedClock;
    let shared = Shared::open(disk, config, clock).unwrap();
    Writer::new(Arc::new(shared))
}

fn push(writer: &Writer, name: &str) -> Arc<Batch> {
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

/// It must be there: nobody else makes one.
fn next(writer: &Writer) -> Segment {
    let next = writer.shared.queue.next().now_or_never();
    next.flatten().expect("one is there")
}

fn names(writer: &Writer) -> Vec<String> {
    let segment = next(writer);
    let outcomes = segment.contents().unwrap().outcomes;
    outcomes.into_iter().map(|count| count.site).collect()
}

#[test]
fn what_gathers_while_the_disk_is_busy_is_one_commit() {
    let mut writer = writer(&Faulty::new(1));
    let batches: Vec<_> = (0..100)
        .map(|n| push(&writer, &format!("s{n:02}")))
        .collect();
    writer.step();
    assert!(batches.iter().all(|batch| batch.result() == Some(Ok(()))));
    let next = writer
        .shared
        .pending
        .next(Window::default(), Duration::ZERO);
    assert!(matches!(next, Work::Tick), "nothing is left");
    writer.segments.close();
    assert_eq!(names(&writer).len(), 100);
}

#[test]
fn a_failed_sync_is_never_reported_as_success() {
    let disk = Faulty::new(1);
    let mut writer = writer(&disk);
    assert_eq!(commit(&mut writer, "before"), Some(Ok(())));
    writer.segments.close();
    assert_eq!(names(&writer), ["before"]);
    // The file is there already, so that this is the sync of the commit.
    writer.segments.probe().unwrap();
    disk.fail_once(Op::Sync, Errno::IO);
    assert_eq!(commit(&mut writer, "lost"), Some(Err(AppendError::Failed)));
    assert!(writer.shared.queue.is_empty(), "it holds nothing durable");
    assert_eq!(commit(&mut writer, "kept"), Some(Ok(())), "in a new one");
    writer.segments.close();
    assert_eq!(names(&writer), ["kept"]);
}

#[test]
fn what_was_durable_before_an_error_is_delivered_and_nothing_else() {
    for (op, errno) in [(Op::Write, Errno::NOSPC), (Op::Sync, Errno::IO)] {
        for seed in 0..50 {
            let disk = Faulty::new(seed);
            let mut first = writer(&disk);
            assert_eq!(commit(&mut first, "before"), Some(Ok(())));
            disk.fail_once(op, errno);
            let lost = commit(&mut first, "lost");
            assert_eq!(lost, Some(Err(AppendError::Failed)));
            assert_eq!(commit(&mut first, "after"), Some(Ok(())));
            assert_eq!(names(&first), ["before"]);
            // What was refused was taken back: it does not come back after a crash.
            drop(first);
            disk.crash();
            let again = writer(&disk);
            assert_eq!(names(&again), ["before"], "{op:?}, seed {seed}");
            assert_eq!(names(&again), ["after"], "{op:?}, seed {seed}");
        }
    }
}

#[test]
fn counts_that_cannot_be_written_are_kept() {
    let disk = Faulty::new(1);
    let mut writer = writer(&disk);
    let refused = &writer.shared.refused;
    refused.count(None, crate::outcome::RefusedReason::Timeout);
    let shop = SiteId::new("shop").unwrap();
    assert!(writer.shared.unread.count(&shop));
    disk.break_all(Op::Sync);
    writer.write_refused();
    assert!(
        !writer.shared.unread.count(&shop),
        "the first is still there"
    );
    assert_eq!(commit(&mut writer, "lost"), Some(Err(AppendError::Failed)));
    disk.repair();
    writer.segments.probe().unwrap();
    writer.close_segment();
    let segment = next(&writer);
    let outcomes = segment.contents().unwrap().outcomes;
    let counts = outcomes
        .iter()
        .map(|it| (it.outcome.as_str(), it.reason.as_str(), it.count));
    let mut counts: Vec<_> = counts.collect();
    counts.sort_unstable();
    assert_eq!(counts, [("folded", "", 2), ("refused", "timeout", 1)]);
}

#[test]
fn the_operating_system_is_enough_if_one_says_so() {
    for durability in [Durability::Fsync, Durability::Os] {
        let disk = Faulty::new(1);
        let config = config(durability);
        let mut writer = writer_of(&disk, &ManualClock::at(Timestamp(0)), config);
        writer.segments.probe().unwrap();
        disk.break_all(Op::Sync);
        let written = commit(&mut writer, "a").unwrap();
        assert_eq!(written.is_ok(), durability == Durability::Os);
    }
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
    assert_eq!(pushed, super::config::MAX_PENDING_BYTES >> 20);
}
