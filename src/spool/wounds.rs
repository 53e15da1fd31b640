//! Damage to a small segment, place by place. Whatever it is, what comes out is all frames, or all but those
//! of a torn last commit, or less with the damage said and the file kept; never a wrong frame, never a panic.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::FutureExt as _;

use super::disk::Disk;
use super::faulty::Faulty;
use super::frame::HEAD_BYTES;
use super::header::HEADER_BYTES;
use super::segment::Segment;
use super::shared::Shared;
use super::walk::{config, disk, numbered, numbers};
use super::writer::Writer;
use super::{Config, ReadError};
use crate::clock::{ManualClock, Timestamp};

/// How many frames each commit has, and how long the rows are.
const COMMITS: [usize; 3] = [1, 2, 1];
const ROW: usize = 20;
const FRAMES: u32 = 4;

fn open(disk: &Faulty, config: Config) -> (Arc<Shared>, Writer) {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let shared = Shared::open(disk, config, ManualClock::at(Timestamp(0)));
    let shared = Arc::new(shared.expect("the disk is well"));
    let writer = Writer::new(Arc::clone(&shared));
    (shared, writer)
}

fn next(shared: &Shared) -> Option<Segment> {
    if shared.queue.is_empty() {
        return None;
    }
    shared.queue.next().now_or_never().flatten()
}

fn commit(shared: &Shared, writer: &mut Writer, frames: &[Vec<u8>]) {
    let push = |frame: &Vec<u8>| shared.pending.push(frame, &[]).expect("there is room");
    let batches: Vec<_> = frames.iter().map(push).collect();
    writer.step();
    assert!(batches.iter().all(|batch| batch.result() == Some(Ok(()))));
}

fn cut(shared: &Shared, writer: &mut Writer) {
    shared.pending.cut();
    writer.step();
}

/// A spool with one segment, in a file full of frames of its earlier life.
struct Patient {
    disk: Faulty,
    shared: Arc<Shared>,
    writer: Writer,
    path: PathBuf,
    /// Where the frames end.
    end: usize,
}

fn patient(closed: bool) -> Patient {
    let disk = disk(1);
    let (shared, mut writer) = open(&disk, config());
    let earlier: Vec<_> = (100..120).map(|n| numbered(n, ROW)).collect();
    for frame in earlier {
        commit(&shared, &mut writer, &[frame]);
    }
    cut(&shared, &mut writer);
    let earlier = next(&shared).expect("it was closed");
    shared.free(earlier.id).expect("the disk is well");
    let mut number = 0;
    let mut end = HEADER_BYTES;
    for frames in COMMITS {
        let frames: Vec<_> = (0..frames)
            .map(|_| {
                number += 1;
                numbered(number - 1, ROW)
            })
            .collect();
        end += frames.iter().map(Vec::len).sum::<usize>();
        commit(&shared, &mut writer, &frames);
    }
    if closed {
        cut(&shared, &mut writer);
        end += HEAD_BYTES;
    }
    Patient {
        disk,
        shared,
        writer,
        path: earlier.path,
        end,
    }
}

impl Patient {
    fn bytes(&self) -> Vec<u8> {
        self.disk.files().remove(&self.path).expect("it is there")
    }

    /// What comes out after a restart, if the file holds this.
    fn with(&self, bytes: &[u8]) -> Outcome {
        let disk = self.disk.copy();
        disk.put(&self.path, bytes);
        let (shared, _writer) = open(&disk, config());
        let segment = next(&shared);
        outcome(&disk, &self.path, segment.map(|segment| (shared, segment)))
    }
}

#[derive(Debug)]
struct Outcome {
    numbers: Vec<u32>,
    torn: bool,
    damaged: bool,
    kept: Option<Vec<u8>>,
}

fn outcome(disk: &Faulty, path: &Path, found: Option<(Arc<Shared>, Segment)>) -> Outcome {
    let mut outcome = Outcome {
        numbers: Vec::new(),
        torn: false,
        damaged: false,
        kept: None,
    };
    if let Some((shared, segment)) = found {
        let contents = segment.contents().expect("it can be read");
        outcome.numbers = numbers(&contents);
        outcome.torn = contents.is_torn();
        outcome.damaged = contents.is_damaged();
        shared.free(segment.id).expect("the disk is well");
    }
    outcome.kept = disk.files().remove(&path.with_extension("corrupt"));
    outcome
}

impl Outcome {
    fn is_all(&self) -> bool {
        self.numbers == Vec::from_iter(0..FRAMES)
    }

    /// Those that are missing.
    fn missing(&self) -> Vec<u32> {
        assert!(self.numbers.is_sorted(), "{self:?}");
        assert!(
            self.numbers.iter().all(|&number| number < FRAMES),
            "{self:?}"
        );
        (0..FRAMES)
            .filter(|number| !self.numbers.contains(number))
            .collect()
    }
}

#[test]
fn a_flipped_bit_costs_one_frame_and_is_said() {
    for closed in [true, false] {
        let patient = patient(closed);
        let whole = patient.bytes();
        assert!(patient.with(&whole).is_all());
        let header = 0..64 * 8;
        let frames = HEADER_BYTES * 8..(patient.end + HEAD_BYTES) * 8;
        for bit in header.chain(frames) {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let outcome = patient.with(&bytes);
            let what = format!("bit {bit}, closed: {closed}, {outcome:?}");
            let missing = outcome.missing();
            let kept = outcome.kept.as_ref() == Some(&bytes);
            assert_eq!(outcome.kept.is_some(), kept, "{what}: as it was found");
            match missing.as_slice() {
                [] => assert_eq!(outcome.damaged, kept, "{what}"),
                [last] if !closed && *last == FRAMES - 1 => {
                    assert!(outcome.torn || kept, "{what}");
                }
                [_] => assert!(outcome.damaged && kept, "{what}"),
                _ => assert!(bit < 48 * 8 && kept, "{what}: that is more than one"),
            }
        }
    }
}

#[test]
fn a_file_cut_short_anywhere_is_said_to_be() {
    for closed in [true, false] {
        let patient = patient(closed);
        let whole = patient.bytes();
        let places = (1..64).chain(HEADER_BYTES - 4..patient.end + 40);
        for length in places.chain([whole.len() - 1]) {
            let outcome = patient.with(&whole[..length]);
            let what = format!("{length} bytes, closed: {closed}, {outcome:?}");
            let there = u32::try_from(outcome.numbers.len()).expect("few");
            assert_eq!(outcome.numbers, Vec::from_iter(0..there), "{what}");
            let kept = outcome.kept.as_deref() == Some(&whole[..length]);
            assert!(kept, "{what}: as it was found");
        }
        // Of this one nothing can be known.
        assert!(patient.with(&[]).kept.is_none());
    }
}

#[test]
fn a_sector_of_zeros_is_damage_unless_all_behind_it_is_gone() {
    let patient = patient(true);
    let whole = patient.bytes();
    for from in (HEADER_BYTES..patient.end).step_by(8) {
        let mut bytes = whole.clone();
        let to = (from + 64).min(patient.end);
        bytes[from..to].fill(0);
        let outcome = patient.with(&bytes);
        let missing = outcome.missing();
        assert!(missing.len() <= 3, "{from}: {outcome:?}");
        let said = outcome.damaged || (to > patient.end - HEAD_BYTES && outcome.torn);
        assert!(missing.is_empty() || said, "{from}: {outcome:?}");
        assert_eq!(
            outcome.damaged,
            outcome.kept.is_some(),
            "{from}: {outcome:?}"
        );
    }
}

#[test]
fn damage_while_the_process_runs_is_never_taken_for_a_crash() {
    let patient = patient(true);
    let whole = patient.bytes();
    for bit in (0..48 * 8).chain(HEADER_BYTES * 8..patient.end * 8) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        patient.disk.put(&patient.path, &bytes);
        let segment = patient.shared.queue.peek().expect("it was closed");
        let contents = segment.contents().expect("its identity is known");
        let missing = 4 - numbers(&contents).len();
        assert!(missing <= 1, "bit {bit}");
        assert!(!contents.is_torn(), "bit {bit}");
        assert!(missing == 0 || contents.is_damaged(), "bit {bit}");
    }
    drop(patient.writer);
}

#[test]
fn a_segment_whose_file_is_gone_does_not_come_again() {
    let patient = patient(true);
    let segment = next(&patient.shared).expect("it was closed");
    patient
        .disk
        .remove(&patient.path)
        .expect("the disk is well");
    let error = segment.contents().expect_err("there is none");
    assert!(matches!(error, ReadError::Gone { .. }));
    patient.shared.give_up(segment, &error);
    assert!(next(&patient.shared).is_none());
}

#[test]
fn a_segment_that_cannot_be_read_comes_again_behind_the_others() {
    let mut patient = patient(true);
    commit(&patient.shared, &mut patient.writer, &[numbered(9, ROW)]);
    cut(&patient.shared, &mut patient.writer);
    let segment = next(&patient.shared).expect("it was closed");
    let errno = rustix::io::Errno::IO;
    patient.disk.fail_once(super::faulty::Op::Read, errno);
    let error = segment.contents().expect_err("the disk says no");
    let first = segment.id;
    patient.shared.give_up(segment, &error);
    let second = next(&patient.shared).expect("it was closed");
    assert_ne!(second.id, first);
    let again = next(&patient.shared).expect("it comes again");
    assert_eq!(again.id, first);
    assert_eq!(numbers(&again.contents().unwrap()).len(), 4);
}

#[test]
fn damaged_files_are_kept_within_a_bound_and_never_overwritten() {
    let config = || Config {
        max_bytes: 16 * config().segment_bytes,
        ..config()
    };
    let disk = disk(1);
    for round in 1..=8 {
        let (shared, mut writer) = open(&disk, config());
        commit(&shared, &mut writer, &[numbered(round, ROW)]);
        drop(writer);
        let damage = |(path, mut bytes): (PathBuf, Vec<u8>)| {
            if path.extension().is_some_and(|suffix| suffix == "seg") && bytes[0] != 0 {
                bytes[8] ^= 1;
                disk.put(&path, &bytes);
            }
        };
        disk.files().into_iter().for_each(damage);
        let kept = || {
            let files = disk.files().into_keys();
            files
                .filter(|path| path.extension().is_some_and(|suffix| suffix == "corrupt"))
                .count()
        };
        let (shared, _writer) = open(&disk, config());
        assert_eq!(kept(), usize::try_from(round.min(4)).unwrap());
        assert!(next(&shared).is_none());
    }
}
