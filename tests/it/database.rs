//! A ClickHouse for tests, and rows to put into it.

use std::path::PathBuf;
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use skimwatch::clock::{SystemClock, Timestamp};
use skimwatch::engine::{self, Child, Supervisor};
use skimwatch::ids::{CollectorId, SegmentId};
use skimwatch::spool::OutcomeCount;
use skimwatch::spool::row::{POLICY_COLUMNS, REPORT_COLUMNS};
use skimwatch::store::{Attempt, Config, Delivery, Store};

/// An engine of its own with our database in it. The engine ends when this is dropped.
pub(crate) struct Database {
    pub(crate) config: Config,
    pub(crate) store: Store,
    _engine: Supervisor,
    _dir: tempfile::TempDir,
}

/// Until a new engine answers, on a machine that runs other tests too.
const START: Duration = Duration::from_secs(60);

impl Database {
    /// One with the schema in it.
    pub(crate) async fn new() -> Self {
        let database = Self::bare().await;
        database.store.migrate().await.expect("migrated");
        database
    }

    /// One without.
    pub(crate) async fn bare() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let set = |name| std::env::var_os(name).map(PathBuf::from);
        let library = engine::library_path(
            set("SKIMWATCH__ENGINE__LIBRARY").as_deref(),
            set("XDG_CACHE_HOME").as_deref(),
            set("HOME").as_deref(),
        );
        let engine = Supervisor::start(Child {
            program: PathBuf::from(env!("CARGO_BIN_EXE_skimwatch")),
            path: dir.path().to_owned(),
            port: None,
            library: library.expect("a place for the library"),
            max_memory_bytes: engine::DEFAULT_MAX_MEMORY,
            log_filter: "info".to_owned(),
        });
        let engine = engine.expect("deploy/fetch-engine.sh fetches the library");
        engine.ready(START).await.expect("it answers");
        let endpoint = engine.endpoint().clone();
        let config = Config {
            url: endpoint.url,
            user: endpoint.user,
            password: endpoint.password,
            ..Config::default()
        };
        Self {
            store: Store::connect(config.clone()).expect("a plain name"),
            config,
            _engine: engine,
            _dir: dir,
        }
    }

    /// The answer to a query, as tab-separated lines.
    pub(crate) async fn ask(&self, sql: &str) -> String {
        let mut answer = self.store.raw(sql, "TSVRaw").expect("a plain format");
        let mut text = Vec::new();
        while let Some(piece) = answer.next().await.expect("answered") {
            text.extend_from_slice(&piece);
        }
        let text = String::from_utf8(text).expect("text");
        text.trim_end().to_owned()
    }

    /// A statement that changes things, which no door of the product lets through.
    pub(crate) async fn change(&self, sql: &str) {
        let client = clickhouse::Client::default()
            .with_url(&self.config.url)
            .with_user(&self.config.user)
            .with_password(&self.config.password)
            .with_database(&self.config.database)
            .with_setting("mutations_sync", "2");
        client.query_raw(sql).execute().await.expect("changed");
    }
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
        (kind, Some(value)) => unreachable!("{value:?} for {kind}"),
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
