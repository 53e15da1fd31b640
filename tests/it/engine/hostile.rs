//! What must not work, whoever asks: reading and writing outside the engine's directory, other hosts, lifted limits.

use std::net::TcpListener;

use super::harness::Engine;

/// Statements that reach outside, leave their request, or lift a limit. `{file}` is a file outside with a secret in it,
/// `{new}` a path outside where nothing is, `{port}` a port that somebody listens on.
const REFUSED: &[&str] = &[
    // Reading files.
    "SELECT file('{file}')",
    "SELECT FILE('{file}')",
    "SELECT `file`('{file}')",
    "SELECT file/* */('{file}')",
    "SELECT arrayMap(file, ['{file}'])",
    "SELECT * APPLY(file) FROM (SELECT '{file}')",
    "SELECT * APPLY(x -> file(x)) FROM (SELECT '{file}')",
    "WITH (SELECT file('{file}')) AS x SELECT x",
    "SELECT 1 ORDER BY file('{file}')",
    "SELECT 1 AS a, 2 AS b ORDER BY a WITH FILL INTERPOLATE (b AS file('{file}'))",
    "SELECT * FROM view(SELECT file('{file}'))",
    "EXPLAIN SELECT file('{file}')",
    "SHOW COLUMNS FROM one FROM system WHERE file('{file}') != ''",
    "SELECT * FROM file('{file}', 'LineAsString')",
    "DESCRIBE TABLE file('{file}')",
    "SELECT * FROM filesystem('{file}')",
    "SELECT * FROM default.`{file}`",
    "SELECT * FROM eval('SELECT file(''{file}'')') SETTINGS allow_experimental_eval_table_function = 1",
    "SELECT * FROM sqlite('{file}', 't')",
    "SELECT * FROM executable('cat', 'TSV', 'a String')",
    "SELECT catboostEvaluate('{file}', 1)",
    "INSERT INTO notes FROM INFILE '{file}' FORMAT LineAsString",
    "INSERT INTO notes SELECT file('{file}')",
    "INSERT INTO notes VALUES (file('{file}'))",
    "CREATE TABLE x (a String DEFAULT file('{file}')) ENGINE = Memory",
    "CREATE TABLE x (a String) ENGINE = File(LineAsString, '{file}')",
    "CREATE VIEW x AS SELECT file('{file}')",
    "ALTER TABLE notes ADD COLUMN b String DEFAULT file('{file}')",
    "ALTER TABLE notes UPDATE a = file('{file}') WHERE 1",
    "SELECT 1 AS a FORMAT Template SETTINGS format_template_row = '{file}'",
    "SELECT 1 SETTINGS additional_result_filter = 'file(''{file}'') != '''''",
    "CREATE DATABASE x ENGINE = Filesystem('/')",
    "CREATE DATABASE x ENGINE = Overlay('default')",
    // Writing files.
    "SELECT 1 INTO OUTFILE '{new}'",
    "INSERT INTO FUNCTION file('{new}', 'TSV', 'a UInt8') SELECT 1",
    "CREATE TABLE x (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '{new}/')",
    "CREATE TABLE x (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = object_storage, object_storage_type = local_blob_storage, metadata_type = local, path = '{new}/')",
    "BACKUP DATABASE skimwatch TO File('{new}')",
    "RESTORE DATABASE skimwatch FROM File('{file}')",
    "ATTACH TABLE x FROM '{new}' (a UInt8) ENGINE = Memory",
    "SELECT 1 FORMAT Protobuf SETTINGS output_format_schema = '{new}'",
    // Other hosts.
    "SELECT * FROM url('http://127.0.0.1:{port}/', 'TSV', 'a String')",
    "SELECT * FROM s3('http://127.0.0.1:{port}/b/k', 'TSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1:{port}', 'system.one')",
    "SELECT * FROM remoteSecure('127.0.0.1:{port}', 'system.one')",
    "SELECT * FROM mysql('127.0.0.1:{port}', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('127.0.0.1:{port}', 'd', 't', 'u', 'p')",
    "SELECT * FROM mongodb('127.0.0.1:{port}', 'd', 'c', 'u', 'p', 'a String')",
    "SELECT * FROM hdfs('hdfs://127.0.0.1:{port}/x', 'TSV', 'a String')",
    "SELECT * FROM azureBlobStorage('http://127.0.0.1:{port}/', 'c', 'b')",
    "SELECT * FROM redis('127.0.0.1:{port}', 'k', 'k String')",
    "SELECT 1 FROM numbers(1) AS n, url('http://127.0.0.1:{port}/', 'TSV', 'a String') AS u",
    "CREATE TABLE x (a String) ENGINE = URL('http://127.0.0.1:{port}/', 'TSV')",
    "CREATE TABLE x AS remote('127.0.0.1:{port}', 'system.one')",
    "CREATE TABLE x (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = web, endpoint = 'http://127.0.0.1:{port}/')",
    "CREATE DATABASE x ENGINE = PostgreSQL('127.0.0.1:{port}', 'd', 'u', 'p')",
    "CREATE DICTIONARY x (a UInt64) PRIMARY KEY a SOURCE(HTTP(URL 'http://127.0.0.1:{port}/' FORMAT 'TSV')) LAYOUT(FLAT()) LIFETIME(0)",
    "EXPLAIN TABLE OVERRIDE mysql('127.0.0.1:{port}', 'd', 't', 'u', 'p') PARTITION BY a",
    "SELECT aiGenerate('x')",
    // The engine itself.
    "SYSTEM SHUTDOWN",
    "SYSTEM FLUSH LOGS",
    "KILL QUERY WHERE 1",
    "SET max_threads = 1",
    "USE system",
    "DETACH TABLE notes",
    "CREATE FUNCTION x AS (a) -> a",
    "CREATE NAMED COLLECTION x AS a = 1",
    "CREATE USER x",
    "GRANT ALL ON *.* TO default",
    "CREATE TEMPORARY TABLE x (a UInt8)",
    "BEGIN TRANSACTION",
    "DROP DATABASE skimwatch",
    "CREATE DATABASE other",
    "CREATE TABLE default.x (a UInt8) ENGINE = Memory",
    "CREATE TABLE x (a UInt8) ENGINE = Distributed('c', 'd', 't')",
    "SELECT 1; SELECT 2",
    "SELECT 1 PARALLEL WITH SELECT 2",
    "",
    // Limits.
    "SELECT 1 SETTINGS max_memory_usage = 0",
    "SELECT 1 SETTINGS max_memory_usage = 100000000000",
    "SELECT 1 SETTINGS max_execution_time = 0",
    "SELECT 1 SETTINGS max_threads = 1000",
    "SELECT 1 SETTINGS profile = 'default', max_memory_usage = 0",
    "SELECT 1 SETTINGS max_parser_depth = 100000",
    "SELECT 1 SETTINGS dialect = 'kusto'",
    "SELECT 1 SETTINGS log_comment = 'hidden'",
    "SELECT 1 SETTINGS allow_introspection_functions = 1",
];

/// Settings in the URL that would open a way around.
const SETTINGS: &[&str] = &[
    "max_memory_usage=0",
    "max_execution_time=0",
    "format_template_row={file}",
    "additional_result_filter=1",
    "input_format_values_interpret_expressions=1",
    "input_format_record_errors_file_path={new}",
    "dialect=prql",
    "compatibility=22.1",
    "no_such_setting=1",
];

#[test]
fn nothing_reaches_outside() {
    let engine = Engine::start();
    engine.text("CREATE TABLE notes (a String) ENGINE = MergeTree ORDER BY a");
    let outside = tempfile::tempdir().expect("a temporary directory");
    let (file, new) = (outside.path().join("secret"), outside.path().join("new"));
    std::fs::write(&file, "canary in the mine\n").expect("a file outside");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let port = listener
        .local_addr()
        .expect("an address")
        .port()
        .to_string();
    let fill = |text: &str| {
        text.replace("{file}", &file.to_string_lossy())
            .replace("{new}", &new.to_string_lossy())
            .replace("{port}", &port)
    };
    for statement in REFUSED {
        let sql = fill(statement);
        for target in ["/", "/?readonly=2"] {
            let reply = engine.http("POST", target, sql.as_bytes());
            assert_ne!(reply.status, 200, "{sql}: {}", reply.text());
            assert!(!reply.text().contains("canary"), "{sql} read the file");
        }
    }
    for setting in SETTINGS {
        let reply = engine.http("POST", &format!("/?{}", fill(setting)), b"SELECT 1");
        assert_ne!(reply.status, 200, "{setting}");
    }
    let target = format!(
        "/?param_d=default&param_t={}",
        fill("{file}").replace('/', "%2F")
    );
    let reply = engine.http(
        "POST",
        &target,
        b"SELECT * FROM {d:Identifier}.{t:Identifier}",
    );
    assert_eq!(reply.status, 403, "{}", reply.text());

    assert_eq!(
        engine.text("SELECT count() FROM notes"),
        "0",
        "nothing came in"
    );
    assert_eq!(
        engine.text("SELECT count() FROM system.tables WHERE database = 'skimwatch'"),
        "1",
        "nothing was made"
    );
    let left: Vec<_> = std::fs::read_dir(outside.path())
        .expect("a directory")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    assert_eq!(left, std::slice::from_ref(&file), "nothing was written");
    assert_eq!(
        std::fs::read_to_string(&file).expect("the file"),
        "canary in the mine\n"
    );
    assert!(listener.accept().is_err(), "nobody called");
}

#[test]
fn what_analysts_write_is_not_hostile() {
    let engine = Engine::start();
    for sql in [
        "CREATE TABLE t (a UInt64, at DateTime DEFAULT now(), s String CODEC(ZSTD(3)), INDEX i s TYPE bloom_filter GRANULARITY 4) \
         ENGINE = ReplacingMergeTree(at) PARTITION BY toYYYYMM(at) ORDER BY a TTL at + INTERVAL 30 DAY \
         SETTINGS non_replicated_deduplication_window = 100",
        "CREATE TABLE sums (s String, n UInt64) ENGINE = SummingMergeTree ORDER BY s",
        "CREATE MATERIALIZED VIEW mv TO sums AS SELECT s, count() AS n FROM t GROUP BY s",
        "CREATE MATERIALIZED VIEW inner ENGINE = AggregatingMergeTree ORDER BY s AS SELECT s, uniqState(a) AS u FROM t GROUP BY s",
        "CREATE VIEW v AS SELECT s FROM t",
        "INSERT INTO t (a, s) VALUES (1, 'x'), (2, 'it''s file(1)')",
        "INSERT INTO t (a, s) SELECT number, 'y' FROM numbers(10)",
        "WITH x AS (SELECT s, count() AS c FROM t GROUP BY s) SELECT * FROM x ORDER BY c FORMAT JSONEachRow",
        "SELECT s, sum(n) FROM sums GROUP BY s WITH TOTALS FORMAT TSV",
        "SELECT s, uniqMerge(u) FROM inner GROUP BY s -- file",
        "SELECT a, row_number() OVER (PARTITION BY s ORDER BY a) FROM t FORMAT Vertical",
        "SELECT * FROM t ARRAY JOIN [1, 2] AS z WHERE s IN (SELECT s FROM sums)",
        "SHOW TABLES",
        "SHOW CREATE TABLE t",
        "DESCRIBE TABLE t",
        "EXPLAIN indexes = 1 SELECT * FROM t WHERE a = 1",
        "EXISTS TABLE t",
        "ALTER TABLE t ADD COLUMN b UInt8 DEFAULT 0",
        "CREATE TABLE plain (a UInt64, s String) ENGINE = MergeTree ORDER BY a",
        "ALTER TABLE plain ADD PROJECTION p (SELECT s ORDER BY s)",
        "ALTER TABLE plain UPDATE s = 'z' WHERE a = 1",
        "OPTIMIZE TABLE t FINAL",
        "ALTER TABLE t DELETE WHERE a = 1",
        "SELECT name, total_rows FROM system.tables WHERE database = 'skimwatch' FORMAT Pretty",
        "SELECT count() FROM system.parts WHERE active",
        "SELECT 1 SETTINGS max_threads = 1, max_execution_time = 5",
        "RENAME TABLE v TO w",
        "TRUNCATE TABLE t",
        "DROP TABLE t",
    ] {
        engine.text(sql);
    }
}
