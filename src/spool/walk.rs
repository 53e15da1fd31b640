//! Random walks over a disk that fails: the spool against a model that is too simple to be wrong.
//!
//! What holds under [`Durability::Fsync`] whatever the disk does, and under [`Durability::Os`] as long as only
//! the process ends and the disk writes back what it took:
//!
//! * What was acknowledged is delivered, within its segment in the order in which it was appended, and never
//!   again once its segment was freed. Before that it may come again, in the same segment.
//! * What was refused is never delivered, unless the disk also refused to take it back, which is counted
//!   ([`Segments::doubts`](super::segments::Segments::doubts)), and the process ended before its segment was freed.
//! * Of what nobody was told about, because the power went, anything may be delivered.
//! * Nothing is delivered that was not appended; no frame of a file's earlier life verifies. The budget holds.
//! * A file that cannot be read at a start comes at a later one: it stops no start, and nothing of it is lost.
//! * Nothing is called damaged, if the disk writes a sector wholly or not at all.
//! * When the disk is well again, so is the spool.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use rustix::io::Errno;

use super::codec::{put_str, put_varint};
use super::disk::Disk;
use super::faulty::{Faulty, Op};
use super::frame;
use super::segment::Segment;
use super::shared::Shared;
use super::writer::Writer;
use super::{Config, Durability, SegmentContents};
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::ids::SegmentId;

const SEGMENT: u64 = 16 << 10;
const BUDGET: u64 = 6 * SEGMENT;

/// A frame with one row, which holds a number and fills this many bytes.
pub(super) fn numbered(number: u32, size: usize) -> Vec<u8> {
    let mut frame = Vec::new();
    frame::open(&mut frame, |out| {
        put_str(out, "shop");
        out.extend_from_slice(&0i64.to_le_bytes());
        put_varint(out, 0);
        put_varint(out, 0);
        put_varint(out, 1);
        out.extend_from_slice(&u32::try_from(size + 4).expect("small").to_le_bytes());
        out.extend_from_slice(&number.to_le_bytes());
        out.resize(out.len() + size, 0xA5);
    });
    frame
}

/// The numbers in a segment, in order.
pub(super) fn numbers(contents: &SegmentContents) -> Vec<u32> {
    let number = |row: &[u8]| u32::from_le_bytes(row[..4].try_into().expect("four bytes"));
    contents.rows().map(number).collect()
}

pub(super) fn config() -> Config {
    config_of(Durability::Fsync)
}

fn config_of(durability: Durability) -> Config {
    Config {
        durability,
        segment_bytes: SEGMENT,
        max_bytes: BUDGET,
        segment_age: Duration::from_secs(3600),
        max_window: Duration::ZERO,
        ..Config::new("spool")
    }
}

/// A disk with the same collector each time, so that a walk is the same each time.
pub(super) fn disk(seed: u64) -> Faulty {
    let disk = Faulty::new(seed);
    let identity = format!("collector {}\nepoch 0\n", uuid::Uuid::from_u128(7));
    disk.bring(Path::new("spool/identity"), identity.as_bytes());
    disk
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<usize>),
    Cut,
    Take,
    Free,
    Second,
    Fail(Op, bool),
    Break(Op),
    FillUp(usize),
    Repair,
    CutPower(u64),
    Crash,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let op = || prop::sample::select(Op::ALL.to_vec());
    let size = prop_oneof![20 => 0usize..3000, 1 => 15_000usize..40_000];
    prop_oneof![
        12 => prop::collection::vec(size, 1..4).prop_map(Step::Commit),
        3 => Just(Step::Cut),
        6 => Just(Step::Take),
        5 => Just(Step::Free),
        2 => Just(Step::Second),
        4 => (op(), any::<bool>()).prop_map(|(op, full)| Step::Fail(op, full)),
        1 => op().prop_map(Step::Break),
        1 => (0usize..20_000).prop_map(Step::FillUp),
        3 => Just(Step::Repair),
        2 => (0u64..12).prop_map(Step::CutPower),
        1 => Just(Step::Crash),
        1 => Just(Step::Reopen),
    ]
}

/// The spool, its disk, and what may be known of it.
struct Walk {
    durability: Durability,
    disk: Faulty,
    clock: Arc<ManualClock>,
    shared: Arc<Shared>,
    writer: Writer,
    /// Out and not freed, with what was in them.
    taken: VecDeque<(Segment, Vec<u32>)>,
    appended: u32,
    /// Acknowledged, and not freed.
    must: BTreeSet<u32>,
    /// Of unknown fate.
    may: BTreeSet<u32>,
    /// Refused, or freed.
    never: BTreeSet<u32>,
    /// In which segment it was seen.
    seen: BTreeMap<u32, SegmentId>,
}

fn open(disk: &Faulty, clock: &Arc<ManualClock>, durability: Durability) -> (Arc<Shared>, Writer) {
    let open = || {
        let disk: Arc<dyn Disk> = Arc::new(disk.clone());
        Shared::open(
            disk,
            config_of(durability),
            Arc::clone(clock) as SharedClock,
        )
    };
    let shared = open().or_else(|_| {
        if disk.is_off() {
            crash(disk, durability);
        }
        disk.repair();
        open()
    });
    let shared = Arc::new(shared.expect("a disk that is well can be opened"));
    let writer = Writer::new(Arc::clone(&shared));
    (shared, writer)
}

/// What ends a process: the power, or under `Os` something lesser.
fn crash(disk: &Faulty, durability: Durability) {
    match durability {
        Durability::Fsync => disk.crash(),
        Durability::Os => disk.kill(),
    }
}

impl Walk {
    fn new(seed: u64, durability: Durability) -> Self {
        let disk = disk(seed);
        if seed.is_multiple_of(3) {
            disk.tear_sectors();
        }
        let clock = ManualClock::at(Timestamp(0));
        let (shared, writer) = open(&disk, &clock, durability);
        Self {
            durability,
            disk,
            clock,
            shared,
            writer,
            taken: VecDeque::new(),
            appended: 0,
            must: BTreeSet::new(),
            may: BTreeSet::new(),
            never: BTreeSet::new(),
            seen: BTreeMap::new(),
        }
    }

    fn go(&mut self, step: &Step) {
        match *step {
            Step::Commit(ref sizes) => self.commit(sizes),
            Step::Cut => {
                self.shared.pending.cut();
                self.writer.step();
            }
            Step::Take => self.take(),
            Step::Free => self.free(),
            Step::Second => {
                self.clock.advance(Duration::from_millis(1001));
                self.shared.pending.nudge();
                self.writer.step();
            }
            // Nobody would notice.
            Step::Fail(Op::Sync, _) | Step::Break(Op::Sync)
                if self.durability == Durability::Os => {}
            Step::Fail(op, full) => {
                let errno = if full { Errno::NOSPC } else { Errno::IO };
                self.disk.fail_once(op, errno);
            }
            Step::Break(op) => self.disk.break_all(op),
            Step::FillUp(room) => self.disk.fill_up(room),
            Step::Repair => self.disk.repair(),
            Step::CutPower(operations) => self.disk.cut_power_in(operations),
            Step::Crash => self.crash(),
            Step::Reopen => self.reopen(),
        }
        if self.disk.is_off() {
            self.crash();
        }
        let used: usize = self.disk.files().values().map(Vec::len).sum();
        assert!(
            used as u64 <= BUDGET + 512,
            "{used} bytes with the identity and its spare"
        );
    }

    fn commit(&mut self, sizes: &[usize]) {
        let mut batches = Vec::new();
        for &size in sizes {
            let frame = numbered(self.appended, size);
            if !self.shared.pool.is_full() {
                let batch = self.shared.pending.push(&frame, &[]);
                batches.push((self.appended, batch.expect("there is room")));
            }
            self.appended += 1;
        }
        // What does not fit into one segment is several commits.
        while batches.iter().any(|(_, batch)| batch.result().is_none()) {
            let doubts = self.writer.segments.doubts();
            let open: Vec<_> = batches
                .iter()
                .filter(|(_, batch)| batch.result().is_none())
                .cloned()
                .collect();
            self.writer.step();
            for (number, batch) in open {
                let unknown = self.disk.is_off() || self.writer.segments.doubts() > doubts;
                match batch.result() {
                    None => continue,
                    Some(Ok(())) => self.must.insert(number),
                    Some(Err(_)) if unknown => self.may.insert(number),
                    Some(Err(_)) => self.never.insert(number),
                };
            }
        }
    }

    fn take(&mut self) {
        let Some(segment) = self.shared.queue.next().now_or_never().flatten() else {
            return;
        };
        match segment.contents() {
            Ok(contents) => {
                let said = contents.is_damaged() && !self.disk.tears();
                assert!(!said, "nothing damaged it");
                let numbers = numbers(&contents);
                assert!(numbers.is_sorted(), "{numbers:?}");
                for number in &numbers {
                    assert!(
                        !self.never.contains(number),
                        "{number} was refused or freed"
                    );
                    assert!(
                        self.must.contains(number) || self.may.contains(number),
                        "{number} was made up"
                    );
                    let before = self.seen.insert(*number, segment.id);
                    assert!(before.is_none_or(|before| before == segment.id), "{number}");
                }
                self.taken.push_back((segment, numbers));
            }
            Err(error) => self.shared.give_up(segment, &error),
        }
    }

    fn free(&mut self) {
        let Some((segment, numbers)) = self.taken.pop_front() else {
            return;
        };
        let freed = self.shared.free(segment.id).is_ok();
        for number in numbers {
            self.must.remove(&number);
            self.may.remove(&number);
            // It says itself that the segment may come again.
            let set = if freed {
                &mut self.never
            } else {
                &mut self.may
            };
            set.insert(number);
        }
    }

    fn crash(&mut self) {
        crash(&self.disk, self.durability);
        self.open();
    }

    fn reopen(&mut self) {
        self.shared.pending.close();
        while self.writer.step() {}
        self.open();
    }

    fn open(&mut self) {
        self.taken.clear();
        (self.shared, self.writer) = open(&self.disk, &self.clock, self.durability);
    }

    /// The disk is well again.
    fn end(mut self) {
        self.disk.repair();
        self.go(&Step::Second);
        self.go(&Step::Cut);
        while !self.taken.is_empty() || !self.shared.queue.is_empty() {
            self.go(&Step::Take);
            self.go(&Step::Free);
        }
        self.go(&Step::Crash);
        while !self.taken.is_empty() || !self.shared.queue.is_empty() {
            self.go(&Step::Take);
            self.go(&Step::Free);
        }
        assert!(self.must.is_empty(), "lost: {:?}", self.must);
        let next = self.appended;
        self.go(&Step::Commit(vec![100]));
        assert!(self.must.contains(&next), "it takes no more");
        let set_aside = self.disk.files().into_keys();
        let damaged: Vec<_> = set_aside
            .filter(|path| path.extension().is_some_and(|suffix| suffix == "corrupt"))
            .collect();
        let tears = self.disk.tears();
        assert!(tears || damaged.is_empty(), "nothing damaged {damaged:?}");
    }
}

/// As many cases as `PROPTEST_CASES` says, times this.
const TIMES: u32 = 8;

fn walks(durability: Durability) {
    let config = ProptestConfig {
        cases: ProptestConfig::default().cases * TIMES,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let walks = (any::<u64>(), prop::collection::vec(step(), 1..80));
    TestRunner::new_with_rng(config, rng)
        .run(&walks, |(seed, steps)| {
            let mut walk = Walk::new(seed, durability);
            for step in &steps {
                walk.go(step);
            }
            walk.end();
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_walk_over_a_failing_disk_loses_nothing_and_makes_nothing_up() {
    walks(Durability::Fsync);
}

#[test]
fn without_syncs_only_the_process_may_end() {
    walks(Durability::Os);
}
