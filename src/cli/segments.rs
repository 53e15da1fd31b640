//! `skimwatch segments`: what waits in the log, what was set aside and why, and the way back for it.
//!
//! They read files that a running `serve` has let go of, or does not mind being read.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{admin, output};
use crate::app;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::ids::SegmentId;
use crate::registry::Registry;
use crate::spool::{self, SegmentContents, StoredSegment, StoredSegments, shown};
use crate::store::{Attempt, Delivered, Delivery, Store};

/// `skimwatch segments list`.
pub(super) fn list(dir: &Path, as_json: bool) -> anyhow::Result<()> {
    let StoredSegments {
        segments,
        unreadable,
    } = all(dir)?;
    if as_json {
        let unread = unreadable.iter().map(|(path, error)| {
            json!({ "file": path.display().to_string(), "state": "unreadable", "reason": error.to_string() })
        });
        let list: Vec<Value> = segments.iter().map(described).chain(unread).collect();
        output::line(&Value::Array(list).to_string());
        return Ok(());
    }
    if segments.is_empty() && unreadable.is_empty() {
        output::line("nothing waits, and nothing was set aside");
    }
    for segment in &segments {
        let (id, opened, bytes) = (segment.id, segment.opened_at, segment.bytes);
        match &segment.record {
            None => output::line(&format!("{id}\twaiting\t{opened}\t{bytes} bytes")),
            Some(record) => output::line(&format!(
                "{id}\tset aside\t{opened}\t{bytes} bytes\t{} rows of {} sites\t{}",
                record.rows, record.sites, record.reason
            )),
        }
    }
    for (path, error) in unreadable {
        output::line(&format!("{}\tunreadable\t{error}", path.display()));
    }
    Ok(())
}

/// `skimwatch segments show ID`: first what is known about it, then its rows, one JSON object a line.
pub(super) fn show(dir: &Path, id: &str) -> anyhow::Result<()> {
    let segment = find(all(dir)?.segments, id)?;
    let contents = segment.contents()?;
    let mut about = described(&segment);
    let mut sites: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for outcome in &contents.outcomes {
        let counted = json!({
            "outcome": outcome.outcome, "reason": outcome.reason, "destination": outcome.destination,
            "directive": outcome.directive, "count": outcome.count,
        });
        sites.entry(&outcome.site).or_default().push(counted);
    }
    if let Value::Object(about) = &mut about {
        about.insert("rows".to_owned(), contents.num_reports().into());
        about.insert("damaged".to_owned(), contents.is_damaged().into());
        about.insert("outcomes".to_owned(), json!(sites));
    }
    output::line(&about.to_string());
    for row in contents.rows() {
        let row = shown::report(row).map_or(Value::Null, Value::Object);
        output::line(&row.to_string());
    }
    Ok(())
}

/// `skimwatch segments reinsert ID` or `--all`.
pub(super) async fn reinsert(
    (config, store): (&Config, &Store),
    dir: &Path,
    id: Option<&str>,
) -> anyhow::Result<()> {
    let aside = spool::segments_set_aside(dir).with_context(|| unreadable(dir))?;
    let (chosen, unreadable) = match id {
        None => (aside.segments, aside.unreadable),
        Some(id) => (vec![find(aside.segments, id)?], Vec::new()),
    };
    // The tables may have been the reason.
    store.migrate().await?;
    // On a host that only collects there is none: what was erased is erased again where the control state is.
    let has_state = app::registry_path(config).exists();
    let registry = has_state
        .then(|| admin::open_registry(config))
        .transpose()?;
    let registry = registry.map(Arc::new);
    let mut failed = unreadable.len();
    for (path, error) in unreadable {
        output::progress(&format!("{}\t{error}", path.display()));
    }
    for segment in chosen {
        let id = segment.id;
        match put_back((store, registry.as_ref()), segment).await {
            Ok(done) => output::line(&format!("{id}\t{done}")),
            Err(error) => {
                failed += 1;
                output::progress(&format!("{id}\t{error:#}"));
            }
        }
    }
    anyhow::ensure!(
        failed == 0,
        "{failed} segments are still set aside, for the reasons above"
    );
    Ok(())
}

async fn put_back(
    (store, registry): (&Store, Option<&Arc<Registry>>),
    segment: StoredSegment,
) -> anyhow::Result<String> {
    let contents = segment.contents()?;
    let (since, _) = contents.received;
    if let Some(registry) = registry {
        anyhow::ensure!(
            !registry.has_forgotten_client(since)?,
            "it is older than the erasure of a client whose pseudonym is forgotten by now: it could bring back what was erased. Delete its file, set-aside/{}.seg in the log's folder",
            segment.id
        );
    }
    // Asks what is there already: it may have been half in when it was refused, long ago.
    let delivery = Delivery::of(&contents, Attempt::Again);
    let delivered = store.deliver(&delivery).await?;
    if let Some(registry) = registry {
        // Before its file goes: until then, doing it again is safe.
        erase_again((store, registry), since).await?;
    }
    free(segment, &contents)?;
    Ok(match delivered {
        Delivered::Inserted(rows) => format!("inserted, {rows} rows"),
        Delivered::AlreadyThere => "was there already".to_owned(),
    })
}

/// What was erased since then is erased again.
async fn erase_again(
    (store, registry): (&Store, &Arc<Registry>),
    since: Timestamp,
) -> anyhow::Result<()> {
    for erasure in registry.erasures(since)? {
        let erased = app::apply_erasure((store, registry), &erasure, admin::ACTOR, |_| {});
        erased.await.with_context(|| {
            let id = erasure.id;
            format!("it is in ClickHouse, and erasure {id} is not done in it yet")
        })?;
    }
    Ok(())
}

fn free(segment: StoredSegment, contents: &SegmentContents) -> anyhow::Result<()> {
    let freed = segment.free(contents);
    freed.context("it is in ClickHouse now, but its file cannot be deleted; doing it again is safe")
}

/// What waits and what was set aside.
pub(super) fn all(dir: &Path) -> anyhow::Result<StoredSegments> {
    let mut all = spool::segments_set_aside(dir).with_context(|| unreadable(dir))?;
    let waiting = spool::waiting_segments(dir).with_context(|| unreadable(dir))?;
    all.segments.extend(waiting.segments);
    all.unreadable.extend(waiting.unreadable);
    Ok(all)
}

fn unreadable(dir: &Path) -> String {
    format!(
        "the log in {} cannot be read: run this as the user that `serve` runs as",
        dir.display()
    )
}

fn find(segments: Vec<StoredSegment>, id: &str) -> anyhow::Result<StoredSegment> {
    let id: SegmentId = id.parse()?;
    let found = segments.into_iter().find(|segment| segment.id == id);
    found.with_context(|| format!("segment {id} is not here: see `skimwatch segments list`"))
}

fn described(segment: &StoredSegment) -> Value {
    let mut about = json!({
        "segment": segment.id.to_string(),
        "state": if segment.record.is_some() { "set-aside" } else { "waiting" },
        "opened_at": segment.opened_at.to_string(),
        "bytes": segment.bytes,
    });
    if let (Some(record), Value::Object(about)) = (&segment.record, &mut about) {
        about.insert("reason".to_owned(), json!(record.reason));
        about.insert("set_aside_at".to_owned(), json!(record.set_aside_at));
        about.insert("rows".to_owned(), json!(record.rows));
        about.insert("sites".to_owned(), json!(record.sites));
    }
    about
}
