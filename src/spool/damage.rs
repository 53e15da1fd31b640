//! Files that are set aside because something in them does not verify. [`Quarantine`] is the type to know.
//!
//! What verified in them was delivered; the rest is for a person to look at. They are part of the disk
//! budget, and there is a bound on them ([`Config::quarantine_bytes`](super::Config::quarantine_bytes)): beyond
//! it the oldest are given up, never without a word.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use crate::metrics;

/// How the name of a file that was set aside ends.
pub(super) const SUFFIX: &str = "corrupt";

/// Counts damage, by kind.
pub(super) fn count(kind: &'static str) {
    metrics::count(&metrics::get().spool_damaged, kind);
}

/// Says how many files the last start could not read.
pub(super) fn show_unreadable(files: usize) {
    let files = i64::try_from(files).unwrap_or(i64::MAX);
    metrics::get().spool_unreadable_files.set(files);
}

/// A file and how long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sized {
    /// Where it is.
    pub(super) path: PathBuf,
    /// How many bytes it has.
    pub(super) bytes: u64,
}

/// The files set aside, oldest first.
#[derive(Debug)]
pub(super) struct Quarantine {
    files: VecDeque<Sized>,
    bytes: u64,
    limit: u64,
}

impl Quarantine {
    /// None yet.
    pub(super) fn new(limit: u64) -> Self {
        metrics::get()
            .spool_quarantined_bytes_limit
            .set(signed(limit));
        let quarantine = Self {
            files: VecDeque::new(),
            bytes: 0,
            limit,
        };
        quarantine.show();
        quarantine
    }

    /// Adds a file. Those that must go to keep the bound come back, this one perhaps among them.
    pub(super) fn add(&mut self, file: Sized) -> Vec<Sized> {
        self.bytes += file.bytes;
        self.files.push_back(file);
        let mut given_up = Vec::new();
        while self.bytes > self.limit
            && let Some(oldest) = self.files.pop_front()
        {
            self.bytes -= oldest.bytes;
            tracing::error!(path = %oldest.path.display(), bytes = oldest.bytes, limit = self.limit, "too many damaged segment files are kept: the oldest is deleted");
            count("deleted");
            given_up.push(oldest);
        }
        self.show();
        given_up
    }

    fn show(&self) {
        let metrics = metrics::get();
        let files = i64::try_from(self.files.len()).unwrap_or(i64::MAX);
        metrics.spool_quarantined_files.set(files);
        metrics.spool_quarantined_bytes.set(signed(self.bytes));
    }
}

/// Gives a file that must not be used again another name, never that of another one.
pub(super) fn rename(disk: &dyn Disk, path: &Path) -> io::Result<PathBuf> {
    let mut new = path.with_extension(SUFFIX);
    let mut other = 1;
    while disk.size(&new).is_ok() {
        other += 1;
        new = path.with_extension(format!("{other}.{SUFFIX}"));
    }
    disk.rename(path, &new)?;
    Ok(new)
}

/// As metrics want it.
pub(super) fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: u64) -> Sized {
        Sized {
            path: PathBuf::from(name),
            bytes,
        }
    }

    #[test]
    fn the_oldest_are_given_up() {
        let mut quarantine = Quarantine::new(100);
        assert_eq!(quarantine.add(file("1", 40)), []);
        assert_eq!(quarantine.add(file("2", 60)), []);
        assert_eq!(
            quarantine.add(file("3", 50)),
            [file("1", 40), file("2", 60)]
        );
        let large = quarantine.add(file("4", 101));
        assert_eq!(large, [file("3", 50), file("4", 101)], "no bound is broken");
    }
}
