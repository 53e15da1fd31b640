//! The audit log on its way into ClickHouse: [`run`] copies what is new, in order, for as long as the process runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::pause::Pause;
use crate::registry::{AuditEntry, AuditFilter, MAX_AUDIT_PAGE, Registry};
use crate::store::{AuditRow, Store};

/// Between two looks at the log.
const EVERY: Duration = Duration::from_secs(2);

/// What is copied, and where to.
#[derive(Clone)]
pub(super) struct Handles {
    pub(super) registry: Arc<Registry>,
    pub(super) store: Store,
}

/// Copies the audit log.
pub(super) async fn run(handles: Handles) {
    let mut copied = None;
    let mut pause = Pause::default();
    loop {
        match step(&handles, copied).await {
            Ok(to) => {
                pause = Pause::default();
                if copied == Some(to) {
                    tokio::time::sleep(EVERY).await;
                }
                copied = Some(to);
            }
            Err(error) => {
                // Where it stands is asked once more: an insert may have got there without an answer.
                copied = None;
                let what = "the audit log is not copied to ClickHouse yet";
                pause.after(what, &*error).await;
            }
        }
    }
}

/// Copies what comes after entry `copied`, a page of it. The last that is copied then.
async fn step(handles: &Handles, copied: Option<u64>) -> anyhow::Result<u64> {
    let copied = match copied {
        Some(copied) => copied,
        None => handles.store.audit_copied_to().await?.seq,
    };
    let registry = Arc::clone(&handles.registry);
    let filter = AuditFilter {
        above: Some(copied),
        oldest_first: true,
        ..AuditFilter::default()
    };
    let entries = spawn_blocking(move || registry.audit(&filter, MAX_AUDIT_PAGE)).await??;
    let Some(last) = entries.last() else {
        return Ok(copied);
    };
    let last = last.seq;
    let rows: Vec<AuditRow> = entries.into_iter().map(row).collect();
    handles.store.copy_audit(&rows).await?;
    Ok(last)
}

fn row(entry: AuditEntry) -> AuditRow {
    AuditRow {
        seq: entry.seq,
        at: entry.at,
        organization: entry.organization,
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        detail: entry.detail.to_string(),
        hash: blake3::Hash::from_bytes(entry.hash).to_hex().to_string(),
    }
}
