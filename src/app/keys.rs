//! The keys of the data directory: one for redacted values, one for pseudonyms that changes.
//!
//! The rule: a key is written durably before it is used, and readable by its owner alone.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::enrich::PseudonymKey;
use crate::redact;

/// How long a client keeps its pseudonym: the detector's window of 30 days fits in.
pub(super) const PSEUDONYM_PERIOD: Duration = Duration::from_secs(32 * 24 * 3600);

/// The key that redacted values are hashed under. Made once, kept as long as the data.
pub(super) fn redaction(dir: &Path) -> anyhow::Result<redact::Key> {
    let path = dir.join("redaction.json");
    let stored: Stored = match read(&path)? {
        Some(stored) => stored,
        None => create(&path, Timestamp::default())?,
    };
    Ok(redact::Key::new(stored.key))
}

/// The key of the current period. An older one is overwritten: what it hid stays hidden.
pub(super) fn pseudonym(dir: &Path, now: Timestamp) -> anyhow::Result<PseudonymKey> {
    let path = dir.join("pseudonym.json");
    let current =
        read(&path)?.filter(|stored: &Stored| stored.since > now.minus(PSEUDONYM_PERIOD).0);
    let stored = match current {
        Some(stored) => stored,
        None => create(&path, now)?,
    };
    Ok(PseudonymKey::new(stored.key))
}

#[derive(Serialize, Deserialize)]
struct Stored {
    /// Milliseconds since 1970.
    since: i64,
    key: [u8; 32],
}

fn read(path: &Path) -> anyhow::Result<Option<Stored>> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).with_context(|| {
            format!(
                "{} is damaged: restore it, or remove it to make a new key",
                path.display()
            )
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn create(path: &Path, now: Timestamp) -> anyhow::Result<Stored> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).context("the system gives no random bytes")?;
    let stored = Stored { since: now.0, key };
    replace(path, &serde_json::to_vec(&stored)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(stored)
}

/// Puts a file in the place of the one that stands: readable by its owner alone, durable when this returns.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent()
        .map_or(Ok(()), |dir| fs::File::open(dir)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_one_key_and_the_next_another() {
        let dir = tempfile::tempdir().expect("a folder");
        let start = Timestamp(1_800_000_000_000);
        let key = |at: Timestamp| {
            pseudonym(dir.path(), at).expect("a key");
            read(&dir.path().join("pseudonym.json"))
                .expect("readable")
                .expect("there")
                .key
        };
        let first = key(start);
        let late = i64::try_from(PSEUDONYM_PERIOD.as_millis()).expect("fits");
        assert_eq!(key(Timestamp(start.0 + late - 1)), first);
        assert_ne!(key(Timestamp(start.0 + late)), first);
    }
}
