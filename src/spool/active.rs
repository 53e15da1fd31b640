//! The segment that is being written.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::config::Durability;
use super::disk::Disk;
use super::file;
use super::frame::{self, HEAD_BYTES, Seal};
use super::header::{self, HEADER_BYTES};
use super::pool::SegmentFile;
use super::segment::Segment;
use crate::clock::Timestamp;
use crate::ids::SegmentId;

/// A segment file, open for commits.
#[derive(Debug)]
pub(super) struct Active {
    id: SegmentId,
    seal: Seal,
    file: SegmentFile,
    opened_at: Timestamp,
    /// The same on the clock that never goes back.
    pub(super) opened: Duration,
    /// Where what is durable ends.
    end: u64,
    commit: u32,
}

impl Active {
    /// A file that will hold this segment from its first commit on.
    pub(super) fn new(
        id: SegmentId,
        file: SegmentFile,
        opened_at: Timestamp,
        opened: Duration,
    ) -> Self {
        Self {
            id,
            seal: Seal::of(id),
            file,
            opened_at,
            opened,
            end: HEADER_BYTES as u64,
            commit: 0,
        }
    }

    /// Bytes of a file that frames of this length need, all else included.
    pub(super) fn file_bytes(frames: usize) -> u64 {
        (HEADER_BYTES + frames + HEAD_BYTES) as u64
    }

    /// Whether frames of this length fit behind what is there.
    pub(super) fn has_room(&self, frames: usize) -> bool {
        self.end + (frames + HEAD_BYTES) as u64 <= self.file.bytes
    }

    /// Writes the frames and makes them durable. After an error nothing more may be written here: what the
    /// disk holds is unknown, and a sync that is asked for again may lie.
    pub(super) fn commit(&mut self, frames: &mut [u8], durability: Durability) -> io::Result<()> {
        self.commit += 1;
        self.seal.close(frames, self.commit);
        let file = &self.file.file;
        if self.commit == 1 {
            let header = header::page(self.id, self.opened_at, self.file.filled);
            file.write_all_at(&header, 0)?;
        }
        file.write_all_at(frames, self.end)?;
        if durability == Durability::Fsync {
            file.sync_data()?;
        }
        self.end += frames.len() as u64;
        Ok(())
    }

    /// Closes the segment. The closing frame lets damage be told from a crash; it acknowledges nothing, so it
    /// is not synced, and nothing is lost if it is not there.
    pub(super) fn close(mut self, disk: &Arc<dyn Disk>) -> Segment {
        let closing = frame::end(self.seal, self.commit + 1);
        match self.file.file.write_all_at(&closing, self.end) {
            Ok(()) => self.end += closing.len() as u64,
            Err(error) => tracing::warn!(id = %self.id, %error, "a segment was not closed cleanly"),
        }
        self.into_segment(disk)
    }

    /// Whether nothing was acknowledged here.
    pub(super) fn is_empty(&self) -> bool {
        self.end == HEADER_BYTES as u64
    }

    /// Takes back a commit that failed, durably: those who waited were refused, so what of it the disk holds
    /// must not be found after a crash. Not asking for the old sync again: these are new bytes.
    pub(super) fn take_back(&self, frames: usize) -> io::Result<()> {
        file::zero(&*self.file.file, self.end, frames as u64)?;
        self.file.file.sync_data()
    }

    /// The file alone.
    pub(super) fn into_file(self) -> SegmentFile {
        self.file
    }

    /// What was acknowledged, without a closing frame.
    pub(super) fn into_segment(self, disk: &Arc<dyn Disk>) -> Segment {
        Segment {
            id: self.id,
            opened_at: self.opened_at,
            recovered: false,
            disk: Arc::clone(disk),
            path: self.file.path,
            bytes: self.file.bytes,
            end: Some(self.end),
            corrupt: Arc::default(),
        }
    }
}
