//! Who writes here: one process at a time, under an identity that no segment shares with another.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Lock};
use super::error::OpenError;
use crate::ids::{CollectorId, SegmentId};

const FILE: &str = "identity";
const NEW_FILE: &str = "identity.new";
const LOCK_FILE: &str = "lock";
/// More than an identity ever takes.
const SPARE_BYTES: usize = 256;
const MAX_BYTES: u64 = SPARE_BYTES as u64;

/// The collector of a directory, in this start of it. Holds the lock.
#[derive(Debug)]
pub(super) struct Identity {
    collector: CollectorId,
    epoch: u32,
    _lock: Lock,
}

impl Identity {
    /// Takes the directory, making it if need be, and begins a new epoch, durably.
    pub(super) fn take(disk: &dyn Disk, dir: &Path) -> Result<Self, OpenError> {
        disk.make_dir(dir)
            .map_err(failed("make the directory", dir))?;
        let lock = lock(disk, dir)?;
        let path = dir.join(FILE);
        let (collector, before) = match disk.read(&path, MAX_BYTES) {
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
        write(disk, dir, &text).map_err(failed("write", &dir.join(FILE)))?;
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

fn lock(disk: &dyn Disk, dir: &Path) -> Result<Lock, OpenError> {
    let path = dir.join(LOCK_FILE);
    disk.lock(&path).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => OpenError::Locked {
            dir: dir.to_owned(),
        },
        _ => failed("lock", &path)(error),
    })
}

fn parse(text: &[u8]) -> Option<(CollectorId, u32)> {
    let text = str::from_utf8(text).ok()?;
    // Behind the second line is what the file held when it was a spare.
    let mut lines = text.split('\n');
    let (first, second, _) = (lines.next()?, lines.next()?, lines.next()?);
    let collector = first.strip_prefix("collector ")?.parse().ok()?;
    let epoch = second.strip_prefix("epoch ")?.parse().ok()?;
    Some((CollectorId(collector), epoch))
}

/// Replaces the file in one step: after a crash either the old text is there or the new one. The new text goes
/// into the spare file that the last start left, which has its place on the disk already: a full disk must not
/// keep a start from delivering what waits on it.
fn write(disk: &dyn Disk, dir: &Path, text: &str) -> io::Result<()> {
    let new = dir.join(NEW_FILE);
    let file = disk.open(&new).or_else(|_unusable| {
        match disk.remove(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        disk.create(&new)
    })?;
    file.write_all_at(text.as_bytes(), 0)?;
    file.sync_data()?;
    disk.rename(&new, &dir.join(FILE))?;
    disk.sync_dir(dir)?;
    if let Err(error) = leave_spare(disk, dir, &new) {
        tracing::warn!(path = %new.display(), %error, "no room is kept for the next start, which will need some");
    }
    Ok(())
}

/// The old identity's place is free now.
fn leave_spare(disk: &dyn Disk, dir: &Path, path: &Path) -> io::Result<()> {
    let file = disk.create(path)?;
    file.write_all_at(&[0; SPARE_BYTES], 0)?;
    file.sync_data()?;
    disk.sync_dir(dir)
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
