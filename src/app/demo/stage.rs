//! The demo's data directory: its own, never that of real merchants. [`Stage`] is the type to know.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::config::Config;
use crate::private;
use crate::registry::Registry;
use crate::scope::Scope;

/// What is known of the demo in this data directory.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stage {
    #[serde(skip)]
    path: PathBuf,
    /// When the made-up week ends and the campaign begins, in milliseconds since 1970.
    live_from: i64,
    /// Whether the week was played to its end.
    is_set: bool,
}

impl Stage {
    /// Finds the demo of this data directory, or begins one in an empty one.
    ///
    /// # Errors
    /// If there are merchants that no demo put there, or half a demo.
    pub(super) fn enter(
        config: &Config,
        registry: &Registry,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let path = config.data_dir.join("demo.json");
        let folder = config.data_dir.display();
        match fs::read(&path) {
            Ok(bytes) => {
                let stage: Self = serde_json::from_slice(&bytes)
                    .with_context(|| format!("{} is damaged: remove {folder}", path.display()))?;
                anyhow::ensure!(
                    stage.is_set,
                    "an earlier demo ended before its week was played: remove {folder} and start again"
                );
                Ok(Self { path, ..stage })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                anyhow::ensure!(
                    registry.sites(&Scope::Operator, None, 1)?.is_empty(),
                    "{folder} holds merchants that are not the demo's: name another folder in SKIMWATCH__DATA_DIR"
                );
                let stage = Self {
                    path,
                    live_from: now.0,
                    is_set: false,
                };
                stage.write()?;
                Ok(stage)
            }
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// When the made-up week ends and the campaign begins.
    pub(super) fn live_from(&self) -> Timestamp {
        Timestamp(self.live_from)
    }

    /// Whether the week was played to its end.
    pub(super) fn is_set(&self) -> bool {
        self.is_set
    }

    /// The week was played to its end.
    pub(super) fn set(&mut self) -> anyhow::Result<()> {
        self.is_set = true;
        self.write()
    }

    /// The administrator's token: that of the settings, or one that stays with the data.
    pub(super) fn token(&self, config: &Config) -> anyhow::Result<String> {
        if let Some(token) = &config.web.bootstrap_token {
            return Ok(token.reveal().to_owned());
        }
        token_in(&config.data_dir.join("bootstrap-token"))
    }

    fn write(&self) -> anyhow::Result<()> {
        private::replace(&self.path, &serde_json::to_vec(self)?)
            .with_context(|| format!("{} cannot be written", self.path.display()))
    }
}

fn token_in(path: &Path) -> anyhow::Result<String> {
    match fs::read_to_string(path) {
        Ok(token) if !token.trim().is_empty() => Ok(token.trim().to_owned()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be read", path.display()))
        }
        _ => {
            let mut bytes = [0; 24];
            getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
            let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            private::replace(path, token.as_bytes())
                .with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(token)
        }
    }
}
