//! Administrative commands. They work whether or not `serve` is running on the data directory.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context as _;

use super::output;
use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::ids::{SiteId, SiteKey};
use crate::registry::{Author, Registry};
use crate::replay;
use crate::scope::Scope;
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

/// `skimwatch import FILE`.
pub(super) fn import(config: &Config, file: &Path) -> anyhow::Result<()> {
    let json = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let registry = open_registry(config)?;
    let summary = registry
        .import(&json, ACTOR)
        .with_context(|| format!("{} was not imported, nothing was changed", file.display()))?;
    registry.publish(&app::snapshot_path(config))?;
    output::line(&format!(
        "{} added, {} changed, {} unchanged",
        summary.added, summary.changed, summary.unchanged
    ));
    Ok(())
}

/// `skimwatch site add-key SITE`.
pub(super) fn add_key(config: &Config, site: &str) -> anyhow::Result<()> {
    let registry = open_registry(config)?;
    let key = registry.add_key(&Scope::Operator, &SiteId::new(site)?, &author())?;
    registry.publish(&app::snapshot_path(config))?;
    output::line(key.as_str());
    Ok(())
}

/// `skimwatch site retire-key KEY`.
pub(super) fn retire_key(config: &Config, key: &str) -> anyhow::Result<()> {
    let registry = open_registry(config)?;
    registry.retire_key(&Scope::Operator, &SiteKey::new(key)?, &author())?;
    registry.publish(&app::snapshot_path(config))?;
    output::line("retired");
    Ok(())
}

/// `skimwatch audit verify`.
pub(super) fn audit_verify(config: &Config) -> anyhow::Result<()> {
    let head = open_registry(config)?.audit_verify()?;
    output::line(&format!(
        "{} entries, none changed, none missing",
        head.entries
    ));
    Ok(())
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
