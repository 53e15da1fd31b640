//! A disk that is really full: what cannot be made durable is refused, and nothing that was acknowledged is lost.

use std::time::Duration;

use crate::durability::{Sent, rows_are};
use crate::journey::{counted, shop};
use crate::support::clickhouse::ClickHouse;
use crate::support::deadline::within;
use crate::support::disk::SmallDisk;
use crate::support::http::{Answer, Client};
use crate::support::load::LIMITS;
use crate::support::skimwatch::Skimwatch;

const LONG: Duration = Duration::from_secs(60);
/// Bytes of the disk: far below the budget of the log, so that the disk is what runs full.
const DISK: u64 = 1 << 20;

/// A program whose log, and nothing else, lies on a small disk.
fn on_a_small_disk(settings: &[(&str, &str)]) -> (Skimwatch, SmallDisk) {
    let mut all = vec![("SKIMWATCH__SPOOL__SEGMENT_BYTES", "65536")];
    all.extend(LIMITS);
    all.extend(settings);
    let mut program = Skimwatch::prepare(&all);
    let disk = SmallDisk::over(&program.data().join("spool"), DISK);
    program.on(&disk);
    program.import(&shop());
    (program, disk)
}

fn is_told_to_come_again(refused: &Answer) {
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.header("retry-after"), Some("5"));
}

fn says_why(program: &Skimwatch) {
    let ready = program.ask("/readyz");
    assert_eq!(ready.status, 503, "{}", ready.text());
    assert!(ready.text().contains("No space left"), "{}", ready.text());
    let failures = program.metric(r#"skimwatch_spool_commit_failures_total{kind="disk"}"#);
    assert!(failures >= 1.0, "{failures}");
}

fn is_ready_by_itself(program: &Skimwatch) {
    within(LONG, "/readyz", || {
        (program.ask("/readyz").status == 200).then_some(())
    });
}

/// Entries that were refused are in no count.
fn received_is(program: &Skimwatch, sent: &Sent) {
    rows_are(program, &sent.acknowledged);
    let entries = sent.acknowledged.len() as u64;
    let total = counted(program, entries)["total"].clone();
    assert_eq!(total["stored"], entries, "{total}");
}

#[test]
fn somebody_else_fills_it_and_makes_room_again() {
    let (mut program, disk) = on_a_small_disk(&[]);
    program.restart();
    disk.fill();
    let mut sent = Sent::default();
    for _ in 0..3 {
        is_told_to_come_again(&sent.one(&program));
        says_why(&program);
    }
    disk.make_room();
    is_ready_by_itself(&program);
    for _ in 0..10 {
        assert_eq!(sent.one(&program).status, 204);
    }
    received_is(&program, &sent);
    // Full again, while files of the log stand on it: they are used again and again.
    disk.fill();
    for _ in 0..10 {
        assert_eq!(sent.one(&program).status, 204);
    }
    received_is(&program, &sent);
}

/// The log itself fills it, the collector is killed, and starts again on a disk that has no byte left.
#[test]
fn full_while_clickhouse_is_gone() {
    let mut clickhouse = ClickHouse::prepare();
    let (mut program, disk) = on_a_small_disk(&clickhouse.settings());
    clickhouse.come();
    program.restart();
    let mut sent = Sent::default();
    assert_eq!(sent.one(&program).status, 204);
    received_is(&program, &sent);
    clickhouse.go();

    let refused = sent.until_refused(&program);
    is_told_to_come_again(&refused);
    says_why(&program);
    disk.fill();
    program.kill9();
    program.spawn();
    within(LONG, "a start on a full disk", || {
        Client::connect(program.intake).ok()
    });
    is_told_to_come_again(&sent.one(&program));
    says_why(&program);

    clickhouse.come();
    is_ready_by_itself(&program);
    assert_eq!(sent.one(&program).status, 204);
    received_is(&program, &sent);
}
