//! Settings of the door for browsers.

use std::path::PathBuf;

use ipnet::IpNet;
use serde::Deserialize;

/// Settings of the door for browsers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where browsers post. Default: `127.0.0.1:8080`.
    pub listen: String,
    /// Networks of proxies whose `X-Forwarded-For` is believed. Default: none.
    pub trusted_proxies: Vec<IpNet>,
    /// Certificate chain in PEM, to speak TLS here; with `tls_key`. Read again when it changes.
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM; with `tls_cert`.
    pub tls_key: Option<PathBuf>,
    /// Threads that take reports. Default: one per core.
    pub workers: Option<usize>,
    /// Seconds in which the first headers of a connection must have arrived. Later ones may use up the time of
    /// the body too. Default: 5.
    pub header_seconds: u64,
    /// Seconds in which the whole body must have arrived. Default: 20.
    pub body_seconds: u64,
    /// Seconds that an idle connection is kept. Default: 75, as Chromium posts once a minute.
    pub idle_seconds: u64,
    /// The most connections of one worker. One network may have as many as are still free. Default: 25,000.
    pub max_connections: usize,
    /// Bytes of bodies that may be in memory at once, over all connections. Default: 32 MiB.
    pub max_body_memory: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            tls_cert: None,
            tls_key: None,
            workers: None,
            header_seconds: 5,
            body_seconds: 20,
            idle_seconds: 75,
            max_connections: 25_000,
            max_body_memory: 32 << 20,
        }
    }
}
