//! `skimwatch backtest`: what the detector would raise, and what another configuration would change of it.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::args::Backtest;
use super::{admin, output};
use crate::backtest::{self, Change, Files, History, Outcome, Raised, Trial};
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::store::Store;

/// `skimwatch backtest --weights`.
pub(super) fn weights(config: &Config) {
    for (name, value) in config::weights(&config.detect) {
        output::line(&format!("{name} {value}"));
    }
}

/// How it is judged. `settings` is the file that the settings came from.
pub(super) fn trial(
    config: &Config,
    settings: Option<&Path>,
    how: &Backtest,
) -> anyhow::Result<Trial> {
    let over = |file: &Path| {
        let config = config::load_over(settings, file);
        config.with_context(|| format!("--against {}", file.display()))
    };
    let against = how.against.as_deref().map(over).transpose()?;
    Ok(Trial {
        config: config.detect.clone(),
        against: against.map(|config| config.detect),
        alerts: how.alerts.clone(),
    })
}

/// Over recorded requests.
pub(super) fn files(config: &Config, trial: &Trial, how: &Backtest) -> anyhow::Result<()> {
    let (Some(merchants), Some(requests)) = (&how.merchants, &how.requests) else {
        anyhow::bail!("give --merchants and --requests, or --since");
    };
    let files = Files {
        merchants: merchants.clone(),
        requests: requests.clone(),
        networks: how.networks.clone(),
        keep_client: config.enrich.keep_client,
    };
    let clock = SystemClock::shared();
    let started = clock.monotonic();
    let (summary, outcome) = backtest::run(&files, trial)?;
    let seconds = clock.monotonic().saturating_sub(started).as_secs_f64();
    output::progress(&format!(
        "{} requests, {} entries ({} stored, {} folded, {} requests refused), {} alerts, {seconds:.1} s",
        summary.requests,
        summary.received,
        summary.stored,
        summary.folded,
        summary.refused,
        outcome.alerts
    ));
    tell_speed(&outcome);
    tell(&outcome, how.json);
    Ok(())
}

/// Over what is stored.
pub(super) async fn stored(
    (config, store): (&Config, &Store),
    trial: &Trial,
    (since, as_json): (Duration, bool),
) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let clock = SystemClock::shared();
    let started = clock.monotonic();
    let history = History {
        store,
        registry: &registry,
        since: clock.now().minus(since),
    };
    let (rows, outcome) = backtest::run_stored(&history, trial).await?;
    let seconds = clock.monotonic().saturating_sub(started).as_secs_f64();
    let (from, alerts) = (history.since, outcome.alerts);
    output::progress(&format!(
        "{rows} rows since {from}, {alerts} alerts, {seconds:.1} s"
    ));
    tell(&outcome, as_json);
    Ok(())
}

/// What detection alone takes, on one core.
fn tell_speed(outcome: &Outcome) {
    let seconds = outcome.busy.as_secs_f64();
    if seconds > 0.0 {
        #[expect(clippy::cast_precision_loss, reason = "a number of reports")]
        let speed = outcome.sightings as f64 / seconds;
        output::progress(&format!("detector: {speed:.0} sightings/s"));
    }
}

/// What is different, if that was asked.
fn tell(outcome: &Outcome, as_json: bool) {
    let Some(after) = &outcome.against else {
        return;
    };
    let changes = backtest::changes(&outcome.raised, after);
    let gone = |change: &&Change| change.before.is_some();
    let same = outcome.raised.len() - changes.iter().filter(gone).count();
    if as_json {
        let list: Vec<Value> = changes.iter().map(described).collect();
        output::line(&json!({ "changes": list, "same": same }).to_string());
        return;
    }
    if !changes.is_empty() {
        table(&changes);
    }
    output::line(&format!(
        "raised differently: {}, the same: {same}",
        changes.len()
    ));
}

fn table(changes: &[Change]) {
    let raised = |raised: &Option<Raised>| {
        raised.map_or("-".to_owned(), |it| {
            format!("{} {:.1} {}", it.severity.as_str(), it.score, it.at)
        })
    };
    let heading = ["change", "destination", "before", "after"].map(str::to_owned);
    let rows = changes.iter().map(|it| {
        let (change, destination) = (it.kind.as_str().to_owned(), it.destination.clone());
        [change, destination, raised(&it.before), raised(&it.after)]
    });
    let rows: Vec<[String; 4]> = std::iter::once(heading).chain(rows).collect();
    let width = |i: usize| rows.iter().map(|row| row[i].len()).max().unwrap_or(0);
    let [change, destination, before] = [0, 1, 2].map(width);
    for [a, b, c, d] in &rows {
        output::line(&format!("{a:change$}  {b:destination$}  {c:before$}  {d}"));
    }
}

fn described(change: &Change) -> Value {
    let raised = |raised: &Option<Raised>| {
        raised.map(|it| {
            json!({ "severity": it.severity.as_str(), "score": it.score, "at": it.at.to_string() })
        })
    };
    json!({
        "destination": change.destination, "change": change.kind.as_str(),
        "before": raised(&change.before), "after": raised(&change.after),
    })
}
