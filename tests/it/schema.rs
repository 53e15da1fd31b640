//! The schema: migrations, the columns that rows are made of, the indexes that reads rely on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use skimwatch::spool::row::{POLICY_COLUMNS, REPORT_COLUMNS};
use skimwatch::store::{Attempt, LATEST, Migrated, StoreError};

use crate::database::{Database, Segment, now, report};

#[tokio::test]
async fn migrations_run_once_and_may_run_again() {
    let database = Database::bare().await;
    let store = &database.store;
    let (one, other) = tokio::join!(store.migrate(), store.migrate());
    one.and(other).expect("two at once");
    let again = store.migrate().await.expect("again");
    let nothing = Migrated {
        applied: 0,
        version: LATEST,
    };
    assert_eq!(again, nothing);
    let names = database
        .ask("SELECT name FROM schema_migrations FINAL ORDER BY number")
        .await;
    let known: Vec<&str> = skimwatch::store::migrations()
        .iter()
        .map(|m| m.name)
        .collect();
    assert_eq!(names.lines().collect::<Vec<_>>(), known);
}

#[tokio::test]
async fn a_database_of_another_build_is_refused() {
    let newer = Database::new().await;
    let sql = "INSERT INTO schema_migrations (number, name, checksum) VALUES (99, 'x', 'y')";
    newer.change(sql).await;
    let error = newer.store.migrate().await.expect_err("newer");
    assert!(
        matches!(error, StoreError::Newer { found: 99, .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("use a newer skimwatch"),
        "{error}"
    );

    let edited = Database::new().await;
    let sql =
        "INSERT INTO schema_migrations (number, name, checksum) VALUES (2, 'create_reports', 'y')";
    edited.change(sql).await;
    let error = edited.store.migrate().await.expect_err("edited");
    assert!(
        matches!(error, StoreError::Edited { number: 2, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn current_sql_is_fresh() {
    let database = Database::new().await;
    let name = &database.config.database;
    let query = format!(
        "SELECT formatQuery(replaceAll(create_table_query, '{name}.', '')) \
         FROM system.tables WHERE database = '{name}' ORDER BY name"
    );
    let mut answer = database
        .store
        .raw(&query, "JSONEachRow")
        .expect("a plain format");
    let mut lines = Vec::new();
    while let Some(piece) = answer.next().await.expect("answered") {
        lines.extend_from_slice(&piece);
    }
    let mut text =
        "-- The whole schema as it is now, as ClickHouse shows it. Made from migrations/; \
                    tests/it/schema.rs keeps it fresh.\n"
            .to_owned();
    for line in String::from_utf8(lines).expect("text").lines() {
        let row: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(line).expect("JSON");
        let create = row
            .values()
            .next()
            .and_then(|v| v.as_str())
            .expect("a text");
        writeln!(text, "\n{create};").expect("memory");
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/current.sql");
    if std::fs::read_to_string(file).unwrap_or_default() != text {
        let new = format!("{file}.snap.new");
        std::fs::write(&new, &text).expect("written");
        panic!("schema/current.sql is stale: look at {new} and put it in its place");
    }
}

#[tokio::test]
async fn rows_have_the_columns_of_their_tables() {
    let database = Database::new().await;
    let identity = [
        ("collector", "UUID"),
        ("segment", "UInt64"),
        ("index", "UInt32"),
    ];
    let reports: Vec<(&str, &str)> = identity.iter().chain(REPORT_COLUMNS).copied().collect();
    for (table, expected) in [("reports", &reports[..]), ("policies", POLICY_COLUMNS)] {
        let sql = format!(
            "SELECT name, type FROM system.columns \
             WHERE database = currentDatabase() AND table = '{table}' AND default_kind != 'ALIAS' \
             ORDER BY position"
        );
        let found = database.ask(&sql).await;
        let found: Vec<(&str, &str)> = found.lines().filter_map(|l| l.split_once('\t')).collect();
        assert_eq!(found, expected, "{table}");
    }
}

#[tokio::test]
async fn what_a_segment_feeds_is_durable_and_told_apart() {
    let database = Database::new().await;
    let feeds = [
        "reports",
        "policies",
        "report_outcomes",
        "segments",
        "canaries",
    ];
    for table in feeds {
        let sql = format!(
            "SELECT engine_full FROM system.tables \
             WHERE database = currentDatabase() AND name = '{table}'"
        );
        let engine = database.ask(&sql).await;
        for setting in [
            "non_replicated_deduplication_window = 10000",
            "fsync_after_insert = 1",
            "fsync_part_directory = 1",
        ] {
            assert!(engine.contains(setting), "{table}: {engine}");
        }
    }
    let uncommented = "SELECT table, name FROM system.columns \
                       WHERE database = currentDatabase() AND comment = ''";
    assert_eq!(database.ask(uncommented).await, "");
}

/// What is asked, what of the plan shows that an index answers it.
const PLANS: [(&str, &str, &str); 7] = [
    (
        "hunt for a destination",
        "SELECT site, blocked FROM reports WHERE destination = 'd7.example'",
        "Name: by_destination",
    ),
    (
        "when did sites report",
        "SELECT site, min(received_at), max(received_at), count() FROM reports GROUP BY site",
        "ReadFromMergeTree (by_site)",
    ),
    (
        "when did these sites report",
        "SELECT site, min(received_at) AS first, max(received_at) AS last, count() FROM reports \
         WHERE site IN ['s1', 's2'] GROUP BY site",
        "ReadFromMergeTree (by_site)",
    ),
    (
        "which reports of a segment",
        "SELECT `index` FROM reports WHERE collector = toUUID('00000000-0000-0000-0000-000000000007') \
         AND segment = 4294967297",
        "Name: segment_range",
    ),
    (
        "which segments came in lately",
        "SELECT collector, segment FROM segments \
         WHERE inserted_at >= fromUnixTimestamp64Milli(1800000000000, 'UTC')",
        "Name: inserted_range",
    ),
    (
        "the newest reports",
        "SELECT id, blocked FROM reports \
         ORDER BY toDate(received_at) DESC, received_at DESC, collector DESC, segment DESC, `index` DESC \
         LIMIT 100",
        "Read type: InReverseOrder",
    ),
    (
        "the newest reports of a site",
        "SELECT id, blocked FROM reports WHERE site = 's3' \
         ORDER BY toDate(received_at) DESC, received_at DESC, collector DESC, segment DESC, `index` DESC \
         LIMIT 100",
        "Read type: InReverseOrder",
    ),
];

#[tokio::test]
async fn indexes_answer_what_they_are_for() {
    let database = Database::new().await;
    for sequence in 1..4 {
        let mut segment = Segment::new(sequence);
        let row = |i: u32| {
            let (site, destination) = (format!("s{}", i % 50), format!("d{}.example", i % 97));
            let given = [
                ("site", site.as_str().into()),
                ("destination", destination.as_str().into()),
            ];
            report(now(), &given)
        };
        segment.reports = (0..20_000).map(row).collect();
        let delivery = segment.delivery(Attempt::First);
        database.store.deliver(&delivery).await.expect("in");
    }
    for (name, query, sign) in PLANS {
        // A table this small would be read whole without looking at the projection.
        let explain = format!(
            "EXPLAIN indexes = 1, projections = 1 {query} \
             SETTINGS min_table_rows_to_use_projection_index = 0"
        );
        let plan = database.ask(&explain).await;
        assert!(plan.contains(sign), "{name}: {plan}");
    }
}

/// Table → its columns, as `CREATE TABLE` and `ALTER TABLE … ADD COLUMN` name them.
type Columns = BTreeMap<String, BTreeSet<String>>;

/// Words that begin a line inside `CREATE TABLE` and name no column.
const NO_COLUMNS: [&str; 11] = [
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "FOREIGN",
    "CONSTRAINT",
    "INDEX",
    "PROJECTION",
    "SELECT",
    "GROUP",
    "ORDER",
    "BEGIN",
];

fn columns_of(sql: &str, columns: &mut Columns) {
    let mut table = None;
    for line in sql.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["CREATE", "TABLE", name, ..] => {
                columns.entry(name.to_owned()).or_default();
                table = Some(name.to_owned());
            }
            ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => {
                let of_table = columns.entry(name.to_owned()).or_default();
                of_table.insert(column.to_owned());
            }
            // One level deep: what stands deeper belongs to a projection.
            [name, _, ..] if line.starts_with("    ") && !line.starts_with("     ") => {
                let name = name.trim_matches('`');
                let is_column = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                    && !NO_COLUMNS.contains(&name);
                if let Some(table) = table.as_ref().filter(|_| is_column) {
                    let of_table = columns.entry(table.clone()).or_default();
                    of_table.insert(name.to_owned());
                }
            }
            _ if line.starts_with(')') => table = None,
            _ => {}
        }
    }
}

/// The same as the tables of a page tell it: `### `table``, then a row for each column.
fn columns_told(page: &str) -> Columns {
    let mut told = Columns::new();
    let mut table = None;
    for line in page.lines() {
        if line.starts_with('#') {
            let name = line.strip_prefix("### `").and_then(|l| l.strip_suffix('`'));
            table = name.map(str::to_owned);
        }
        let column = line.strip_prefix("| `").and_then(|l| l.split('`').next());
        if let (Some(table), Some(column)) = (&table, column) {
            let of_table = told.entry(table.clone()).or_default();
            of_table.insert(column.to_owned());
        }
    }
    told
}

/// Whoever must answer for the data finds every column, in both languages, and none that is not there.
#[test]
fn the_pages_on_privacy_tell_every_column() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/schema"));
    let read = |path: &Path| std::fs::read_to_string(path).expect("readable");
    let mut columns = Columns::new();
    columns_of(&read(&folder.join("current.sql")), &mut columns);
    let control = std::fs::read_dir(folder.join("control")).expect("a folder");
    let mut control: Vec<_> = control.map(|entry| entry.expect("a file").path()).collect();
    control.sort();
    for file in control {
        columns_of(&read(&file), &mut columns);
    }
    for (table, column) in [
        ("reports", "client"),
        ("canaries", "window"),
        ("sites", "harmless_parameters"),
        ("alert_events", "subject"),
    ] {
        assert!(columns[table].contains(column), "{table}.{column} is read");
    }
    for page in ["PRIVACY.md", "PRIVACY.ja.md"] {
        assert_eq!(columns_told(&read(&folder.join(page))), columns, "{page}");
    }
}
