//! The connection. [`Store`] is cheap to clone; all its clones share one pool of HTTP connections.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use clickhouse::{Client, Compression};

use super::error::StoreError;
use super::http;
use crate::normalize::UrlParts;

/// How to reach ClickHouse, and how long to wait for it.
#[derive(Clone)]
pub struct Config {
    /// Address of its HTTP interface: `http://127.0.0.1:8123`.
    pub url: String,
    /// Name of the user.
    pub user: String,
    /// Password of the user.
    pub password: String,
    /// Database that holds the tables: letters, digits, `_`; made by [`Store::migrate`].
    pub database: String,
    /// Longest wait for a connection; 5 s by default. A host that swallows what is sent to it costs no more.
    pub connect_timeout: Duration,
    /// Longest wait until one insert of a segment is sent, and until it is answered; 30 s by default.
    pub insert_timeout: Duration,
    /// Longest wait for the answer to one read; 10 s by default.
    pub read_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:8123".to_owned(),
            user: "default".to_owned(),
            password: String::new(),
            database: "skimwatch".to_owned(),
            connect_timeout: Duration::from_secs(5),
            insert_timeout: Duration::from_secs(30),
            read_timeout: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may carry credentials too, so only what is certainly harmless is shown.
        f.debug_struct("Config")
            .field("database", &self.database)
            .field("connect_timeout", &self.connect_timeout)
            .field("insert_timeout", &self.insert_timeout)
            .field("read_timeout", &self.read_timeout)
            .finish_non_exhaustive()
    }
}

/// What one read may cost at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// How long it may take; never longer than the read timeout.
    pub time: Duration,
    /// How many rows it may read.
    pub rows: u64,
    /// How much memory it may take, in bytes; none: what ClickHouse gives a query.
    pub memory: Option<u64>,
}

/// The way to ClickHouse.
#[derive(Clone)]
pub struct Store {
    /// Asks and inserts in our database.
    pub(super) client: Client,
    /// Asks outside any database: it is the one that makes ours.
    pub(super) server: Client,
    pub(super) database: String,
    pub(super) insert_timeout: Duration,
    pub(super) read_timeout: Duration,
    /// None: as ClickHouse sees fit.
    effort: Option<Effort>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

/// Between programs of one machine bytes cost less than the work to make them fewer.
fn compression(url: &str) -> Compression {
    let host = UrlParts::of(url).map_or("", |url| url.host);
    let is_here = host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    if is_here {
        Compression::None
    } else {
        Compression::Lz4
    }
}

impl Store {
    /// Prepares the connection. Nothing is sent yet, so ClickHouse may be down.
    ///
    /// # Errors
    /// [`StoreError::Database`] if the name of the database is not plain.
    pub fn connect(config: Config) -> Result<Self, StoreError> {
        if !is_plain(&config.database) {
            return Err(StoreError::Database(config.database));
        }
        let server = http::client(config.connect_timeout)
            .with_compression(compression(&config.url))
            .with_url(config.url)
            .with_user(config.user)
            .with_password(config.password)
            .with_product_info("skimwatch", env!("CARGO_PKG_VERSION"));
        Ok(Self {
            client: server.clone().with_database(&config.database),
            server,
            database: config.database,
            insert_timeout: config.insert_timeout,
            read_timeout: config.read_timeout,
            effort: None,
        })
    }

    /// The same way, for reads that may cost this much each.
    #[must_use]
    pub fn with_effort(&self, effort: Effort) -> Self {
        Self {
            read_timeout: self.read_timeout.min(effort.time),
            effort: Some(effort),
            ..self.clone()
        }
    }

    /// For reads: changes nothing, and gives up when nobody waits any more.
    pub(super) fn reader(&self) -> Client {
        let client = self
            .client
            .clone()
            .with_setting("readonly", "2")
            .with_setting(
                "max_execution_time",
                self.read_timeout.as_secs().max(1).to_string(),
            );
        let Some(effort) = self.effort else {
            return client;
        };
        let client = client.with_setting("max_rows_to_read", effort.rows.to_string());
        match effort.memory {
            None => client,
            Some(bytes) => client.with_setting("max_memory_usage", bytes.to_string()),
        }
    }

    /// Whether ClickHouse answers at all.
    ///
    /// # Errors
    /// [`StoreError`] if it does not, or says no.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let answer = self.server.query_raw("SELECT 1").fetch_one::<u8>();
        let one = within(self.read_timeout, answer).await?;
        if one == 1 {
            Ok(())
        } else {
            Err(StoreError::Answer(format!("SELECT 1 gave {one}")))
        }
    }
}

/// Waits for an answer, but not for ever.
pub(super) async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = clickhouse::error::Result<T>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(patience, answer).await {
        Ok(result) => result.map_err(StoreError::from),
        Err(_) => Err(StoreError::Timeout),
    }
}

fn is_plain(name: &str) -> bool {
    let starts_well = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    starts_well && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_databases() {
        for (name, plain) in [
            ("skimwatch", true),
            ("_x1", true),
            ("", false),
            ("1x", false),
            ("a`b", false),
            ("a; DROP", false),
        ] {
            let config = Config {
                database: name.to_owned(),
                ..Config::default()
            };
            assert_eq!(Store::connect(config).is_ok(), plain, "{name}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = Config {
            url: "http://u:hunter2@db".to_owned(),
            password: "hunter2".to_owned(),
            ..Config::default()
        };
        assert!(!format!("{config:?}").contains("hunter2"));
        let store = Store::connect(config).expect("a plain database");
        assert!(!format!("{store:?}").contains("hunter2"));
    }
}
