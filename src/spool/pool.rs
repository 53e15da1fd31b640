//! The segment files: made once, filled with zeros, used again and again, within a budget.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::config::MAX_READY_FILES;
use super::header::HEADER_BYTES;
use super::identity::sync_dir;
use crate::metrics;

/// How the name of a segment file ends.
pub(super) const SUFFIX: &str = "seg";

/// All segment files of a spool.
#[derive(Debug)]
pub(super) struct Pool {
    dir: PathBuf,
    segment_bytes: u64,
    max_bytes: u64,
    files: Mutex<Files>,
    full: AtomicBool,
}

#[derive(Debug)]
struct Files {
    ready: Vec<PathBuf>,
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
    /// How large it is.
    pub(super) bytes: u64,
    /// Open for writing.
    pub(super) file: File,
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
    /// A pool of the files in `dir`: those in `ready` are free, all of them take `bytes`, and `next_name` is
    /// above every number in their names.
    pub(super) fn new(
        config: &super::Config,
        ready: Vec<PathBuf>,
        bytes: u64,
        next_name: u64,
    ) -> Arc<Self> {
        let metrics = metrics::get();
        metrics.spool_disk_bytes.set(signed(bytes));
        metrics.spool_disk_bytes_limit.set(signed(config.max_bytes));
        Arc::new(Self {
            dir: config.dir.clone(),
            segment_bytes: config.segment_bytes,
            max_bytes: config.max_bytes,
            files: Mutex::new(Files {
                ready,
                bytes,
                next_name,
                maker: None,
            }),
            full: AtomicBool::new(false),
        })
    }

    /// Whether the last attempt to get a file found the budget used up, and nothing was freed since.
    pub(super) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// A free file, made if there is none.
    pub(super) fn take(self: &Arc<Self>) -> Result<SegmentFile, PoolError> {
        let path = self.take_path()?;
        let file = File::options().read(true).write(true).open(&path);
        self.make_ahead();
        match file {
            Ok(file) => Ok(SegmentFile {
                path,
                bytes: self.segment_bytes,
                file,
            }),
            Err(error) => {
                self.delete(&path, self.segment_bytes);
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
            return self.join(maker);
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
        if !files.ready.is_empty() || files.maker.is_some() {
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
        match fill(&path, self.segment_bytes).and_then(|()| sync_dir(&self.dir)) {
            Ok(()) => Ok(path),
            Err(error) => {
                self.delete(&path, self.segment_bytes);
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

    /// Marks a file as free, durably, and keeps it to be used again, or deletes it if there are enough.
    pub(super) fn give_back(&self, path: &Path, bytes: u64) -> io::Result<()> {
        if bytes != self.segment_bytes {
            self.delete(path, bytes);
            return Ok(());
        }
        mark_free(path)?;
        let mut files = self.lock();
        if files.ready.len() < MAX_READY_FILES && files.bytes <= self.max_bytes {
            files.ready.push(path.to_owned());
            self.full.store(false, Ordering::Relaxed);
        } else {
            drop(files);
            self.delete(path, bytes);
        }
        Ok(())
    }

    /// Deletes a file; its bytes may be used for others.
    pub(super) fn delete(&self, path: &Path, bytes: u64) {
        if let Err(error) = fs::remove_file(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "cannot delete a segment file");
        }
        self.forget(bytes);
    }

    /// Takes a file that is no longer the pool's out of the accounts.
    pub(super) fn forget(&self, bytes: u64) {
        let mut files = self.lock();
        self.count(&mut files, |all| all.saturating_sub(bytes));
        self.full.store(false, Ordering::Relaxed);
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

fn mark_free(path: &Path) -> io::Result<()> {
    let file = File::options().write(true).open(path)?;
    file.write_all_at(&[0; HEADER_BYTES], 0)?;
    file.sync_data()
}

fn fill(path: &Path, bytes: u64) -> io::Result<()> {
    const ZEROS: &[u8] = &[0; 64 << 10];
    let mut file = File::options().write(true).create_new(true).open(path)?;
    let mut left = bytes;
    while left > 0 {
        let some = usize::try_from(left).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        file.write_all(ZEROS.get(..some).unwrap_or(ZEROS))?;
        left -= some as u64;
    }
    file.sync_all()
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
