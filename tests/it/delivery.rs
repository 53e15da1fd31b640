//! Segments into ClickHouse, again and again: everything once, whatever was seen of the answers.

use skimwatch::ids::{CollectorId, SegmentId};
use skimwatch::scope::Scope;
use skimwatch::store::{
    Attempt, Config, Cursors, Delivered, Mark, Remedy, Store, StoreError, Stretch,
};

use crate::database::{Database, Segment, Value, now, policy, report};

/// Five reports in two partitions, a policy, three counts.
fn segment(sequence: u32) -> Segment {
    let retention = |i: i64| Value::from(if i < 3 { 400 } else { 30 });
    let row = |i| {
        let given = [
            ("site", "a".into()),
            ("retention", retention(i)),
            ("line", i.into()),
            ("type", "csp-violation".into()),
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

/// A host that swallows what is sent to it: its queue of connections is full, so it answers no SYN.
#[tokio::test]
async fn nobody_answers_the_door() {
    use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};
    let hole = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().expect("an address");
    bind(&hole, &any).expect("bound");
    listen(&hole, 0).expect("listening");
    let address = getsockname(&hole).expect("bound").try_into();
    let address: std::net::SocketAddr = address.expect("of the internet");
    let connect = || {
        let wait = std::time::Duration::from_millis(300);
        std::net::TcpStream::connect_timeout(&address, wait)
    };
    let mut queue = Vec::new();
    while let Ok(stream) = connect() {
        queue.push(stream);
    }
    let store = Store::connect(Config {
        url: format!("http://{address}"),
        connect_timeout: std::time::Duration::from_secs(1),
        insert_timeout: std::time::Duration::from_secs(600),
        read_timeout: std::time::Duration::from_secs(600),
        ..Config::default()
    });
    let store = store.expect("a plain name");
    let segment = segment(1);
    let delivery = segment.delivery(Attempt::First);
    let delivered = store.deliver(&delivery);
    let patience = std::time::Duration::from_secs(30);
    let delivered = tokio::time::timeout(patience, delivered).await;
    let error = delivered.expect("given up in time").expect_err("nobody");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
    assert_eq!(error.remedy(), Remedy::Retry);
}

#[tokio::test]
async fn a_mark_that_is_set_late_is_found() {
    let database = Database::new().await;
    let store = &database.store;
    let long_ago = skimwatch::clock::Timestamp(0);
    let put = async |sequence| {
        let segment = segment(sequence);
        let delivery = segment.delivery(Attempt::First);
        store.deliver(&delivery).await.expect("in");
    };
    put(1).await;
    let mut cursors = store.begin_feed().await.expect("answered");
    put(5).await;
    put(3).await;
    let read = |marks: &[Mark], cursors: &mut Cursors| {
        let numbers: Vec<_> = marks.iter().map(|mark| mark.segment & 0xffff).collect();
        for stretch in Stretch::of(marks, 10_000) {
            cursors.pass(&stretch);
        }
        numbers
    };
    let marks = store.marks_after(&cursors, long_ago, 10).await;
    let mut numbers = read(&marks.expect("answered"), &mut cursors);
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 3, 5]);
    // Two was on its way for long, four comes back after it was set aside.
    put(4).await;
    put(2).await;
    let marks = store.marks_after(&cursors, long_ago, 10).await;
    assert!(marks.expect("answered").is_empty(), "behind the cursor");
    for expected in [vec![2, 4], vec![]] {
        let late = store.late_marks(&cursors, long_ago).await;
        let mut numbers = read(&late.expect("answered"), &mut cursors);
        numbers.sort_unstable();
        assert_eq!(numbers, expected);
        cursors.settle();
    }
    // A stretch over a gap holds the rows of its own segments only.
    let marks = store.begin_feed().await.expect("answered");
    let marks = store.marks_after(&marks, long_ago, 10).await;
    let mut marks = marks.expect("answered");
    marks.sort_by_key(|mark| mark.segment);
    marks.retain(|mark| mark.segment & 1 == 1);
    let stretches = Stretch::of(&marks, 10_000);
    assert_eq!(stretches.len(), 1);
    let rows = store.sightings(&Scope::Operator, &stretches[0]).await;
    assert_eq!(rows.expect("answered").len(), 3 * 5);
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
