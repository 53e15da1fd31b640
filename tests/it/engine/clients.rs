//! Both clients that must work: the crate that the product uses, and ClickHouse's own for Python.

use std::path::Path;
use std::process::Command;

use clickhouse::{Client, Compression, Row};
use serde::{Deserialize, Serialize};

use super::harness::Engine;

/// Rows of a result that comes in several chunks.
const MANY: u64 = 150_000;

#[derive(Row, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Typed {
    number: u64,
    word: String,
    maybe: Option<i32>,
    list: Vec<String>,
    flag: bool,
    #[serde(with = "clickhouse::serde::uuid")]
    id: uuid::Uuid,
    share: f64,
}

fn typed(number: u64) -> Typed {
    Typed {
        number,
        word: format!("word {} \u{65e5}\u{672c}\n'\\", number % 9),
        maybe: (!number.is_multiple_of(3)).then_some(-5),
        list: vec!["a".to_owned(); usize::try_from(number % 4).expect("small")],
        flag: number.is_multiple_of(2),
        id: uuid::Uuid::from_u128(number.into()),
        share: 0.25,
    }
}

async fn insert(client: &Client, table: &str, rows: u64) -> clickhouse::error::Result<()> {
    let mut insert = client.insert::<Typed>(table).await?;
    for number in 0..rows {
        insert.write(&typed(number)).await?;
    }
    insert.end().await
}

#[tokio::test]
async fn typed_rows_go_in_and_out() {
    let engine = Engine::start();
    for (table, compression) in [("packed", Compression::Lz4), ("plain", Compression::None)] {
        let client = engine.client().with_compression(compression);
        let create = format!(
            "CREATE TABLE {table} (number UInt64, word LowCardinality(String), maybe Nullable(Int32), list Array(String), \
             flag Bool, id UUID, share Float64) ENGINE = MergeTree ORDER BY number"
        );
        client.query(&create).execute().await.expect(table);
        let none = client
            .query("SELECT ?fields FROM ?")
            .bind(clickhouse::sql::Identifier(table));
        assert_eq!(
            none.fetch_all::<Typed>().await.expect(table),
            [],
            "{table}: no rows"
        );
        insert(&client, table, MANY).await.expect(table);
        let all = client
            .query("SELECT ?fields FROM ? ORDER BY number")
            .bind(clickhouse::sql::Identifier(table))
            .fetch_all::<Typed>()
            .await
            .expect(table);
        assert_eq!(all.len() as u64, MANY, "{table}");
        assert!(
            all.iter()
                .zip(0..)
                .all(|(row, number)| *row == typed(number)),
            "{table}"
        );
    }
}

#[tokio::test]
async fn parameters_settings_and_database() {
    let engine = Engine::start();
    let client = engine.client();
    let text = "it's a\ttab, a \\ and \u{65e5}\u{672c}";
    let (found, number): (String, u64) = client
        .query("SELECT {text:String}, sum(number) FROM {db:Identifier}.numbers WHERE number IN {list:Array(UInt64)} AND number < 100")
        .param("text", text)
        .param("db", "system")
        .param("list", vec![3_u64, 4])
        .fetch_one()
        .await
        .expect("parameters arrive");
    assert_eq!((found.as_str(), number), (text, 7));

    let block = "SELECT value FROM system.settings WHERE name = 'max_block_size'";
    let before: String = client.query(block).fetch_one().await.expect("a setting");
    let with = client.query(block).with_setting("max_block_size", "1234");
    assert_eq!(with.fetch_one::<String>().await.expect("a setting"), "1234");
    let after: String = client.query(block).fetch_one().await.expect("a setting");
    assert_eq!(after, before, "a setting ends with its request");

    for (database, expected) in [
        ("skimwatch", "skimwatch"),
        ("system", "system"),
        ("default", "skimwatch"),
    ] {
        let target = format!("/?database={database}&query=SELECT+currentDatabase()");
        assert_eq!(
            engine.http("GET", &target, b"").text().trim_end(),
            expected,
            "{database}"
        );
    }
    assert_eq!(engine.text("SELECT timezone()"), "UTC");
}

#[tokio::test]
async fn errors_say_their_code_early_and_late() {
    let engine = Engine::start();
    let client = engine.client();
    for (sql, code) in [
        ("SELECT nothing", "Code: 47"),
        ("SELEC 1", "Code: 62"),
        ("SELECT * FROM nowhere", "Code: 60"),
        // The first chunk has been sent when this one fails.
        (
            "SELECT throwIf(number = 1000000, 'late') FROM numbers(2000000)",
            "Code: 395",
        ),
    ] {
        let error = client
            .query(sql)
            .fetch_all::<u8>()
            .await
            .expect_err(sql)
            .to_string();
        assert!(error.contains(code), "{sql}: {error}");
    }
    let reply = engine.http("POST", "/", b"SELECT nothing");
    assert_eq!(
        (reply.status, reply.header("X-ClickHouse-Exception-Code")),
        (404, Some("47"))
    );
    let late = engine.http(
        "POST",
        "/",
        b"SELECT throwIf(number = 1000000, 'late') FROM numbers(2000000)",
    );
    let tag = late
        .header("X-ClickHouse-Exception-Tag")
        .expect("a tag")
        .to_owned();
    assert_eq!(late.status, 200);
    assert!(
        !late.complete,
        "half a result does not end like a whole one"
    );
    assert!(
        late.text()
            .ends_with(&format!(" {tag}\r\n__exception__\r\n")),
        "{tag}"
    );
}

#[tokio::test]
async fn eight_at_once() {
    let engine = Engine::start();
    let client = engine.client();
    let asking = (0..8_u64).map(|n| {
        let client = client.clone();
        tokio::spawn(async move {
            let sql = format!("SELECT sum(number + {n}) FROM numbers(1000000)");
            client.query(&sql).fetch_one::<u64>().await
        })
    });
    for (n, answer) in futures_util::future::join_all(asking)
        .await
        .into_iter()
        .enumerate()
    {
        let answer = answer.expect("no panic").expect("an answer");
        assert_eq!(answer, 499_999_500_000 + n as u64 * 1_000_000);
    }
}

#[test]
fn chunks_join_to_one_document() {
    let engine = Engine::start();
    let select = |format: &str| {
        engine.http(
            "POST",
            "/",
            format!("SELECT number, 'a\nb' AS text FROM numbers({MANY}) FORMAT {format}")
                .as_bytes(),
        )
    };
    let csv = select("CSVWithNames").text();
    assert_eq!(csv.matches("\"number\"").count(), 1);
    assert_eq!(csv.matches("\"a\nb\"\n").count() as u64, MANY);
    let lines = select("JSONCompactEachRowWithNamesAndTypes").text();
    assert_eq!(lines.lines().count() as u64, MANY + 2);
    let json: serde_json::Value =
        serde_json::from_slice(&select("JSON").body).expect("one document");
    assert_eq!(json["rows"], MANY);

    engine.text("CREATE TABLE copy (number UInt64, text String) ENGINE = Memory");
    let native = select("Native");
    assert_eq!(native.header("X-ClickHouse-Format"), Some("Native"));
    let target = "/?query=INSERT+INTO+copy+FORMAT+Native";
    let reply = engine.http("POST", target, &native.body);
    let summary = reply.header("X-ClickHouse-Summary").expect("a summary");
    assert!(
        summary.contains(&format!("\"written_rows\":\"{MANY}\"")),
        "{summary}"
    );
    assert_eq!(
        engine.text("SELECT count(), sum(number) FROM copy"),
        format!("{MANY}\t{}", MANY * (MANY - 1) / 2)
    );

    let packed = engine.http("POST", "/?compress=1", b"SELECT 1");
    assert_eq!(packed.body[16], 0x82, "a block of ClickHouse's own");
    let capped = engine.http(
        "POST",
        "/",
        b"SELECT number FROM numbers(1000001) FORMAT JSON",
    );
    assert_eq!(
        capped.header("X-ClickHouse-Exception-Code"),
        Some("396"),
        "{}",
        capped.text()
    );
}

/// Fails, and does not skip, without the package: `SKIMWATCH_TEST_PYTHON` names a Python that has it.
#[test]
#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn the_python_client() {
    let engine = Engine::start();
    let python =
        std::env::var("SKIMWATCH_TEST_PYTHON").unwrap_or_else(|_unset| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/clickhouse_connect.py");
    let output = Command::new(&python)
        .arg(script)
        .args([&engine.endpoint.url, &engine.endpoint.password])
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{python} (needs clickhouse-connect 1.12):\n{said}"
    );
}
