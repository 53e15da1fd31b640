//! Administrative commands. They work whether or not `serve` is running on the data directory.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Arguments;
use super::output;
use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::registry::{Author, Registry};
use crate::replay;
use crate::store::Store;

/// Who stands in the audit log for what is done from the shell.
pub(super) const ACTOR: &str = "shell";

/// Whoever sits at the shell.
pub(super) fn author() -> Author {
    Author::of_installation(ACTOR)
}

/// `skimwatch migrate`.
pub(super) async fn migrate(store: &Store) -> anyhow::Result<()> {
    store.migrate().await?;
    output::line("the schema is up to date");
    Ok(())
}

/// `skimwatch completion SHELL`.
pub(super) fn completion(shell: Shell) {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    output::answer(&script);
}

pub(super) fn open_registry(config: &Config) -> anyhow::Result<Registry> {
    app::make_data_dir(config)?;
    let path = app::registry_path(config);
    Ok(Registry::open(&path, SystemClock::shared())?)
}

/// `skimwatch replay FILE`.
pub(super) fn replay(file: &Path, url: String, speed: f64) -> anyhow::Result<()> {
    let source = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let progress = |sent| output::progress(&format!("{sent} requests sent"));
    let options = replay::Options {
        url,
        speed,
        progress,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let clock = SystemClock::shared();
    let summary = runtime.block_on(replay::run(BufReader::new(source), &options, &clock))?;
    output::line(&summary.to_string());
    anyhow::ensure!(
        summary.failed == 0,
        "{} requests had no answer",
        summary.failed
    );
    Ok(())
}

/// `skimwatch sql QUERY`.
pub(super) async fn sql(store: &Store, query: &str, format: &str) -> anyhow::Result<()> {
    let mut answer = store.raw(query, format)?;
    while let Some(bytes) = answer.next().await? {
        output::answer(&bytes);
    }
    Ok(())
}
