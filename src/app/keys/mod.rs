//! The folder of keys: `redaction.json` hides values and stays, `pseudonym.json` hides clients and changes, and where
//! people log in `control.key` seals what the control state must not hold in the open.
//!
//! [`Pseudonyms`] is the type to know. The rule: a random key is written durably before it is used, readable by
//! its owner alone; and the key of a period that is over is overwritten.
//!
//! # One folder for several collectors
//!
//! Give every collector the same two files before it starts for the first time: a shared folder as
//! `keys.dir`, or a copy of both files. Then a value has the same hash and a client the same pseudonym
//! wherever it was reported. Copies need not be brought up to date: the key of a period follows from any
//! earlier one, see [`Ratchet`]. So a file that was copied must be deleted where it was copied from, or it
//! undoes what the collectors overwrite. The same goes for backups of this folder.
//!
//! At the end of a period, every 32 days counted from 1970, all collectors change keys, as exactly as their clocks
//! agree. From then on detection takes every browser for a new one. It loses nothing that it had seen, and
//! its window of 30 days spans two periods at most: a visitor then counts twice.
//!
//! A clock that runs ahead turns a key that cannot be turned back. A warning says so; until the time has come,
//! that collector keeps the key. Set the clock, and give it the file of another collector.
//!
//! # A folder that cannot be written
//!
//! `keys.dir` may be mounted read-only, from a store of secrets. Both files must be in it. The keys of later
//! periods are then made in memory from the one in the file, each time anew, and a warning says so. Whoever
//! gets at such a file later can make all the keys since, and find out the pseudonyms of clients whose address
//! they guess: put a new `pseudonym.json` there as often as that matters, at a boundary between periods.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::enrich::{PseudonymKey, Ratchet};
use crate::private;
use crate::redact;
use crate::registry::{VAULT_KEY_BYTES, Vault};

/// How soon what went wrong is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(3600);

/// The key that redacted values are hashed under. Made once, kept as long as the data.
pub(super) fn redaction(dir: &Path) -> anyhow::Result<redact::Key> {
    let path = dir.join("redaction.json");
    let stored: RedactionFile = match read(&path)? {
        Some(stored) => stored,
        None => create(dir, &path, |key| RedactionFile { key })?,
    };
    Ok(redact::Key::new(stored.key))
}

/// What seals secrets of the control state. Made once, kept as long as that: without it second factors are lost, and
/// nothing else. A copy of the control state alone opens nothing.
pub(super) fn vault(dir: &Path) -> anyhow::Result<Vault> {
    private::make_dir(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let path = dir.join("control.key");
    let stored: ControlFile = match read(&path)? {
        Some(stored) => stored,
        None => create(dir, &path, |key| ControlFile { key })?,
    };
    Ok(Vault::new(stored.key))
}

#[derive(Serialize, Deserialize)]
struct ControlFile {
    key: [u8; VAULT_KEY_BYTES],
}

#[derive(Serialize, Deserialize)]
struct RedactionFile {
    key: [u8; 32],
}

/// What `pseudonym.json` holds: a [`Ratchet`], or what earlier programs wrote.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PseudonymFile {
    Ratchet(Ratchet),
    /// A random key and since when it was used, in milliseconds since 1970.
    Dated {
        since: i64,
        key: [u8; 32],
    },
}

impl PseudonymFile {
    /// A dated key goes on until the period that it is found in ends, so that nobody's pseudonym changes by an
    /// upgrade; one that was due already takes the place of its own period's.
    fn ratchet(self, now: Timestamp) -> Ratchet {
        match self {
            Self::Ratchet(ratchet) => ratchet,
            Self::Dated { since, key } => {
                let due = now.minus(crate::enrich::PSEUDONYM_PERIOD);
                let since = Timestamp(since);
                let of = if due < since && since <= now {
                    now
                } else {
                    since
                };
                Ratchet::new(Ratchet::period_at(of), key)
            }
        }
    }
}

/// The key of pseudonyms, and when to look after it again. Asking costs nothing in between.
#[derive(Debug)]
pub(super) struct Pseudonyms {
    dir: PathBuf,
    held: Ratchet,
    /// From the last look to the next. The clock may leave it at either end.
    quiet: Range<Timestamp>,
    /// Whether it was said already that the folder cannot be written.
    said: bool,
}

impl Pseudonyms {
    /// Reads the key, or makes one if there is none, and turns it to this moment.
    ///
    /// # Errors
    /// One sentence on what is wrong with the file or the clock.
    pub(super) fn open(dir: &Path, now: Timestamp) -> anyhow::Result<Self> {
        let path = dir.join("pseudonym.json");
        let period = Ratchet::period_at(now);
        let file: PseudonymFile = match read(&path)? {
            Some(file) => file,
            None => create(dir, &path, |key| {
                PseudonymFile::Ratchet(Ratchet::new(period, key))
            })?,
        };
        let is_dated = matches!(file, PseudonymFile::Dated { .. });
        let held = turned(dir, file.ratchet(now), period)?;
        if is_dated {
            overwrite(dir, &held).with_context(|| {
                format!(
                    "{} is of an older program and must be written once",
                    path.display()
                )
            })?;
        }
        let mut keys = Self {
            dir: dir.to_owned(),
            quiet: now..held.end(),
            held,
            said: false,
        };
        keys.settle(now);
        Ok(keys)
    }

    /// The key of the period.
    pub(super) fn key(&self) -> PseudonymKey {
        self.held.key()
    }

    /// The key of a period that began since it was asked last.
    pub(super) fn turn(&mut self, now: Timestamp) -> Option<PseudonymKey> {
        if self.quiet.contains(&now) {
            return None;
        }
        let before = self.held.clone();
        self.quiet = now..Timestamp(now.0.saturating_add(millis(TRY_AGAIN)));
        match self.newest(now) {
            Ok(held) => {
                self.held = held;
                self.settle(now);
            }
            Err(error) => {
                tracing::error!(error = %format!("{error:#}"), "the pseudonym key stays");
            }
        }
        (self.held != before).then(|| self.key())
    }

    /// What the file says goes before what is held: it may have been replaced. A clock that went back takes no
    /// key back.
    fn newest(&self, now: Timestamp) -> anyhow::Result<Ratchet> {
        let period = Ratchet::period_at(now);
        // Held keys were of their time once: this clock is the one to be doubted.
        let held = turned(&self.dir, self.held.clone(), period)?;
        let found = stored(&self.dir, now).unwrap_or_else(|error| {
            tracing::error!(error = %format!("{error:#}"), "the pseudonym key goes on without its file");
            None
        });
        match found {
            Some(found) => turned(&self.dir, found, held.period()),
            None => Ok(held),
        }
    }

    /// Writes what is held in the place of older keys, and notes when there is more to do.
    fn settle(&mut self, now: Timestamp) {
        let period = Ratchet::period_at(now);
        if self.held.period() > period {
            tracing::warn!(
                period, of_key = self.held.period(), dir = %self.dir.display(),
                "the pseudonym key is ahead of the clock, and stays until the clock has caught up: a clock was \
                 wrong, here or where the key comes from"
            );
        }
        match overwrite(&self.dir, &self.held) {
            Ok(()) => {
                self.quiet = now..self.held.end();
                self.said = false;
            }
            Err(error) => {
                let next = now.0.saturating_add(millis(TRY_AGAIN));
                self.quiet = now..Timestamp(next).min(self.held.end());
                if !self.said {
                    tracing::warn!(
                        %error, dir = %self.dir.display(),
                        "the pseudonym key of this period is in memory alone, and the file keeps an older one: \
                         whoever reads that can make this one"
                    );
                }
                self.said = true;
            }
        }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn turned(dir: &Path, key: Ratchet, period: i64) -> anyhow::Result<Ratchet> {
    let path = dir.join("pseudonym.json");
    key.turned_to(period)
        .with_context(|| format!("{} cannot be used", path.display()))
}

fn stored(dir: &Path, now: Timestamp) -> anyhow::Result<Option<Ratchet>> {
    let file: Option<PseudonymFile> = read(&dir.join("pseudonym.json"))?;
    Ok(file.map(|file| file.ratchet(now)))
}

/// Puts a key in the place of one of an earlier period. Another collector may have done so.
fn overwrite(dir: &Path, held: &Ratchet) -> io::Result<()> {
    let path = dir.join("pseudonym.json");
    if is_behind(&path, held)? {
        let _lock = lock(dir)?;
        if is_behind(&path, held)? {
            private::replace(&path, &serde_json::to_vec(held)?)?;
        }
    }
    Ok(())
}

/// Whether the file holds an earlier key, or none. What cannot be read is not taken for one.
fn is_behind(path: &Path, held: &Ratchet) -> io::Result<bool> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        read => read?,
    };
    Ok(match serde_json::from_slice(&bytes)? {
        PseudonymFile::Ratchet(stands) => stands.period() < held.period(),
        PseudonymFile::Dated { .. } => true,
    })
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> anyhow::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).with_context(|| {
            format!(
                "{} is damaged: restore it, or remove it to make a new key",
                path.display()
            )
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Makes a file of a random key, unless another collector was first.
fn create<T>(dir: &Path, path: &Path, file: impl FnOnce([u8; 32]) -> T) -> anyhow::Result<T>
where
    T: Serialize + for<'de> Deserialize<'de>,
{
    let failed = || {
        format!(
            "{} is not there and cannot be made: put one there, or let the folder be written",
            path.display()
        )
    };
    let _lock = lock(dir).with_context(failed)?;
    if let Some(first) = read(path)? {
        return Ok(first);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).context("the system gives no random bytes")?;
    let file = file(key);
    private::replace(path, &serde_json::to_vec(&file)?).with_context(failed)?;
    Ok(file)
}

/// Held while a key is made or overwritten: collectors may share the folder.
fn lock(dir: &Path) -> io::Result<File> {
    let file = private::open_lock(&dir.join("lock"))?;
    file.lock()?;
    Ok(file)
}

#[cfg(test)]
mod tests;
