//! A start on a disk that does not do what it should.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt as _;
use rustix::io::Errno;

use super::config::Config;
use super::disk::Disk;
use super::error::OpenError;
use super::faulty::{Faulty, Op};
use super::shared::Shared;
use super::walk::{config, disk, numbered, numbers};
use super::writer::Writer;
use crate::clock::{ManualClock, SharedClock, Timestamp};

fn open(disk: &Faulty) -> Result<(Arc<Shared>, Writer), OpenError> {
    let clock: SharedClock = ManualClock::at(Timestamp(0));
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let config = Config {
        max_bytes: 16 * config().segment_bytes,
        ..config()
    };
    let shared = Arc::new(Shared::open(disk, config, clock)?);
    let writer = Writer::new(Arc::clone(&shared));
    Ok((shared, writer))
}

/// Whether it takes a report now.
fn takes((shared, writer): &mut (Arc<Shared>, Writer), number: u32) -> bool {
    let batch = shared.pending.push(&numbered(number, 100), &[]);
    writer.step();
    batch.is_ok_and(|batch| batch.result() == Some(Ok(())))
}

/// A disk on which these wait, each in a segment of its own.
fn with_waiting(seed: u64, waiting: &[u32]) -> Faulty {
    let disk = disk(seed);
    let mut spool = open(&disk).expect("the disk is well");
    for &number in waiting {
        assert!(takes(&mut spool, number));
        spool.1.segments.close();
    }
    disk
}

/// What waits in a spool that was just opened.
fn waiting(shared: &Shared) -> Vec<u32> {
    let mut found = Vec::new();
    while let Some(segment) = shared.queue.next().now_or_never().flatten() {
        found.extend(numbers(&segment.contents().expect("readable")));
    }
    found
}

#[test]
fn a_file_that_cannot_be_read_waits_for_the_next_start() {
    for errno in [Errno::IO, Errno::ACCESS] {
        let disk = with_waiting(1, &[1, 2, 3]);
        let before = disk.files();
        disk.fail_once(Op::Read, errno);
        let mut spool = open(&disk).expect("one file keeps nobody from taking reports");
        assert_eq!(waiting(&spool.0), [2, 3], "{errno}");
        assert!(takes(&mut spool, 4), "{errno}");
        let first = PathBuf::from("spool/00000000.seg");
        assert_eq!(disk.files()[&first], before[&first], "it stays as it is");
        drop(spool);
        let (shared, _writer) = open(&disk).expect("the disk is well");
        assert_eq!(waiting(&shared), [1, 2, 3, 4], "{errno}");
    }
}

#[test]
fn a_file_that_cannot_be_taken_away_is_tried_again() {
    for op in [Op::Remove, Op::Rename] {
        let disk = with_waiting(1, &[1]);
        let path = PathBuf::from("spool/00000009.seg");
        // A torn first commit is taken away, a damaged header set aside.
        let mut bytes = disk.files()[&PathBuf::from("spool/00000000.seg")].clone();
        match op {
            Op::Remove => bytes[super::header::HEADER_BYTES..].fill(0),
            _ => bytes[8] ^= 1,
        }
        disk.bring(&path, &bytes);
        // The first new name is the identity's.
        disk.fail_after(op, usize::from(op == Op::Rename), Errno::IO);
        let (shared, _writer) = open(&disk).expect("one file keeps nobody from taking reports");
        assert!(disk.files().contains_key(&path), "{op:?}");
        shared.pool.tidy();
        assert!(!disk.files().contains_key(&path), "{op:?}");
        assert_eq!(waiting(&shared), [1], "{op:?}");
    }
}

#[test]
fn what_a_start_cannot_do_without() {
    for op in [Op::List, Op::ReadIdentity] {
        let disk = with_waiting(1, &[1]);
        disk.fail_once(op, Errno::IO);
        let stopped = open(&disk).expect_err("nobody knows what waits");
        assert!(matches!(stopped, OpenError::Io { .. }), "{stopped}");
        let (shared, _writer) = open(&disk).expect("the disk is well");
        assert_eq!(waiting(&shared), [1], "{op:?}");
    }
}

/// Otherwise what waits on a full disk could never be delivered, and so never make room.
#[test]
fn a_full_disk_stops_no_start() {
    let disk = with_waiting(1, &[1, 2]);
    disk.fill_up(0);
    for start in 0..3 {
        let mut spool = open(&disk).expect("it needs no room");
        assert!(start > 0 || !takes(&mut spool, 3), "there is none");
        assert_eq!(waiting(&spool.0), [1, 2], "start {start}");
    }
}
