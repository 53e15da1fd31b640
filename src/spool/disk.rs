//! What the spool asks of a file system. [`Disk`] is the type to know.
//!
//! There are two: [`System`] here, and in tests one in memory that loses power, runs full and lies.
//! The rule: nothing else in this module touches a file, so that whatever a disk does can be done to it there.

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::private;

/// Holds a lock until it is dropped.
pub(super) type Lock = Box<dyn Debug + Send + Sync>;

/// A file system.
pub(super) trait Disk: Debug + Send + Sync {
    /// Whether making a file takes no time to speak of, so that none need be made ahead.
    fn is_swift(&self) -> bool {
        false
    }
    /// Makes a directory and those above it, durably.
    fn make_dir(&self, dir: &Path) -> io::Result<()>;
    /// Locks a file, made if it is not there; [`io::ErrorKind::WouldBlock`] if another process has it.
    fn lock(&self, path: &Path) -> io::Result<Lock>;
    /// The files of a directory.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;
    /// How long a file is.
    fn size(&self, path: &Path) -> io::Result<u64>;
    /// A file's first bytes, at most so many.
    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>>;
    /// Makes a file that was not there. Its name is durable after [`Disk::sync_dir`].
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for writing.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a file another name, in one step. It is durable after [`Disk::sync_dir`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away, for good after [`Disk::sync_dir`].
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a directory durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
}

/// A file, open for writing.
pub(super) trait DiskFile: Debug + Send + Sync {
    /// Writes all of it there. After an error any part of it may be there.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes what was written durable, with the length that it gave the file. After an error each part of it
    /// may be durable or not, now and later: asking again proves nothing.
    fn sync_data(&self) -> io::Result<()>;
}

/// The file system of the machine.
#[derive(Debug)]
pub(super) struct System;

impl Disk for System {
    fn make_dir(&self, dir: &Path) -> io::Result<()> {
        if dir.is_dir() {
            return Ok(());
        }
        let above = match dir.parent() {
            Some(above) if above.as_os_str().is_empty() => Path::new("."),
            Some(above) => above,
            None => Path::new("/"),
        };
        self.make_dir(above)?;
        private::make_dir(dir)?;
        // Whoever made the one above a moment ago need not have synced its name, and may be the only one who can.
        if let Some(higher) = above.parent()
            && let Err(error) = self.sync_dir(higher)
        {
            tracing::debug!(dir = %higher.display(), %error, "its names are not synced");
        }
        self.sync_dir(above)
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        let file = private::open_lock(path)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Box::new(file))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect()
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        Ok(fs::metadata(path)?.len())
    }

    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let size = file.metadata()?.len().min(most);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = private::options().create_new(true).open(path)?;
        Ok(Box::new(file))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(File::options().write(true).open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }
}

impl DiskFile for File {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        FileExt::write_all_at(self, bytes, offset)
    }

    fn sync_data(&self) -> io::Result<()> {
        File::sync_data(self)
    }
}
