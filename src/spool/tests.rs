//! The spool with reports in it: what goes in as a report comes out as its row.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::row::{Context, put_policy, put_report};
use super::*;
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::enrich::Network;
use crate::ids::SiteId;
use crate::limit::{self, Admitted, Folded, Limiter};
use crate::normalize::Directive;
use crate::outcome::{DiscardReason, Outcome, Tally};
use crate::redact::{PolicyText, Report};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn open(dir: &Path) -> Spool {
    let config = Config {
        segment_bytes: 64 << 10,
        max_bytes: 1 << 20,
        segment_age: Duration::from_secs(3600),
        ..Config::new(dir)
    };
    Spool::open(config, ManualClock::at(NOW)).unwrap()
}

fn site() -> SiteId {
    SiteId::new("shop").unwrap()
}

fn admitted(report: Report) -> Admitted {
    let clock: SharedClock = ManualClock::at(NOW);
    let network = Network::of("192.0.2.1".parse().unwrap());
    Limiter::new(limit::Config::default(), clock)
        .visit(&site(), None, network)
        .quota(report)
        .expect("nothing was sent before")
}

fn submission(reports: Vec<Report>) -> Submission {
    let mut tally = Tally::default();
    tally.add(Outcome::Stored, u32::try_from(reports.len()).unwrap());
    Submission {
        site: site(),
        received_at: NOW,
        retention_days: 90,
        tally,
        reports: reports.into_iter().map(admitted).collect(),
        folded: Vec::new(),
    }
}

fn report(n: u32) -> Report {
    Report::made_up(&format!("d{n}.example"), Directive::ScriptSrc)
}

fn row(report: &Report) -> Vec<u8> {
    let mut row = Vec::new();
    let context = Context {
        site: &site(),
        received_at: NOW,
        retention_days: 90,
    };
    put_report(&mut row, report, context);
    row
}

async fn contents(spool: &Spool) -> SegmentContents {
    spool.cut();
    let segment = spool.next_segment().await.expect("one was written");
    segment.contents().unwrap()
}

#[tokio::test]
async fn rows_come_out_in_order_as_they_were_encoded() {
    let dir = tempfile::TempDir::new().unwrap();
    let spool = open(dir.path());
    let sizes = [1, 3, 0, 2];
    let mut expected = Vec::new();
    for size in sizes {
        let from = u32::try_from(expected.len()).unwrap();
        let reports: Vec<_> = (from..from + size).map(report).collect();
        expected.extend(reports.iter().map(row));
        spool.append(submission(reports)).await.unwrap();
    }
    let contents = contents(&spool).await;
    assert_eq!(contents.num_reports(), 6);
    assert_eq!(contents.rows().collect::<Vec<_>>(), expected);
    assert_eq!(contents.received, (NOW, NOW));
}

/// Nobody waits for it, and it comes with the next commit, which it brings about.
#[tokio::test]
async fn what_is_folded_unread_is_counted_with_the_next_commit() {
    let dir = tempfile::TempDir::new().unwrap();
    let spool = open(dir.path());
    for _ in 0..1000 {
        spool.count_folded(&site()).unwrap();
    }
    let contents = contents(&spool).await;
    let folded: u64 = contents.outcomes.iter().map(|it| it.count).sum();
    assert_eq!(folded, 1000);
    assert!(contents.outcomes.iter().all(|it| it.outcome == "folded"));
    assert_eq!(contents.num_reports(), 0);
    spool.close();
    assert_eq!(spool.count_folded(&site()), Err(AppendError::Closed));
}

#[tokio::test]
async fn a_policy_is_written_once_until_it_is_forgotten() {
    let dir = tempfile::TempDir::new().unwrap();
    let spool = open(dir.path());
    let policy = |hash| PolicyText {
        hash,
        text: format!("default-src 'self' {hash}"),
    };
    let with = |n, hash| report(n).with_policy(Some(policy(hash)));
    spool
        .append(submission(vec![with(1, 7), with(2, 7), with(3, 8)]))
        .await
        .unwrap();
    let first = contents(&spool).await;
    let rows: Vec<Vec<u8>> = [7, 8]
        .map(|hash| {
            let mut row = Vec::new();
            put_policy(&mut row, &policy(hash), NOW);
            row
        })
        .into();
    assert_eq!(first.policies().collect::<Vec<_>>(), rows);
    spool
        .append(submission(vec![with(4, 7), with(5, 9)]))
        .await
        .unwrap();
    let second = contents(&spool).await;
    assert_eq!(second.policies().len(), 1, "only the new one");
    drop(spool);
    let again = open(dir.path());
    // The two from before come first.
    for expected in [2, 1, 1] {
        let contents = match expected {
            1 => again.next_segment().await,
            _ => {
                again.append(submission(vec![with(6, 7)])).await.unwrap();
                again.cut();
                again.next_segment().await
            }
        };
        let contents = contents.expect("it was not freed").contents().unwrap();
        assert_eq!(contents.policies().len(), expected);
    }
}

#[tokio::test]
async fn every_entry_is_in_one_count() {
    let dir = tempfile::TempDir::new().unwrap();
    let spool = open(dir.path());
    let mut expected = 0;
    for hour in 0..2 {
        let mut submission = submission(vec![report(1), report(2)]);
        let folded = Folded {
            destination: "noise.example".to_owned(),
            directive: Directive::ImgSrc,
        };
        submission.folded = vec![folded.clone(), folded];
        submission.received_at = Timestamp(NOW.0 + hour * 3_600_000);
        let tally = &mut submission.tally;
        tally.add(Outcome::Folded, 5);
        tally.add(Outcome::Discarded(DiscardReason::Malformed), 4);
        tally.add(Outcome::Discarded(DiscardReason::Truncated), 1);
        expected += u64::from(tally.received());
        spool.append(submission).await.unwrap();
    }
    let contents = contents(&spool).await;
    let text: Vec<String> = contents
        .outcomes
        .iter()
        .map(|count| {
            let words = [&count.outcome, &count.reason, &count.destination];
            let words = words.map(String::as_str).join(",");
            format!(
                "{}+{} {words} {}",
                count.hour / 3600,
                count.hour % 3600,
                count.count
            )
        })
        .collect();
    let hour = 1_700_000_000 / 3600;
    let expected_text: Vec<String> = [
        "discarded,malformed, 4",
        "discarded,truncated, 1",
        "folded,, 3",
        "folded,,noise.example 2",
        "stored,, 2",
    ]
    .iter()
    .flat_map(|words| [hour, hour + 1].map(|hour| format!("{hour}+0 {words}")))
    .collect();
    assert_eq!(text, expected_text);
    let sum: u64 = contents.outcomes.iter().map(|count| count.count).sum();
    assert_eq!(sum, expected);
}

#[tokio::test]
async fn an_empty_submission_needs_no_commit() {
    let dir = tempfile::TempDir::new().unwrap();
    let spool = Arc::new(open(dir.path()));
    spool.append(submission(Vec::new())).await.unwrap();
    spool.close();
    assert!(spool.next_segment().await.is_none());
}

#[tokio::test]
async fn a_scrubbed_file_holds_nothing_of_its_earlier_life() {
    let dir = tempfile::TempDir::new().unwrap();
    let spool = open(dir.path());
    let holds = || {
        let files = std::fs::read_dir(dir.path()).unwrap().flatten();
        let texts = files.map(|file| std::fs::read(file.path()).unwrap_or_default());
        let needle = b"d7.example";
        let mut found = texts.filter(|text| text.windows(needle.len()).any(|part| part == needle));
        found.next().is_some()
    };
    spool.append(submission(vec![report(7)])).await.unwrap();
    let segment = contents(&spool).await;
    spool.scrub();
    assert!(holds(), "what waits stays");
    spool.free(segment.id).unwrap();
    assert!(holds(), "its file waits to be used again");
    spool.scrub();
    assert!(!holds());
    spool.append(submission(vec![report(8)])).await.unwrap();
    assert_eq!(contents(&spool).await.num_reports(), 1);
}
