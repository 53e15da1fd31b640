//! Which ClickHouse is in use: a server by URL, or the embedded engine.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;

use super::paths;
use crate::config::{self, Config};
use crate::engine::{self, CommandEngine, Endpoint, Supervisor};
use crate::store::{self, Store};

/// A command's own answer is all that its terminal shows, unless something goes wrong.
const COMMAND_FILTER: &str = "warn";

/// The ClickHouse in use.
#[derive(Debug)]
pub struct Database {
    store: Store,
    engine: Engine,
}

/// Who runs it.
#[derive(Debug)]
enum Engine {
    /// Somebody else, at a URL of the settings.
    Elsewhere,
    /// This process, for as long as it serves.
    Kept(Supervisor),
    /// This process for the time of a command, unless one runs already.
    Lent(CommandEngine),
}

impl Database {
    /// For `serve`: a server by URL, or an engine of its own that is kept running. It may not answer yet.
    ///
    /// # Errors
    /// If the engine's library is missing, or the URL's settings are unusable.
    pub(super) fn for_serve(config: &Config) -> anyhow::Result<Self> {
        if config.clickhouse.url.is_some() {
            return Self::elsewhere(config);
        }
        let supervisor = Supervisor::start(child(config, &config.log.filter)?)?;
        let store = connect(config, supervisor.endpoint())?;
        Ok(Self {
            store,
            engine: Engine::Kept(supervisor),
        })
    }

    /// For a command: a server by URL, or the engine that `serve` runs on the same data directory, or one
    /// for the time of the command.
    ///
    /// # Errors
    /// If the engine's library is missing or it does not start.
    pub async fn for_command(config: &Config) -> anyhow::Result<Self> {
        if config.clickhouse.url.is_some() {
            return Self::elsewhere(config);
        }
        paths::make_data_dir(config)?;
        let engine = engine::start_for_command(child(config, COMMAND_FILTER)?).await?;
        let store = connect(config, engine.endpoint())?;
        Ok(Self {
            store,
            engine: Engine::Lent(engine),
        })
    }

    fn elsewhere(config: &Config) -> anyhow::Result<Self> {
        let clickhouse = &config.clickhouse;
        let endpoint = Endpoint {
            url: clickhouse
                .url
                .as_ref()
                .map_or_else(String::new, |url| url.reveal().to_owned()),
            user: clickhouse.user.clone(),
            password: clickhouse.password.reveal().to_owned(),
        };
        Ok(Self {
            store: connect(config, &endpoint)?,
            engine: Engine::Elsewhere,
        })
    }

    /// A handle on it.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Ends the engine, if this process started it.
    pub async fn stop(self) {
        match self.engine {
            Engine::Elsewhere => {}
            Engine::Kept(supervisor) => supervisor.stop().await,
            Engine::Lent(engine) => engine.stop().await,
        }
    }
}

fn connect(config: &Config, endpoint: &Endpoint) -> Result<Store, store::StoreError> {
    let [connect_timeout, insert_timeout, read_timeout] = config.clickhouse.timeouts();
    Store::connect(store::Config {
        url: endpoint.url.clone(),
        user: endpoint.user.clone(),
        password: endpoint.password.clone(),
        database: config.clickhouse.database.clone(),
        connect_timeout,
        insert_timeout,
        read_timeout,
    })
}

fn child(config: &Config, log_filter: &str) -> anyhow::Result<engine::Child> {
    Ok(engine::Child {
        program: std::env::current_exe().context("this program's own path is not known")?,
        path: paths::engine_dir(config),
        port: None,
        library: library(config)?,
        max_memory_bytes: config.engine.max_memory_bytes,
        log_filter: log_filter.to_owned(),
    })
}

/// Settings of `skimwatch engine`.
///
/// # Errors
/// If it is not known where the library should be.
pub fn engine_config(
    config: &Config,
    path: PathBuf,
    listen: SocketAddr,
) -> anyhow::Result<engine::Config> {
    Ok(engine::Config {
        path,
        listen,
        library: library(config)?,
        secret: config
            .engine
            .secret
            .as_ref()
            .map(|secret| secret.reveal().to_owned()),
        max_memory_bytes: config.engine.max_memory_bytes,
    })
}

fn library(config: &Config) -> anyhow::Result<PathBuf> {
    let setting = config.engine.library.as_deref();
    Ok(engine::library_path(
        setting,
        config::cache_home().as_deref(),
        None,
    )?)
}
