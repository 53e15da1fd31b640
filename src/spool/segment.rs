//! A closed segment on its way to ClickHouse.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::disk::Disk;
use super::error::ReadError;
use super::read::{self, SegmentContents};
use crate::clock::Timestamp;
use crate::ids::SegmentId;

/// A closed segment: one batch, one insert. It stays in its file until [`Spool::free`](super::Spool::free).
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its identity, from which deduplication tokens are made.
    pub id: SegmentId,
    /// When its first frame came.
    pub opened_at: Timestamp,
    /// It was there when the spool was opened: ClickHouse may have it already.
    pub recovered: bool,
    pub(super) disk: Arc<dyn Disk>,
    pub(super) path: PathBuf,
    /// How large its file is.
    pub(super) bytes: u64,
    /// Where what was acknowledged ends; `None` if that must be found out from the frames.
    pub(super) end: Option<u64>,
    /// Set when reading finds damage: then the file is kept.
    pub(super) corrupt: Arc<AtomicBool>,
}

impl Segment {
    /// One whose file was found: ClickHouse may have it, and where it ends is to be found out.
    pub(super) fn found(
        disk: Arc<dyn Disk>,
        (id, opened_at): (SegmentId, Timestamp),
        (path, bytes): (PathBuf, u64),
    ) -> Self {
        Self {
            id,
            opened_at,
            recovered: true,
            disk,
            path,
            bytes,
            end: None,
            corrupt: Arc::default(),
        }
    }

    /// Reads and verifies the file. Damaged places are left out, reported in the log and in the metrics, and
    /// said in [`SegmentContents::is_damaged`]. Blocks for as long as reading some megabytes takes.
    ///
    /// # Errors
    /// [`ReadError`] if the file cannot be read or no longer holds the segment; then it is to be handed to
    /// [`Spool::give_up`](super::Spool::give_up).
    pub fn contents(&self) -> Result<SegmentContents, ReadError> {
        let contents = read::contents(self)?;
        if contents.is_damaged() {
            self.corrupt.store(true, Ordering::Relaxed);
        }
        Ok(contents)
    }
}
