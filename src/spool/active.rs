//! The segment that is being written.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

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
    /// disk holds is unknown.
    pub(super) fn commit(&mut self, frames: &mut [u8]) -> io::Result<()> {
        self.commit += 1;
        self.seal.close(frames, self.commit);
        let file: &File = &self.file.file;
        if self.commit == 1 {
            file.write_all_at(&header::page(self.id, self.opened_at), 0)?;
        }
        file.write_all_at(frames, self.end)?;
        file.sync_data()?;
        self.end += frames.len() as u64;
        Ok(())
    }

    /// Closes the segment. The closing frame lets damage be told from a crash; it acknowledges nothing, so it
    /// is not synced, and nothing is lost if it is not there.
    pub(super) fn close(mut self) -> Segment {
        let closing = frame::end(self.seal, self.commit + 1);
        match self.file.file.write_all_at(&closing, self.end) {
            Ok(()) => self.end += closing.len() as u64,
            Err(error) => tracing::warn!(id = %self.id, %error, "a segment was not closed cleanly"),
        }
        self.into_segment()
    }

    /// Gives the segment up after an error: what was acknowledged before, if anything, or else its file.
    pub(super) fn give_up(self) -> Result<Segment, SegmentFile> {
        if self.end > HEADER_BYTES as u64 {
            Ok(self.into_segment())
        } else {
            Err(self.file)
        }
    }

    fn into_segment(self) -> Segment {
        Segment {
            id: self.id,
            opened_at: self.opened_at,
            recovered: false,
            path: self.file.path,
            bytes: self.file.bytes,
            end: Some(self.end),
            corrupt: Arc::default(),
        }
    }
}

#[cfg(test)]
impl Active {
    /// The same segment on a file that takes no more writes.
    pub(super) fn broken(mut self) -> Self {
        self.file.file = File::open(&self.file.path).expect("the file is there");
        self
    }
}
