//! A ClickHouse of its own process, which comes and goes as a test says.

use super::skimwatch::{Background, Skimwatch};

const SECRET: &str = "a-secret-of-this-test";

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
