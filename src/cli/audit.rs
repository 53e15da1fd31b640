//! `skimwatch audit`: the record of administrative changes.

use anyhow::Context as _;
use serde_json::json;

use super::{admin, output};
use crate::config::Config;
use crate::ids::OrganizationId;
use crate::registry::{AuditEntry, AuditFilter, MAX_AUDIT_PAGE, Registry};
use crate::store::{CopiedTo, Store};

/// How far ClickHouse has a copy. A database that nothing was copied to yet has none.
pub(super) async fn copied_to(store: &Store) -> anyhow::Result<CopiedTo> {
    let copied = match store.has_audit().await {
        Ok(true) => store.audit_copied_to().await,
        Ok(false) => return Ok(CopiedTo::default()),
        Err(error) => Err(error),
    };
    copied
        .context("the copy of the audit log in ClickHouse cannot be read; --alone does without it")
}

/// `skimwatch audit verify`.
pub(super) fn verify(
    config: &Config,
    as_json: bool,
    copied: Option<CopiedTo>,
) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let head = registry.audit_verify()?;
    if let Some(copied) = copied.as_ref().filter(|it| it.seq > 0) {
        compare(&registry, head.entries, copied)?;
    }
    let copied = copied.map(|it| it.seq);
    if as_json {
        let told = json!({ "entries": head.entries, "hash": blake3::Hash::from_bytes(head.hash).to_hex().as_str(), "copied": copied });
        output::line(&told.to_string());
        return Ok(());
    }
    output::line(&format!(
        "{} entries, none changed, none missing",
        head.entries
    ));
    if let Some(copied) = copied {
        output::line(&format!(
            "the copy in ClickHouse agrees, as far as entry {copied}"
        ));
    }
    output::line(&format!(
        "hash of the last: {}",
        blake3::Hash::from_bytes(head.hash).to_hex().as_str()
    ));
    Ok(())
}

/// The last entry of the copy is in the log, as it was copied. Those before are what its hash covers.
fn compare(registry: &Registry, entries: u64, copied: &CopiedTo) -> anyhow::Result<()> {
    anyhow::ensure!(
        copied.seq <= entries,
        "the audit log ends with entry {entries}, but ClickHouse has a copy as far as entry {}: the end was cut off",
        copied.seq
    );
    let filter = AuditFilter {
        above: Some(copied.seq - 1),
        oldest_first: true,
        ..AuditFilter::default()
    };
    let found = registry.audit(&filter, 1)?;
    let same = found
        .first()
        .is_some_and(|it| blake3::Hash::from_bytes(it.hash).to_hex().as_str() == copied.hash);
    anyhow::ensure!(
        same,
        "entry {} of the audit log is not the one that was copied to ClickHouse: the log was written anew",
        copied.seq
    );
    Ok(())
}

/// `skimwatch audit export`.
pub(super) fn export(config: &Config, organization: Option<OrganizationId>) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let mut filter = AuditFilter {
        organization,
        oldest_first: true,
        ..AuditFilter::default()
    };
    loop {
        let page = registry.audit(&filter, MAX_AUDIT_PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        filter.above = Some(last.seq);
        page.iter().for_each(|entry| output::line(&line(entry)));
    }
}

fn line(entry: &AuditEntry) -> String {
    json!({
        "seq": entry.seq,
        "at": entry.at.to_string(),
        "organization": entry.organization,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "hash": blake3::Hash::from_bytes(entry.hash).to_hex().as_str(),
    })
    .to_string()
}
