//! Who writes here: one process at a time, under an identity that no segment shares with another.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::error::OpenError;
use crate::ids::{CollectorId, SegmentId};

const FILE: &str = "identity";
const NEW_FILE: &str = "identity.new";
const LOCK_FILE: &str = "lock";

/// The collector of a directory, in this start of it. Holds the lock.
#[derive(Debug)]
pub(super) struct Identity {
    collector: CollectorId,
    epoch: u32,
    _lock: File,
}

impl Identity {
    /// Takes the directory, making it if need be, and begins a new epoch, durably.
    pub(super) fn take(dir: &Path) -> Result<Self, OpenError> {
        fs::create_dir_all(dir).map_err(failed("make the directory", dir))?;
        let lock = lock(dir)?;
        let path = dir.join(FILE);
        let (collector, before) = match fs::read_to_string(&path) {
            Ok(text) => parse(&text).ok_or(OpenError::Identity { path })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                (CollectorId(uuid::Uuid::new_v4()), 0)
            }
            Err(error) => return Err(failed("read", &path)(error)),
        };
        let Some(epoch) = before.checked_add(1) else {
            return Err(OpenError::Identity {
                path: dir.join(FILE),
            });
        };
        let text = format!("collector {collector}\nepoch {epoch}\n");
        write(dir, &text).map_err(failed("write", &dir.join(FILE)))?;
        Ok(Self {
            collector,
            epoch,
            _lock: lock,
        })
    }

    /// The collector.
    pub(super) fn collector(&self) -> CollectorId {
        self.collector
    }

    /// The identity of this epoch's segment of this sequence.
    pub(super) fn segment(&self, sequence: u32) -> SegmentId {
        SegmentId {
            collector: self.collector,
            epoch: self.epoch,
            sequence,
        }
    }
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed("open", &path))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(OpenError::Locked {
            dir: dir.to_owned(),
        }),
        Err(error) => Err(failed("lock", &path)(error.into())),
    }
}

fn parse(text: &str) -> Option<(CollectorId, u32)> {
    let (first, second) = text.strip_suffix('\n')?.split_once('\n')?;
    let collector = first.strip_prefix("collector ")?.parse().ok()?;
    let epoch = second.strip_prefix("epoch ")?.parse().ok()?;
    Some((CollectorId(collector), epoch))
}

/// Replaces the file in one step: after a crash either the old text is there or the new one.
fn write(dir: &Path, text: &str) -> io::Result<()> {
    let new = dir.join(NEW_FILE);
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, dir.join(FILE))?;
    sync_dir(dir)
}

/// Makes the names in a directory durable.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// An [`OpenError::Io`] out of what the system says.
pub(super) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path: PathBuf = path.to_owned();
    move |source| OpenError::Io {
        doing,
        path,
        source,
    }
}
