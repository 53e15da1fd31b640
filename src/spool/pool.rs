//! The segment files: made once, filled with zeros, used again and again, within a budget.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::config::MAX_READY_FILES;
use super::damage::{self, Quarantine, Sized, signed};
use super::disk::{Disk, DiskFile};
use super::file;
use super::recover::Found;
use crate::metrics;

/// How the name of a segment file ends.
pub(super) const SUFFIX: &str = "seg";

/// All segment files of a spool.
#[derive(Debug)]
pub(super) struct Pool {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    segment_bytes: u64,
    max_bytes: u64,
    files: Mutex<Files>,
    full: AtomicBool,
}

#[derive(Debug)]
struct Files {
    ready: Vec<PathBuf>,
    /// Files that could not be taken away yet. They count until they are.
    doomed: Vec<Sized>,
    /// Damaged files that could not be set aside yet.
    damaged: Vec<Sized>,
    quarantine: Quarantine,
    /// Bytes of all files, free or not.
    bytes: u64,
    next_name: u64,
    /// Makes the next file while the writer goes on.
    maker: Option<JoinHandle<io::Result<PathBuf>>>,
}

/// A file to write a segment into.
#[derive(Debug)]
pub(super) struct SegmentFile {
    /// Where it is.
    pub(super) path: PathBuf,
    /// How much of the budget it takes.
    pub(super) bytes: u64,
    /// How long it was made.
    pub(super) filled: u64,
    /// Open for writing.
    pub(super) file: Box<dyn DiskFile>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(super) enum PoolError {
    /// The budget is used up.
    #[error("all {max_bytes} bytes of the spool's budget are in use")]
    Full {
        /// The budget.
        max_bytes: u64,
    },
    /// The system says no.
    #[error("cannot make a segment file in {dir}: {source}")]
    Io {
        /// The spool's directory.
        dir: PathBuf,
        /// What it says.
        source: io::Error,
    },
}

impl Pool {
    /// A pool of the files that were found.
    pub(super) fn new(disk: Arc<dyn Disk>, config: &super::Config, found: Found) -> Arc<Self> {
        let metrics = metrics::get();
        metrics.spool_disk_bytes.set(signed(found.bytes));
        metrics.spool_disk_bytes_limit.set(signed(config.max_bytes));
        let full = found.ready.is_empty()
            && found.bytes.saturating_add(config.segment_bytes) > config.max_bytes;
        let pool = Arc::new(Self {
            disk,
            dir: config.dir.clone(),
            segment_bytes: config.segment_bytes,
            max_bytes: config.max_bytes,
            files: Mutex::new(Files {
                ready: found.ready,
                doomed: found.doomed,
                damaged: Vec::new(),
                quarantine: Quarantine::new(config.quarantine_bytes()),
                bytes: found.bytes,
                next_name: found.next_name,
                maker: None,
            }),
            full: AtomicBool::new(full),
        });
        for file in found.quarantined {
            pool.keep(file);
        }
        pool
    }

    /// Whether the last attempt to get a file, or the start, found the budget used up, and nothing was freed
    /// since.
    pub(super) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// A free file, made if there is none.
    pub(super) fn take(self: &Arc<Self>) -> Result<SegmentFile, PoolError> {
        let path = self.take_path()?;
        let file = self.disk.open(&path);
        self.make_ahead();
        match file {
            Ok(file) => Ok(SegmentFile {
                path,
                bytes: self.segment_bytes,
                filled: self.segment_bytes,
                file,
            }),
            Err(error) => {
                self.bury(&path, self.segment_bytes);
                Err(self.failed(error))
            }
        }
    }

    fn take_path(&self) -> Result<PathBuf, PoolError> {
        let mut files = self.lock();
        if let Some(path) = files.ready.pop() {
            return Ok(path);
        }
        if let Some(maker) = files.maker.take() {
            drop(files);
            match self.join(maker) {
                Ok(path) => return Ok(path),
                // That was then: the disk may have room again.
                Err(error) => tracing::warn!(%error, "a segment file was not made ahead"),
            }
            files = self.lock();
        }
        let Some(path) = self.reserve(&mut files) else {
            self.full.store(true, Ordering::Relaxed);
            return Err(PoolError::Full {
                max_bytes: self.max_bytes,
            });
        };
        drop(files);
        self.make(path).map_err(|error| self.failed(error))
    }

    fn join(&self, maker: JoinHandle<io::Result<PathBuf>>) -> Result<PathBuf, PoolError> {
        maker
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that makes files panicked")))
            .map_err(|error| self.failed(error))
    }

    /// Makes the next file on a thread of its own, if none is ready: filling one with zeros takes long enough
    /// to be felt by every request that waits for a commit.
    fn make_ahead(self: &Arc<Self>) {
        let mut files = self.lock();
        if !files.ready.is_empty() || files.maker.is_some() || self.disk.is_swift() {
            return;
        }
        let Some(path) = self.reserve(&mut files) else {
            return;
        };
        let pool = Arc::clone(self);
        let maker = std::thread::Builder::new().name("spool-files".to_owned());
        match maker.spawn(move || pool.make(path)) {
            Ok(maker) => files.maker = Some(maker),
            Err(_) => self.count(&mut files, |bytes| bytes - self.segment_bytes),
        }
    }

    /// Takes a file's bytes out of the budget and names it.
    fn reserve(&self, files: &mut Files) -> Option<PathBuf> {
        if files.bytes.saturating_add(self.segment_bytes) > self.max_bytes {
            return None;
        }
        self.count(files, |bytes| bytes + self.segment_bytes);
        let name = files.next_name;
        files.next_name += 1;
        Some(self.dir.join(format!("{name:08}.{SUFFIX}")))
    }

    fn make(&self, path: PathBuf) -> io::Result<PathBuf> {
        let disk = &*self.disk;
        let made = file::fill(disk, &path, self.segment_bytes);
        match made.and_then(|()| disk.sync_dir(&self.dir)) {
            Ok(()) => Ok(path),
            Err(error) => {
                self.bury(&path, self.segment_bytes);
                Err(error)
            }
        }
    }

    /// Takes bytes out of the budget for a file that must grow. Says whether they were there.
    pub(super) fn grow(&self, more: u64) -> bool {
        let mut files = self.lock();
        let fits = files.bytes.saturating_add(more) <= self.max_bytes;
        if fits {
            self.count(&mut files, |bytes| bytes + more);
        }
        fits
    }

    /// Marks a file as free, durably, and keeps it to be used again, or takes it away if there are enough. If
    /// that fails it is tried again each second.
    pub(super) fn give_back(&self, path: &Path, bytes: u64) -> io::Result<()> {
        if let Err(error) = file::mark_free(&*self.disk, path) {
            return match self.bury(path, bytes) {
                true => Ok(()),
                false => Err(error),
            };
        }
        self.keep_ready(path, bytes);
        Ok(())
    }

    /// Keeps a free file to be used again, or takes it away if there are enough.
    fn keep_ready(&self, path: &Path, bytes: u64) {
        let mut files = self.lock();
        let fits = bytes == self.segment_bytes && files.bytes <= self.max_bytes;
        if fits && files.ready.len() < MAX_READY_FILES {
            files.ready.push(path.to_owned());
            self.full.store(false, Ordering::Relaxed);
        } else {
            drop(files);
            self.bury(path, bytes);
        }
    }

    /// Writes zeros over what earlier segments left in free files, one file after the other: the writer finds the
    /// rest. What cannot be written is taken away.
    pub(super) fn scrub(&self) {
        let mut scrubbed = Vec::new();
        loop {
            let mut files = self.lock();
            let next = files.ready.iter().position(|path| !scrubbed.contains(path));
            let Some(path) = next.map(|at| files.ready.remove(at)) else {
                return;
            };
            drop(files);
            match file::wipe(&*self.disk, &path, self.segment_bytes) {
                Ok(()) => {
                    scrubbed.push(path.clone());
                    self.keep_ready(&path, self.segment_bytes);
                }
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "a free segment file cannot be overwritten");
                    self.bury(&path, self.segment_bytes);
                }
            }
        }
    }

    /// Takes a file away for good, now or, if the disk does not let us, later. Says whether it is gone.
    pub(super) fn bury(&self, path: &Path, bytes: u64) -> bool {
        match file::bury(&*self.disk, path) {
            Ok(()) => {
                self.forget(bytes);
                true
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a segment file cannot be taken away yet");
                let path = path.to_owned();
                self.lock().doomed.push(Sized { path, bytes });
                false
            }
        }
    }

    /// Tries again what the disk did not let us do.
    pub(super) fn tidy(&self) {
        let (doomed, damaged) = {
            let mut files = self.lock();
            let doomed = std::mem::take(&mut files.doomed);
            (doomed, std::mem::take(&mut files.damaged))
        };
        for file in doomed {
            self.bury(&file.path, file.bytes);
        }
        for file in damaged {
            if let Err(error) = self.set_aside(&file.path, file.bytes) {
                tracing::warn!(path = %file.path.display(), %error, "a damaged segment file is not set aside yet");
            }
        }
    }

    /// Whether the disk takes writes again: a free file is written to and kept.
    pub(super) fn probe(self: &Arc<Self>) -> Result<(), PoolError> {
        let file = self.take()?;
        let back = self.give_back(&file.path, file.bytes);
        back.map_err(|error| self.failed(error))
    }

    /// Keeps a damaged file under another name. Durable: its segment does not come again. If that fails it is
    /// tried again each second.
    pub(super) fn set_aside(&self, path: &Path, bytes: u64) -> io::Result<()> {
        match damage::rename(&*self.disk, path) {
            Ok(path) => self.keep(Sized { path, bytes }),
            // Somebody took it away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.forget(bytes),
            Err(error) => {
                let path = path.to_owned();
                self.lock().damaged.push(Sized { path, bytes });
                return Err(error);
            }
        }
        self.disk.sync_dir(&self.dir)
    }

    fn keep(&self, file: Sized) {
        let given_up = self.lock().quarantine.add(file);
        for file in given_up {
            self.bury(&file.path, file.bytes);
        }
    }

    /// Counts bytes no more that are none of the pool's now.
    pub(super) fn forget(&self, bytes: u64) {
        let mut files = self.lock();
        self.count(&mut files, |all| all.saturating_sub(bytes));
        self.full.store(false, Ordering::Relaxed);
    }

    /// Waits until the file that is being made is made or not, and leaves it where it is.
    #[cfg(test)]
    pub(super) fn settle(&self) {
        while let Some(maker) = self.lock().maker.as_ref()
            && !maker.is_finished()
        {
            std::thread::yield_now();
        }
    }

    /// Waits for the file that is being made.
    pub(super) fn close(&self) {
        let maker = self.lock().maker.take();
        if let Some(Err(error)) = maker.map(|maker| self.join(maker)) {
            tracing::warn!(%error, "a segment file was not made");
        }
    }

    fn count(&self, files: &mut Files, change: impl FnOnce(u64) -> u64) {
        files.bytes = change(files.bytes);
        metrics::get().spool_disk_bytes.set(signed(files.bytes));
    }

    fn failed(&self, source: io::Error) -> PoolError {
        PoolError::Io {
            dir: self.dir.clone(),
            source,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
