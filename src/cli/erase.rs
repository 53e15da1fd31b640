//! `skimwatch erase`: what is stored of a site or a client is erased, and looked for once more.
//!
//! The rule: the erasure is written down before anything is erased, so that whatever interrupts it, a running
//! `serve` completes it.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::args::How;
use super::held::{Held, held};
use super::{admin, output};
use crate::cases::{Cases, Traces};
use crate::clock::{SystemClock, Timestamp};
use crate::config::{Config, Role};
use crate::erasure::{Erasure, IN_FORCE, Target};
use crate::ids::SiteId;
use crate::registry::{RecordedErasure, Registry};
use crate::scope::Scope;
use crate::sites::KeyState;
use crate::store::{Covered, Store, Unfinished};
use crate::{app, sites};

/// The site that is meant.
pub(super) fn site(id: &str) -> anyhow::Result<Target> {
    Ok(Target::Site(SiteId::new(id)?))
}

/// The client that is meant: by its pseudonym, or by what the pseudonym is made of.
pub(super) fn client(
    config: &Config,
    id: Option<&str>,
    client: Option<(IpAddr, &str)>,
) -> anyhow::Result<Target> {
    if let Some(client) = client {
        let now = SystemClock::shared().now();
        return app::client_pseudonym(config, client, now).map(Target::Client);
    }
    let target = id.and_then(|id| Target::of_words("client", id));
    target.context(
        "a client's pseudonym is a number from 1 to 18446744073709551615, as in the column `client` of a row; 0 stands for no client",
    )
}

/// All that is known of what an erasure covers.
struct Found {
    covered: Covered,
    traces: Traces,
    held: Vec<Held>,
    /// Segments set aside that held nothing of anybody else and are deleted.
    deleted: usize,
    active_keys: usize,
}

/// `skimwatch erase site ID`, `skimwatch erase client …`.
pub(super) async fn erase(
    (config, store): (&Config, &Store),
    target: Target,
    how: How,
) -> anyhow::Result<()> {
    let has_state = config.roles.has(Role::Web) || config.roles.has(Role::Detect);
    anyhow::ensure!(
        has_state || !how.yes,
        "this host only collects: erase where `serve` has the role web or detect, which keeps it erased"
    );
    let registry = Arc::new(admin::open_registry(config)?);
    let cases = Cases::new(Arc::clone(&registry));
    store.migrate().await?;
    let until = SystemClock::shared().now();
    let erasure = Erasure { target, until };
    let found = find((config, store), (&registry, &cases), &erasure).await?;
    if !how.yes {
        tell(&erasure, &found, None, how.json);
        return Ok(());
    }
    let rows = app::rows_erased(&found.covered);
    let (id, traces) = cases.erase(&erasure, &rows, admin::ACTOR)?;
    let recorded = RecordedErasure {
        id,
        erasure,
        is_applied: false,
    };
    let told = Cell::new(None);
    let progress = |left: Unfinished| {
        if told.replace(Some(left)) != Some(left) {
            let (mutations, parts) = (left.mutations, left.parts);
            let text = format!("ClickHouse has {mutations} mutations and {parts} parts to go");
            output::progress(&text);
        }
    };
    let covered = app::apply_erasure((store, &registry), &recorded, admin::ACTOR, progress);
    let covered = covered.await.with_context(|| {
        format!("erasure {id} is written down and not complete; a running `serve` goes on with it, or give the command again")
    })?;
    let (held, deleted) = delete_whole(found.held)?;
    let found = Found {
        covered,
        traces,
        held,
        deleted,
        ..found
    };
    tell(&recorded.erasure, &found, Some(id), how.json);
    Ok(())
}

async fn find(
    (config, store): (&Config, &Store),
    (registry, cases): (&Registry, &Cases),
    erasure: &Erasure,
) -> anyhow::Result<Found> {
    let entry = match &erasure.target {
        Target::Site(site) => registry.site(&Scope::Operator, site)?,
        Target::Client(_) => None,
    };
    let found = Found {
        covered: store.covered(erasure, None).await?,
        traces: cases.traces(&erasure.target)?,
        held: held(&app::spool_dir(config), erasure)?,
        deleted: 0,
        active_keys: entry.as_ref().map_or(0, |entry| {
            let is_active = |key: &&sites::KeyRecord| key.state == KeyState::Active;
            entry.record.keys.iter().filter(is_active).count()
        }),
    };
    let is_known = entry.is_some()
        || matches!(erasure.target, Target::Client(_))
        || !found.covered.is_empty()
        || !found.traces.is_empty()
        || !found.held.is_empty();
    anyhow::ensure!(
        is_known,
        "there is no {}, and nothing of it is stored",
        erasure.target
    );
    Ok(found)
}

/// Deletes the segments set aside that hold nothing of anybody else. Returns the others, and how many those were.
fn delete_whole(held: Vec<Held>) -> anyhow::Result<(Vec<Held>, usize)> {
    let (whole, others): (Vec<_>, Vec<_>) = held
        .into_iter()
        .partition(|one| one.is_aside() && one.is_whole);
    let deleted = whole.len();
    for one in whole {
        let id = one.segment.id;
        let deleted = one.segment.free(&one.contents);
        deleted.with_context(|| format!("segment {id} was set aside and cannot be deleted"))?;
    }
    Ok((others, deleted))
}

/// `erasure` is the number under which it was done; none if it was not.
fn tell(erasure: &Erasure, found: &Found, done: Option<i64>, as_json: bool) {
    if as_json {
        output::line(&described(erasure, found, done).to_string());
        return;
    }
    let Found {
        covered,
        traces,
        held,
        deleted,
        active_keys,
    } = found;
    let target = &erasure.target;
    let (first, last) = covered.received;
    let span = match covered.reports {
        0 => String::new(),
        _ => format!(", received from {first} to {last}"),
    };
    output::line(&format!("{target}, up to {}", erasure.until));
    output::line(&format!("reports\t{} rows{span}", covered.reports));
    if matches!(target, Target::Site(_)) {
        output::line(&format!("report_outcomes\t{} rows", covered.outcomes));
        output::line(&format!("canaries\t{} rows", covered.canaries));
        output::line(&format!(
            "campaigns\tin {}, and {} with {} alerts that are about no other site; {} events",
            traces.hits, traces.campaigns, traces.alerts, traces.events
        ));
        output::line(&format!("trusts\t{} destinations", traces.trusts));
    }
    if matches!(target, Target::Client(_)) {
        output::line(
            "a client has another pseudonym in each period: rows of earlier ones are not among these",
        );
    }
    for one in held {
        output::line(&format!("segment {}\t{}", one.segment.id, fate(one, done)));
    }
    if *deleted > 0 {
        output::line(&format!(
            "{deleted} segments that were set aside held nothing else and are deleted"
        ));
    }
    if *active_keys > 0 {
        output::line(&format!(
            "active keys\t{active_keys}: what is reported from now on is kept, unless `skimwatch site retire-key` ends that"
        ));
    }
    output::line(&match done {
        Some(id) => {
            format!("erased, under number {id}: ClickHouse was asked again and holds none of it")
        }
        None => "nothing was changed: --yes erases it".to_owned(),
    });
}

/// What becomes of rows that are not in ClickHouse.
fn fate(one: &Held, done: Option<i64>) -> String {
    let rows = one.rows;
    if !one.is_aside() {
        let seconds = app::LATE_LOOK.as_secs();
        return format!(
            "{rows} rows wait in the log: `serve` erases them within {seconds} s after they come in"
        );
    }
    let days = IN_FORCE.as_secs() / (24 * 3600);
    match (one.is_whole, done) {
        (true, None) => format!("{rows} rows are set aside, and would be deleted with its file"),
        _ => format!(
            "{rows} rows are set aside among others: `skimwatch segments reinsert {}` inserts the others; do it within {days} days, or delete its file if ClickHouse refuses it again",
            one.segment.id
        ),
    }
}

fn described(erasure: &Erasure, found: &Found, done: Option<i64>) -> Value {
    let covered = &found.covered;
    let moment = |at: Timestamp| (covered.reports > 0).then(|| at.to_string());
    let segments = found.held.iter().map(|one| {
        json!({
            "segment": one.segment.id.to_string(),
            "state": if one.is_aside() { "set-aside" } else { "waiting" },
            "rows": one.rows, "whole": one.is_whole,
        })
    });
    json!({
        "kind": erasure.target.kind(), "target": erasure.target.name(),
        "until": erasure.until.to_string(), "erasure": done,
        "rows": app::rows_erased(covered),
        "first": moment(covered.received.0), "last": moment(covered.received.1),
        "campaigns_named": found.traces.hits, "events": found.traces.events,
        "campaigns": found.traces.campaigns, "alerts": found.traces.alerts,
        "trusts": found.traces.trusts,
        "segments": segments.collect::<Vec<_>>(), "segments_deleted": found.deleted,
        "active_keys": found.active_keys,
    })
}
