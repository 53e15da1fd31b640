//! Segments into ClickHouse, again and again: everything once, whatever was seen of the answers.

use skimwatch::ids::{CollectorId, SegmentId};
use skimwatch::store::{Attempt, Config, Delivered, Remedy, Store, StoreError};

use crate::database::{Database, Segment, Value, now, policy, report};

/// Five reports in two partitions, a policy, three counts.
fn segment(sequence: u32) -> Segment {
    let retention = |i: i64| Value::from(if i < 3 { 400 } else { 30 });
    let row = |i| {
        let given = [
            ("site", "a".into()),
            ("retention", retention(i)),
            ("line", i.into()),
        ];
        report(now(), &given)
    };
    let mut segment = Segment::new(sequence)
        .count("a", "stored", "", 5)
        .count("a", "discarded", "malformed", 2)
        .count("", "refused", "unknown_key", 1);
    segment.reports = (0..5).map(row).collect();
    segment.policies = vec![policy(77, "default-src 'self'", now())];
    segment
}

/// Rows in each table, and the sum of all counts.
const EVERYTHING: &str = "
    SELECT (SELECT count() FROM reports), (SELECT uniqExact(id) FROM reports),
           (SELECT count() FROM policies FINAL), (SELECT sum(count) FROM report_outcomes),
           (SELECT count() FROM segments), (SELECT any(reports) FROM segments)";
const ONCE: &str = "5\t5\t1\t8\t1\t5";

#[tokio::test]
async fn a_segment_is_there_once() {
    let database = Database::new().await;
    let (store, segment) = (&database.store, segment(1));
    assert!(!store.is_delivered(segment.id).await.expect("answered"));
    let first = segment.delivery(Attempt::First);
    assert_eq!(
        store.deliver(&first).await.expect("in"),
        Delivered::Inserted(5)
    );
    assert_eq!(database.ask(EVERYTHING).await, ONCE);
    assert!(store.is_delivered(segment.id).await.expect("answered"));
    // The same insert under the same tokens, as if the answer had been lost.
    store.deliver(&first).await.expect("in");
    assert_eq!(database.ask(EVERYTHING).await, ONCE);
    let again = segment.delivery(Attempt::Again);
    assert_eq!(
        store.deliver(&again).await.expect("in"),
        Delivered::AlreadyThere
    );
    assert_eq!(database.ask(EVERYTHING).await, ONCE);
    let id = database.ask("SELECT min(id), max(id) FROM reports").await;
    let identity = segment.id.to_string();
    assert_eq!(id, format!("{identity}-0\t{identity}-4"));
}

#[tokio::test]
async fn what_is_missing_is_made_up_for() {
    let lost = [
        ("mark", vec!["TRUNCATE TABLE segments"]),
        (
            "counts",
            vec!["TRUNCATE TABLE segments", "TRUNCATE TABLE report_outcomes"],
        ),
        (
            "a partition",
            vec![
                "TRUNCATE TABLE segments",
                "ALTER TABLE reports DELETE WHERE retention = 30",
            ],
        ),
        (
            "everything",
            vec![
                "TRUNCATE TABLE segments",
                "TRUNCATE TABLE report_outcomes",
                "TRUNCATE TABLE reports",
                "TRUNCATE TABLE policies",
            ],
        ),
    ];
    for (name, statements) in lost {
        let database = Database::new().await;
        let segment = segment(1);
        let store = &database.store;
        store
            .deliver(&segment.delivery(Attempt::First))
            .await
            .expect("in");
        for statement in statements {
            database.change(statement).await;
        }
        // Beyond its window, ClickHouse remembers no token.
        for table in ["reports", "policies", "report_outcomes", "segments"] {
            forget(&database, table).await;
        }
        store
            .deliver(&segment.delivery(Attempt::Again))
            .await
            .expect("in");
        assert_eq!(database.ask(EVERYTHING).await, ONCE, "{name}");
    }
}

/// Makes the table forget its tokens.
async fn forget(database: &Database, table: &str) {
    for window in [0, 10_000] {
        let sql = format!(
            "ALTER TABLE {table} MODIFY SETTING non_replicated_deduplication_window = {window}"
        );
        database.change(&sql).await;
    }
}

#[tokio::test]
async fn a_large_segment_is_one_block() {
    let database = Database::new().await;
    let mut segment = Segment::new(9);
    let row = report(
        now(),
        &[
            ("site", "a".into()),
            ("blocked", "https://b.example/x".into()),
        ],
    );
    segment.reports = vec![row; 60_000];
    let delivered = database
        .store
        .deliver(&segment.delivery(Attempt::First))
        .await;
    assert_eq!(delivered.expect("in"), Delivered::Inserted(60_000));
    let parts = "SELECT countIf(level = 0), sum(rows) FROM system.parts \
                 WHERE active AND database = currentDatabase() AND table = 'reports'";
    assert_eq!(database.ask(parts).await, "1\t60000");
}

#[tokio::test]
async fn bad_rows_are_refused_whole() {
    let database = Database::new().await;
    let mut cut = segment(3);
    let last = cut.reports.last_mut().expect("five");
    last.truncate(last.len() / 2);
    let error = database.store.deliver(&cut.delivery(Attempt::First)).await;
    let error = error.expect_err("cut");
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    assert_eq!(error.remedy(), Remedy::SetAside);
    assert_eq!(database.ask("SELECT count() FROM reports").await, "0");
    assert_eq!(database.ask("SELECT count() FROM segments").await, "0");
}

#[tokio::test]
async fn nobody_there_is_worth_another_try() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let store = |read_timeout| {
        let url = url.clone();
        Store::connect(Config {
            url,
            read_timeout,
            ..Config::default()
        })
        .expect("a plain name")
    };
    let id = SegmentId {
        collector: CollectorId(uuid::Uuid::nil()),
        epoch: 1,
        sequence: 1,
    };
    // Someone listens and never answers; then nobody listens.
    let hasty = store(std::time::Duration::from_millis(50));
    let error = hasty.is_delivered(id).await.expect_err("no answer");
    assert!(matches!(error, StoreError::Timeout), "{error}");
    drop(listener);
    let patient = store(std::time::Duration::from_secs(10));
    let error = patient.is_delivered(id).await.expect_err("nobody");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
    assert_eq!(error.remedy(), Remedy::Retry);
}

#[tokio::test]
async fn a_tables_absence_is_no_fault_of_the_segment() {
    let database = Database::bare().await;
    let error = database
        .store
        .deliver(&segment(1).delivery(Attempt::First))
        .await;
    let error = error.expect_err("not migrated");
    assert_eq!(error.remedy(), Remedy::Retry, "{error}");
}

#[tokio::test]
async fn old_counts_are_summed_up_and_stay_exact() {
    let database = Database::new().await;
    for sequence in 0..20 {
        let mut segment = Segment::new(sequence)
            .count("a", "stored", "", u64::from(sequence))
            .count("a", "discarded", "malformed", 1)
            .count("b", "stored", "", 2);
        let fresh = Segment::new(sequence).count("a", "stored", "", 5);
        let three_days = 3 * 24 * 3600;
        segment
            .outcomes
            .iter_mut()
            .for_each(|o| o.hour -= three_days);
        segment.outcomes.extend(fresh.outcomes);
        let delivery = segment.delivery(Attempt::First);
        database.store.deliver(&delivery).await.expect("in");
    }
    let sums = "SELECT site, outcome, sum(count) FROM report_outcomes \
                GROUP BY site, outcome ORDER BY site, outcome";
    let expected = "a\tdiscarded\t20\na\tstored\t290\nb\tstored\t40";
    assert_eq!(database.ask(sums).await, expected);
    for _ in 0..2 {
        database
            .change("OPTIMIZE TABLE report_outcomes FINAL")
            .await;
        assert_eq!(database.ask(sums).await, expected);
    }
    let rows = "SELECT countIf(hour < now() - INTERVAL 2 DAY), count() FROM report_outcomes";
    assert_eq!(
        database.ask(rows).await,
        "3\t23",
        "old ones by hour, new ones by segment"
    );
}
