//! A ClickHouse of its own process, which comes and goes as a test says, or does worse behind a proxy.

use std::time::Duration;

use super::deadline::within;
use super::http::Client;
use super::proxy::Proxy;
use super::skimwatch::{Background, Skimwatch};

pub(crate) const SECRET: &str = "a-secret-of-this-test";
const STARTS: Duration = Duration::from_secs(60);

/// The engine, alone, at an address that stays the same.
#[derive(Debug)]
pub(crate) struct ClickHouse {
    running: Option<Background>,
    home: Skimwatch,
    url: String,
}

impl ClickHouse {
    /// It does not run yet.
    pub(crate) fn prepare() -> Self {
        let home = Skimwatch::prepare(&[("SKIMWATCH__ENGINE__SECRET", SECRET)]);
        let url = format!("http://{}", home.web);
        Self {
            running: None,
            home,
            url,
        }
    }

    /// What a program needs to use it.
    pub(crate) fn settings(&self) -> [(&str, &str); 3] {
        [
            ("SKIMWATCH__CLICKHOUSE__URL", &self.url),
            ("SKIMWATCH__CLICKHOUSE__USER", "skimwatch"),
            ("SKIMWATCH__CLICKHOUSE__PASSWORD", SECRET),
        ]
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// It comes, and answers a moment later.
    pub(crate) fn come(&mut self) {
        let path = self.home.folder().join("engine").display().to_string();
        let listen = self.home.web.to_string();
        let engine = ["engine", "--path", &path, "--listen", &listen];
        self.running = Some(self.home.run_in_background(&engine));
    }

    /// It goes.
    pub(crate) fn go(&mut self) {
        self.running = None;
    }
}

/// One that answers, and what stands before it.
pub(crate) struct Proxied {
    pub(crate) proxy: Proxy,
    through: String,
    clickhouse: ClickHouse,
}

impl Proxied {
    /// It runs, and nothing is in the way yet.
    pub(crate) fn start() -> Self {
        let mut clickhouse = ClickHouse::prepare();
        clickhouse.come();
        let address = clickhouse.home.web;
        within(STARTS, "the engine", || Client::connect(address).ok());
        let proxy = Proxy::before(address);
        Self {
            through: format!("http://{}", proxy.address),
            proxy,
            clickhouse,
        }
    }

    /// What a program needs to use it by the proxy, and not wait long.
    pub(crate) fn settings(&self) -> Vec<(&str, &str)> {
        let mut settings = self.clickhouse.settings().to_vec();
        settings.push(("SKIMWATCH__CLICKHOUSE__INSERT_SECONDS", "2"));
        for (name, value) in &mut settings {
            if *name == "SKIMWATCH__CLICKHOUSE__URL" {
                *value = &self.through;
            }
        }
        settings
    }

    /// Where it is by the proxy.
    pub(crate) fn through(&self) -> &str {
        &self.through
    }

    /// Where it is by no proxy.
    pub(crate) fn direct(&self) -> &str {
        self.clickhouse.url()
    }
}
