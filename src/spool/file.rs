//! What is done to whole segment files: made, marked as free, taken away.

use std::io;
use std::path::Path;

use super::disk::{Disk, DiskFile};
use super::header::HEADER_BYTES;

const ZEROS: &[u8] = &[0; 64 << 10];

/// Makes a file of zeros, durably but for its name.
pub(super) fn fill(disk: &dyn Disk, path: &Path, bytes: u64) -> io::Result<()> {
    let file = disk.create(path)?;
    zero(&*file, 0, bytes)?;
    file.sync_data()
}

/// Writes zeros.
pub(super) fn zero(file: &dyn DiskFile, from: u64, bytes: u64) -> io::Result<()> {
    let mut done = 0;
    while done < bytes {
        let some = usize::try_from(bytes - done).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        file.write_all_at(ZEROS.get(..some).unwrap_or(ZEROS), from + done)?;
        done += some as u64;
    }
    Ok(())
}

/// Writes zeros over so many of a file's first bytes, durably.
pub(super) fn wipe(disk: &dyn Disk, path: &Path, bytes: u64) -> io::Result<()> {
    let file = disk.open(path)?;
    zero(&*file, 0, bytes)?;
    file.sync_data()
}

/// Takes the segment out of a file, durably.
pub(super) fn mark_free(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    wipe(disk, path, HEADER_BYTES as u64)
}

/// Takes a file away, so that what it holds never comes back. Its name may come back after a crash, if the
/// file is then marked as free.
pub(super) fn bury(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    let marked = mark_free(disk, path);
    match disk.remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    match (marked, path.parent()) {
        (Err(_), Some(dir)) => disk.sync_dir(dir),
        _ => Ok(()),
    }
}
