//! Settings: defaults < TOML file < environment `SKIMWATCH__SECTION__KEY` < flags.
//!
//! [`Config`] only composes what each stage owns, and it is the one place that reads the environment.
//! The rule: an unknown or malformed setting stops the start, with its name.

mod detection;
mod load;
mod notify;
mod pages;
mod role;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;

pub use detection::weights;
pub use load::{ConfigError, cache_home, load, load_over};
pub use notify::{Notify, Smtp};
pub use pages::Oidc;
pub use role::{Role, Roles};

use crate::{cases, detect, enrich, intake, limit, spool};

/// All settings.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of everything that must outlive the process. Default: `data`.
    pub data_dir: PathBuf,
    /// Which doors this process opens. Default: all.
    pub roles: Roles,
    /// The database.
    pub clickhouse: ClickHouse,
    /// The embedded database, used when `clickhouse.url` is not set.
    pub engine: Engine,
    /// Where browsers post.
    pub intake: intake::Config,
    /// Where people and programs read.
    pub web: Web,
    /// How much is taken.
    pub limit: limit::Config,
    /// The log on disk.
    pub spool: Spool,
    /// The secrets that values and clients are hidden under.
    pub keys: Keys,
    /// What is known about addresses.
    pub enrich: enrich::Config,
    /// How the detector judges.
    pub detect: detect::Config,
    /// How long alerts may wait for people.
    pub triage: cases::Deadlines,
    /// How organizations are told of alerts.
    pub notify: Notify,
    /// The demonstration.
    pub demo: Demo,
    /// What is said about it.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            roles: Roles::default(),
            clickhouse: ClickHouse::default(),
            engine: Engine::default(),
            intake: intake::Config::default(),
            web: Web::default(),
            limit: limit::Config::default(),
            spool: Spool::default(),
            keys: Keys::default(),
            enrich: enrich::Config::default(),
            detect: detect::Config::default(),
            triage: cases::Deadlines::default(),
            notify: Notify::default(),
            demo: Demo::default(),
            log: Log::default(),
        }
    }
}

/// The database that reports go to.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClickHouse {
    /// `http://host:8123` or `https://…`; it may hold a password, so it is never printed. Not set: the
    /// embedded engine.
    pub url: Option<Secret>,
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
    /// Database name. Default: `skimwatch`.
    pub database: String,
    /// Longest wait for a connection, in seconds. Default: 5.
    pub connect_seconds: NonZeroU32,
    /// Longest wait until an insert is sent, and until it is answered, in seconds. Default: 30.
    pub insert_seconds: NonZeroU32,
    /// Longest wait for the answer to one query, in seconds. Default: 10.
    pub query_seconds: NonZeroU32,
}

impl Default for ClickHouse {
    fn default() -> Self {
        Self {
            url: None,
            user: "default".to_owned(),
            password: Secret::default(),
            database: "skimwatch".to_owned(),
            connect_seconds: seconds(5),
            insert_seconds: seconds(30),
            query_seconds: seconds(10),
        }
    }
}

const fn seconds(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("the defaults are not zero")
}

impl ClickHouse {
    /// [`connect_seconds`](Self::connect_seconds), [`insert_seconds`](Self::insert_seconds),
    /// [`query_seconds`](Self::query_seconds).
    pub fn timeouts(&self) -> [Duration; 3] {
        [
            self.connect_seconds,
            self.insert_seconds,
            self.query_seconds,
        ]
        .map(|seconds| Duration::from_secs(seconds.get().into()))
    }
}

/// The embedded engine.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engine {
    /// Path of `libchdb.so`. Default: where `deploy/fetch-engine.sh` puts it.
    pub library: Option<PathBuf>,
    /// Password of the engine's face; made anew at each start when not set.
    pub secret: Option<Secret>,
    /// Memory that the engine may take, in bytes. Default: 1 GB.
    pub max_memory_bytes: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            library: None,
            secret: None,
            max_memory_bytes: 1_000_000_000,
        }
    }
}

/// The reading side.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Address of the API, `/healthz`, `/readyz` and `/metrics`. Default: `127.0.0.1:8081`.
    pub listen: String,
    /// The first administrator's token. Void as soon as an operator can log in: see `skimwatch user add`.
    pub bootstrap_token: Option<Secret>,
    /// How browsers call the pages, without a path: `https://skimwatch.example`. Links to them begin with it, and a
    /// login with a provider needs it. Default: as each browser calls them; notices then have no links.
    pub public_url: Option<String>,
    /// Whether everybody who logs in with a password must have a second factor, which is recommended. Default: false.
    pub require_totp: bool,
    /// Who else says who somebody is.
    pub oidc: Oidc,
    /// Networks of proxies whose `X-Forwarded-For`, `-Host` and `-Proto` are believed. Default: none.
    pub trusted_proxies: Vec<IpNet>,
    /// Certificate chain in PEM, to speak TLS here; with `tls_key`. Read again when it changes.
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM; with `tls_cert`.
    pub tls_key: Option<PathBuf>,
    /// The most connections. Default: 2,000.
    pub max_connections: usize,
}

impl Default for Web {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8081".to_owned(),
            bootstrap_token: None,
            public_url: None,
            require_totp: false,
            oidc: Oidc::default(),
            trusted_proxies: Vec::new(),
            tls_cert: None,
            tls_key: None,
            max_connections: 2000,
        }
    }
}

/// The demonstration.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Demo {
    /// Address of the demo shop. Default: `127.0.0.1:8082`.
    pub listen: String,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8082".to_owned(),
        }
    }
}

/// The log on disk. Its folder is `spool` in the data directory.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spool {
    /// Size of a segment file, in bytes. Default: 8 MiB.
    pub segment_bytes: u64,
    /// The most that all segment files may take, in bytes, damaged ones that are kept included. Default: 2 GiB.
    pub max_bytes: u64,
    /// What a 204 promises. `fsync`, the default: nothing is lost when the process, the kernel or the power
    /// fails, as far as the disk honors flushes. `os`: nothing when the process fails; when the kernel or the
    /// power fails, what was not written back, typically the last 30 seconds.
    pub durability: spool::Durability,
}

impl Default for Spool {
    fn default() -> Self {
        let config = spool::Config::new(PathBuf::new());
        Self {
            segment_bytes: config.segment_bytes,
            max_bytes: config.max_bytes,
            durability: config.durability,
        }
    }
}

/// The secrets that values and clients are hidden under.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// Folder of `redaction.json` and `pseudonym.json`, and of `control.key` where people log in. Default: `keys` in
    /// the data directory. They are made if they are missing. Collectors whose rows are to be compared need the same two files: share the folder, or
    /// copy both before the first start, any earlier state of them will do. It may be read-only if all are in
    /// it; then whoever reads it later can find out older pseudonyms, too, because they are never overwritten.
    pub dir: Option<PathBuf>,
}

/// What the process says about itself.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// A `tracing` filter. Default: `info`, but of the HTTP server only what went wrong.
    pub filter: String,
    /// One JSON object a line in place of text.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "info,actix_server=warn".to_owned(),
            json: false,
        }
    }
}

/// A string that is never printed.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "(none)"
        } else {
            "(secret)"
        })
    }
}
