//! Stored history → alerts: what ClickHouse holds, read back as the live detector reads it.

use super::error::BacktestError;
use super::panel::Panel;
use super::{Outcome, Trial};
use crate::clock::Timestamp;
use crate::erasure::Erased;
use crate::registry::{MAX_PAGE, Registry};
use crate::scope::Scope;
use crate::sites::{SiteRecord, Sites};
use crate::store::{Batch, Reader, Store};

/// What is read.
#[derive(Debug)]
pub struct History<'a> {
    /// Where the rows are.
    pub store: &'a Store,
    /// Where the merchants are, what was erased, and what people decided.
    pub registry: &'a Registry,
    /// The first receipt that counts. The detector remembers nothing of before.
    pub since: Timestamp,
}

/// Runs over stored history, and writes nothing but the alerts. Also says how many rows it has read.
///
/// # Errors
/// [`BacktestError`] if something cannot be read, or an alert cannot be written.
pub async fn run_stored(
    history: &History<'_>,
    trial: &Trial,
) -> Result<(u64, Outcome), BacktestError> {
    let sites = sites(history.registry)?;
    let erasures = history.registry.erasures(Timestamp::default())?;
    let erased: Erased = erasures.into_iter().map(|it| it.erasure).collect();
    let mut panel = Panel::new(trial, &sites)?;
    panel.set_verdicts(&history.registry.verdicts()?);
    let mut reader = Reader::new(history.store.clone());
    let mut rows = 0;
    let mut tell = |panel: &mut Panel<'_>, batch: &Batch<'_>| {
        rows += batch.len() as u64;
        batch.tell(&erased, panel);
    };
    let since = history.since;
    while reader.read_on(since, |it| tell(&mut panel, it)).await? {
        panel.check()?;
    }
    reader.read_late(since, |it| tell(&mut panel, it)).await?;
    Ok((rows, panel.close()?))
}

fn sites(registry: &Registry) -> Result<Sites, BacktestError> {
    let mut records = Vec::new();
    loop {
        let after = records.last().map(|record: &SiteRecord| &record.id);
        let page = registry.sites(&Scope::Operator, after, MAX_PAGE)?;
        if page.is_empty() {
            break;
        }
        records.extend(page.into_iter().map(|entry| entry.record));
    }
    Ok(Sites::of(records)?)
}
