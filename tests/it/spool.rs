//! The spool from outside. A submission is told by its site.
#![expect(
    clippy::unwrap_used,
    reason = "what is unwrapped here is what the test is about"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use skimwatch::clock::{ManualClock, SharedClock, Timestamp};
use skimwatch::ids::SiteId;
use skimwatch::limit::Folded;
use skimwatch::normalize::Directive;
use skimwatch::outcome::{RefusedReason, Tally};
use skimwatch::spool::{
    AppendError, Config, FreeError, OpenError, ReadError, Segment, SegmentContents, Spool,
    Submission,
};
use tempfile::TempDir;

const SEGMENT: u64 = 16 << 10;
const START: Timestamp = Timestamp(1_700_000_000_000);

fn config(dir: &Path) -> Config {
    Config {
        segment_bytes: SEGMENT,
        max_bytes: 64 * SEGMENT,
        segment_age: Duration::from_secs(3600),
        max_window: Duration::ZERO,
        ..Config::new(dir)
    }
}

fn clock() -> SharedClock {
    ManualClock::at(START)
}

fn open(dir: &Path) -> Spool {
    Spool::open(config(dir), clock()).unwrap()
}

/// A submission whose frame is some `size` bytes long.
fn submission(name: &str, size: usize) -> Submission {
    Submission {
        site: SiteId::new(name).unwrap(),
        received_at: START,
        retention_days: 90,
        tally: Tally {
            folded: 1,
            ..Tally::default()
        },
        reports: Vec::new(),
        folded: vec![Folded {
            destination: "x".repeat(size),
            directive: Directive::ConnectSrc,
        }],
    }
}

fn names(contents: &SegmentContents) -> Vec<String> {
    let outcomes = contents.outcomes.iter();
    outcomes.map(|count| count.site.clone()).collect()
}

async fn next(spool: &Spool) -> Segment {
    tokio::time::timeout(Duration::from_secs(60), spool.next_segment())
        .await
        .expect("a segment was due")
        .expect("the spool is open")
}

/// Closes the spool and reads all that it did not free.
async fn all(spool: Spool) -> BTreeSet<String> {
    spool.close();
    let mut found = BTreeSet::new();
    while let Some(segment) = spool.next_segment().await {
        for name in names(&segment.contents().unwrap()) {
            assert!(found.insert(name.clone()), "{name} came twice");
        }
    }
    found
}

/// What a crash leaves: a copy of the directory as it is.
fn crash(dir: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

fn segment_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "seg"))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_crash() {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    for n in 0..50 {
        let name = format!("s{n}");
        spool.append(submission(&name, 500)).await.unwrap();
    }
    let copy = crash(dir.path());
    let again = open(copy.path());
    let first = next(&again).await;
    assert!(first.recovered);
    assert_eq!(first.id.epoch, 1);
    assert_eq!(first.id.collector, again.collector());
    let mut found: BTreeSet<String> = names(&first.contents().unwrap()).into_iter().collect();
    found.extend(all(again).await);
    assert_eq!(found, (0..50).map(|n| format!("s{n}")).collect());
}

#[tokio::test]
async fn a_second_process_is_told_to_go_away() {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    let second = Spool::open(config(dir.path()), clock());
    assert!(matches!(second, Err(OpenError::Locked { .. })));
    drop(spool);
    assert!(Spool::open(config(dir.path()), clock()).is_ok());
}

#[tokio::test]
async fn every_start_is_a_new_epoch_of_the_same_collector() {
    let dir = TempDir::new().unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let spool = open(dir.path());
        for _ in 0..2 {
            spool.append(submission("a", 10)).await.unwrap();
            spool.cut();
            let segment = next(&spool).await;
            spool.free(segment.id).unwrap();
            ids.push(segment.id);
        }
    }
    let numbers: Vec<_> = ids.iter().map(|id| (id.epoch, id.sequence)).collect();
    assert_eq!(numbers, [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]);
    assert!(ids.iter().all(|id| id.collector == ids[0].collector));
}

#[test]
fn a_directory_that_cannot_be_used_is_explained() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Spool::open(config(&file.join("spool")), clock()).unwrap_err();
    assert!(error.to_string().contains("must be writable"), "{error}");

    let small = Config {
        max_bytes: SEGMENT,
        ..config(dir.path())
    };
    let error = Spool::open(small, clock()).unwrap_err();
    assert!(matches!(error, OpenError::Sizes { .. }));

    fs::write(dir.path().join("identity"), "collector 7\n").unwrap();
    let error = Spool::open(config(dir.path()), clock()).unwrap_err();
    assert!(matches!(error, OpenError::Identity { .. }));
}

#[tokio::test]
async fn a_full_spool_refuses_and_recovers() {
    let dir = TempDir::new().unwrap();
    let config = Config {
        max_bytes: 3 * SEGMENT,
        ..config(dir.path())
    };
    let spool = Spool::open(config, clock()).unwrap();
    let mut acknowledged = BTreeSet::new();
    let refusal = loop {
        let name = format!("s{}", acknowledged.len());
        match spool.append(submission(&name, 4000)).await {
            Ok(()) => acknowledged.insert(name),
            Err(error) => break error,
        };
    };
    assert_eq!(refusal, AppendError::Full);
    assert!(spool.is_full());
    assert_eq!(acknowledged.len(), 9, "three in each of three files");
    let taken = next(&spool).await;
    for name in names(&taken.contents().unwrap()) {
        acknowledged.remove(&name);
    }
    spool.free(taken.id).unwrap();
    assert!(!spool.is_full());
    spool.append(submission("after", 4000)).await.unwrap();
    acknowledged.insert("after".to_owned());
    assert_eq!(all(spool).await, acknowledged);
    let bytes: u64 = segment_files(dir.path())
        .iter()
        .map(|file| fs::metadata(file).unwrap().len())
        .sum();
    assert!(bytes <= 3 * SEGMENT, "{bytes}");
}

#[tokio::test]
async fn a_reused_file_yields_nothing_of_its_earlier_life() {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    for n in 0..5 {
        spool
            .append(submission(&format!("old{n}"), 2000))
            .await
            .unwrap();
    }
    spool.cut();
    let old = next(&spool).await;
    spool.free(old.id).unwrap();
    assert!(matches!(old.contents(), Err(ReadError::Gone { .. })));
    assert!(matches!(spool.free(old.id), Err(FreeError::Unknown(_))));
    let mut new = BTreeSet::new();
    // One short frame in each file, the used one among them.
    for n in 0..4 {
        let name = format!("new{n}");
        spool.append(submission(&name, 100)).await.unwrap();
        spool.cut();
        new.insert(name);
    }
    let copy = crash(dir.path());
    assert_eq!(all(spool).await, new);
    assert_eq!(all(open(copy.path())).await, new);
}

#[tokio::test]
async fn a_submission_larger_than_a_segment_gets_a_file_of_its_own() {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    spool.append(submission("small", 10)).await.unwrap();
    let size = usize::try_from(3 * SEGMENT).unwrap();
    spool.append(submission("large", size)).await.unwrap();
    spool.append(submission("after", 10)).await.unwrap();
    let copy = crash(dir.path());
    let expected: BTreeSet<String> = ["small", "large", "after"].map(str::to_owned).into();
    assert_eq!(all(open(copy.path())).await, expected);
    spool.close();
    while let Some(segment) = spool.next_segment().await {
        spool.free(segment.id).unwrap();
    }
    for file in segment_files(dir.path()) {
        assert_eq!(fs::metadata(file).unwrap().len(), SEGMENT);
    }
}

#[tokio::test]
async fn a_closed_spool_refuses() {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    spool.close();
    let late = spool.append(submission("late", 10)).await;
    assert_eq!(late, Err(AppendError::Closed));
    assert!(spool.next_segment().await.is_none());
}

#[tokio::test]
async fn refusals_are_counted_by_site_and_reason() {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    let site = SiteId::new("shop").unwrap();
    for _ in 0..3 {
        spool.count_refused(Some(&site), RefusedReason::NotJson);
    }
    spool.count_refused(None, RefusedReason::UnknownKey);
    spool.cut();
    let contents = next(&spool).await.contents().unwrap();
    let counts: Vec<_> = contents
        .outcomes
        .iter()
        .map(|count| {
            let words = [&count.site, &count.outcome, &count.reason];
            (words.map(String::as_str), count.count, count.hour)
        })
        .collect();
    let hour = 1_700_000_000 / 3600 * 3600;
    assert_eq!(
        counts,
        [
            (["", "refused", "unknown_key"], 1, hour),
            (["shop", "refused", "not_json"], 3, hour),
        ]
    );
    assert_eq!(contents.num_reports(), 0);
}

#[tokio::test]
async fn a_segment_is_closed_by_age_unless_another_still_waits() {
    let dir = TempDir::new().unwrap();
    let manual = ManualClock::at(START);
    let config = Config {
        segment_age: Duration::from_secs(1),
        ..config(dir.path())
    };
    let spool = Spool::open(config, Arc::clone(&manual) as SharedClock).unwrap();
    spool.append(submission("first", 10)).await.unwrap();
    manual.advance(Duration::from_secs(2));
    let first = next(&spool).await;
    assert_eq!(names(&first.contents().unwrap()), ["first"]);
    // The third does not fit behind the second, so the second's segment is closed, and nobody takes it.
    spool.append(submission("second", 8000)).await.unwrap();
    for name in ["third", "fourth", "fifth"] {
        let size = if name == "third" { 8000 } else { 10 };
        spool.append(submission(name, size)).await.unwrap();
        manual.advance(Duration::from_secs(2));
    }
    let second = next(&spool).await;
    assert_eq!(names(&second.contents().unwrap()), ["second"]);
    let third = next(&spool).await;
    let together = ["fifth", "fourth", "third"];
    assert_eq!(names(&third.contents().unwrap()), together);
}

/// A directory with one closed segment, and where its frames end.
async fn one_segment() -> (TempDir, PathBuf, usize, Vec<String>) {
    let dir = TempDir::new().unwrap();
    let spool = open(dir.path());
    let mut written = Vec::new();
    for n in 0..4 {
        let name = format!("s{n}");
        spool.append(submission(&name, 20)).await.unwrap();
        written.push(name);
    }
    spool.close();
    let file = next(&spool).await;
    assert_eq!(names(&file.contents().unwrap()), written);
    drop(spool);
    let used = |path: &PathBuf| fs::read(path).unwrap().iter().any(|&byte| byte != 0);
    let path = segment_files(dir.path()).into_iter().find(used).unwrap();
    let bytes = fs::read(&path).unwrap();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    for other in segment_files(dir.path()) {
        if other != path {
            fs::remove_file(other).unwrap();
        }
    }
    (dir, path, end, written)
}

#[tokio::test]
async fn a_file_cut_at_any_byte_yields_a_prefix() {
    let (dir, path, end, written) = one_segment().await;
    let whole = fs::read(&path).unwrap();
    let frames = 4096..=end;
    for cut in [0, 10, 4095].into_iter().chain(frames) {
        fs::write(&path, &whole[..cut]).unwrap();
        let copy = crash(dir.path());
        let found: Vec<String> = all(open(copy.path())).await.into_iter().collect();
        assert_eq!(found, written[..found.len()], "cut at {cut}");
        if cut == end {
            assert_eq!(found.len(), 4);
        }
    }
}

#[tokio::test]
async fn a_flipped_bit_never_makes_a_wrong_count_and_is_reported() {
    let (dir, path, end, written) = one_segment().await;
    let whole = fs::read(&path).unwrap();
    for byte in (0..48).chain(4096..end) {
        let mut bytes = whole.clone();
        bytes[byte] ^= 1 << (byte % 8);
        fs::write(&path, &bytes).unwrap();
        let copy = crash(dir.path());
        let spool = open(copy.path());
        let corrupt = copy.path().join(path.file_name().unwrap());
        let corrupt = corrupt.with_extension("corrupt");
        if byte < 48 {
            assert!(corrupt.exists(), "byte {byte} of the header");
            continue;
        }
        let segment = next(&spool).await;
        let contents = segment.contents().unwrap();
        let found = names(&contents);
        assert!(found.iter().all(|name| written.contains(name)), "{byte}");
        assert!(found.len() >= 3, "byte {byte} costs one frame at most");
        assert_eq!(contents.is_damaged(), found.len() < 4, "byte {byte}");
        spool.free(segment.id).unwrap();
        assert_eq!(corrupt.exists(), found.len() < 4, "the file is kept");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_are_all_told() {
    let dir = TempDir::new().unwrap();
    let config = Config {
        max_window: Duration::from_millis(1),
        segment_bytes: 1 << 20,
        max_bytes: 64 << 20,
        ..config(dir.path())
    };
    let spool = Arc::new(Spool::open(config, clock()).unwrap());
    let tasks = (0..40).map(|task| {
        let spool = Arc::clone(&spool);
        tokio::spawn(async move {
            for round in 0..20 {
                let both = (0..2).map(|n| {
                    let name = format!("s{task}-{round}-{n}");
                    spool.append(submission(&name, 100))
                });
                for result in join_all(both).await {
                    result.unwrap();
                }
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
    let spool = Arc::into_inner(spool).unwrap();
    assert_eq!(all(spool).await.len(), 40 * 20 * 2);
}

#[derive(Clone, Debug)]
enum Step {
    Append { size: usize, awaited: bool },
    Cut,
    TakeAndFree,
    Reopen,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0usize..6000, any::<bool>())
            .prop_map(|(size, awaited)| Step::Append { size, awaited }),
        2 => Just(Step::Cut),
        3 => Just(Step::TakeAndFree),
        1 => Just(Step::Reopen),
        1 => Just(Step::Crash),
    ]
}

/// The spool and what it must hold.
struct Walk {
    dir: TempDir,
    spool: Spool,
    /// Acknowledged and not freed.
    must: BTreeSet<String>,
    /// Appended since the spool was opened, nobody waited for it.
    flying: BTreeSet<String>,
    /// In flight when a crash came: may be there.
    may: BTreeSet<String>,
    appended: usize,
}

impl Walk {
    async fn take(&mut self, step: &Step) {
        match *step {
            Step::Append { size, awaited } => {
                let name = format!("s{}", self.appended);
                self.appended += 1;
                let append = self.spool.append(submission(&name, size));
                if awaited {
                    append.await.unwrap();
                    self.must.insert(name);
                } else {
                    drop(append);
                    self.flying.insert(name);
                }
            }
            Step::Cut => self.spool.cut(),
            Step::TakeAndFree => {
                let soon = Duration::from_millis(5);
                let taken = tokio::time::timeout(soon, self.spool.next_segment()).await;
                if let Ok(Some(segment)) = taken {
                    for name in names(&segment.contents().unwrap()) {
                        let known = self.must.remove(&name)
                            || self.flying.remove(&name)
                            || self.may.remove(&name);
                        assert!(known, "{name} was freed or never appended");
                    }
                    self.spool.free(segment.id).unwrap();
                }
            }
            Step::Reopen => {
                self.spool.close();
                // A closed spool commits all that was appended.
                self.must.append(&mut self.flying);
                drop(std::mem::replace(
                    &mut self.spool,
                    open(TempDir::new().unwrap().path()),
                ));
                self.spool = open(self.dir.path());
            }
            Step::Crash => {
                let copy = crash(self.dir.path());
                self.may.append(&mut self.flying);
                self.spool = open(copy.path());
                self.dir = copy;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_random_walk_loses_nothing_and_makes_nothing_up(
        steps in proptest::collection::vec(step(), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let dir = TempDir::new().unwrap();
            let spool = open(dir.path());
            let mut walk = Walk {
                dir,
                spool,
                must: BTreeSet::new(),
                flying: BTreeSet::new(),
                may: BTreeSet::new(),
                appended: 0,
            };
            for step in &steps {
                walk.take(step).await;
            }
            let copy = crash(walk.dir.path());
            let found = all(open(copy.path())).await;
            let lost: Vec<_> = walk.must.difference(&found).collect();
            assert!(lost.is_empty(), "lost: {lost:?}");
            for name in found.difference(&walk.must) {
                assert!(walk.flying.contains(name) || walk.may.contains(name), "{name} is made up");
            }
        });
    }
}
