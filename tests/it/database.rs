//! A ClickHouse for tests, and rows to put into it.

use bytes::{BufMut, BytesMut};
use skimwatch::clock::{SystemClock, Timestamp};
use skimwatch::ids::{CollectorId, SegmentId};
use skimwatch::spool::OutcomeCount;
use skimwatch::spool::row::{POLICY_COLUMNS, REPORT_COLUMNS};
use skimwatch::store::{Attempt, Config, Delivery, Store};

/// A database of its own, migrated, gone when dropped with the engine's directory.
pub(crate) struct Database {
    pub(crate) store: Store,
}

/// How to reach a database of this name that nobody has made yet.
pub(crate) fn config(name: &str) -> Config {
    Config {
        url: "http://127.0.0.1:18123".to_owned(),
        database: format!("t{}_{name}", std::process::id()),
        ..Config::default()
    }
}

impl Database {
    /// Makes one.
    pub(crate) async fn new(name: &str) -> Self {
        let store = Store::connect(config(name)).expect("a plain name");
        store.migrate().await.expect("migrated");
        Self { store }
    }

    /// The answer to a query, as tab-separated lines.
    pub(crate) async fn ask(&self, sql: &str) -> String {
        ask(&self.store, sql).await
    }
}

/// The answer to a query, as tab-separated lines.
pub(crate) async fn ask(store: &Store, sql: &str) -> String {
    let mut answer = store.raw(sql, "TSVRaw").expect("a plain format");
    let mut text = Vec::new();
    while let Some(piece) = answer.next().await.expect("answered") {
        text.extend_from_slice(&piece);
    }
    String::from_utf8(text).expect("text").trim_end().to_owned()
}

/// A statement that may change things, which no door of the product allows.
pub(crate) async fn change(config: &Config, sql: &str) {
    let client = clickhouse::Client::default()
        .with_url(&config.url)
        .with_user(&config.user)
        .with_password(&config.password)
        .with_database(&config.database);
    client.query_raw(sql).execute().await.expect("changed");
}

/// A value of a column.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    Texts(Vec<&'static str>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// The moment that tests call now: the real one, because ClickHouse forgets by its own clock.
pub(crate) fn now() -> Timestamp {
    SystemClock::shared().now()
}

/// A report's row as the spool encodes it; what is not given is empty or zero.
pub(crate) fn report(received_at: Timestamp, given: &[(&str, Value)]) -> Vec<u8> {
    let mut row = BytesMut::new();
    for (name, kind) in REPORT_COLUMNS {
        let value = given
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone());
        let default = match *name {
            "received_at" | "occurred_at" => Some(Value::Number(received_at.0)),
            "retention" => Some(Value::Number(400)),
            _ => None,
        };
        put(&mut row, kind, value.or(default));
    }
    row.to_vec()
}

/// A policy's row as the spool encodes it.
pub(crate) fn policy(hash: i64, text: &str, seen: Timestamp) -> Vec<u8> {
    let values = [Value::from(hash), Value::from(text), Value::from(seen.0)];
    let mut row = BytesMut::new();
    for ((_, kind), value) in POLICY_COLUMNS.iter().zip(values) {
        put(&mut row, kind, Some(value));
    }
    row.to_vec()
}

fn put(row: &mut BytesMut, kind: &str, value: Option<Value>) {
    let text = |row: &mut BytesMut, text: &str| {
        row.put_u8(u8::try_from(text.len()).expect("short texts only"));
        row.put_slice(text.as_bytes());
    };
    let number = match &value {
        Some(Value::Number(number)) => *number,
        _ => 0,
    };
    let bytes = number.to_le_bytes();
    match (kind, value) {
        ("UInt8" | "Bool", _) => row.put_slice(&bytes[..1]),
        ("UInt16", _) => row.put_slice(&bytes[..2]),
        ("UInt32", _) => row.put_slice(&bytes[..4]),
        ("UInt64" | "DateTime64(3, 'UTC')", _) => row.put_slice(&bytes),
        ("Array(LowCardinality(String))", Some(Value::Texts(texts))) => {
            row.put_u8(u8::try_from(texts.len()).expect("short lists only"));
            texts.iter().for_each(|t| text(row, t));
        }
        (_, Some(Value::Text(value))) => text(row, &value),
        (_, None) => row.put_u8(0),
        (kind, Some(value)) => panic!("{value:?} for {kind}"),
    }
}

/// What a segment holds, kept alive for its delivery.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) id: SegmentId,
    pub(crate) reports: Vec<Vec<u8>>,
    pub(crate) policies: Vec<Vec<u8>>,
    pub(crate) outcomes: Vec<OutcomeCount>,
}

impl Segment {
    /// An empty one.
    pub(crate) fn new(sequence: u32) -> Self {
        Self {
            id: SegmentId {
                collector: CollectorId(uuid::Uuid::from_u128(7)),
                epoch: 1,
                sequence,
            },
            reports: Vec::new(),
            policies: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// With a count added.
    pub(crate) fn count(mut self, site: &str, outcome: &str, reason: &str, count: u64) -> Self {
        let seconds = u32::try_from(now().0 / 1000).expect("before 2106");
        self.outcomes.push(OutcomeCount {
            site: site.to_owned(),
            outcome: outcome.to_owned(),
            reason: reason.to_owned(),
            destination: String::new(),
            directive: String::new(),
            hour: seconds - seconds % 3600,
            count,
        });
        self
    }

    /// As it is delivered.
    pub(crate) fn delivery(&self, attempt: Attempt) -> Delivery<'_> {
        Delivery {
            id: self.id,
            attempt,
            received: (now(), now()),
            reports: self.reports.iter().map(Vec::as_slice).collect(),
            policies: self.policies.iter().map(Vec::as_slice).collect(),
            outcomes: &self.outcomes,
        }
    }
}
