//! A spool seen from outside, whether or not a process has it open. [`StoredSegment`] is the type to know.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::aside::{self, Record};
use super::damage;
use super::disk::{Disk as _, System};
use super::error::ReadError;
use super::header::{HEADER_BYTES, Header};
use super::pool;
use super::read::{self, SegmentContents};
use super::segment::Segment;
use crate::clock::Timestamp;
use crate::ids::SegmentId;

/// A segment in a file.
#[derive(Clone, Debug)]
pub struct StoredSegment {
    /// Its identity.
    pub id: SegmentId,
    /// When its first frame came.
    pub opened_at: Timestamp,
    /// How large its file is.
    pub bytes: u64,
    /// Why it was set aside; none if it waits in the log, or is being written.
    pub record: Option<Record>,
    path: PathBuf,
}

/// The segments of a directory, and the files of which nobody can say what they are.
#[derive(Debug, Default)]
pub struct StoredSegments {
    /// Oldest first.
    pub segments: Vec<StoredSegment>,
    /// Files that the disk does not hand out, and what the system said.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// The segments that wait in a spool's directory. The one being written is among them.
///
/// # Errors
/// If the directory cannot be read.
pub fn waiting_segments(dir: &Path) -> io::Result<StoredSegments> {
    segments_in(dir, pool::SUFFIX, |_| None)
}

/// The segments that were set aside beside it.
///
/// # Errors
/// If the directory cannot be read.
pub fn segments_set_aside(dir: &Path) -> io::Result<StoredSegments> {
    segments_in(&aside::folder(dir), aside::SUFFIX, |path| {
        Some(aside::record(path))
    })
}

fn segments_in(
    dir: &Path,
    suffix: &str,
    record: impl Fn(&Path) -> Option<Record>,
) -> io::Result<StoredSegments> {
    let mut found = StoredSegments::default();
    let entries = match fs::read_dir(dir) {
        // Nothing was ever written there.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension() != Some(OsStr::new(suffix)) {
            continue;
        }
        match look_at(&path) {
            Ok(None) => {}
            Ok(Some(segment)) => found.segments.push(StoredSegment {
                record: record(&path),
                ..segment
            }),
            Err(error) => found.unreadable.push((path, error)),
        }
    }
    found.segments.sort_by_key(|segment| segment.id);
    found
        .unreadable
        .sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

/// The segment in a file. None if it holds none, or was freed while we looked.
fn look_at(path: &Path) -> io::Result<Option<StoredSegment>> {
    let mut page = Vec::with_capacity(HEADER_BYTES);
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let bytes = file.metadata()?.len();
    file.take(HEADER_BYTES as u64).read_to_end(&mut page)?;
    Ok(match Header::read(&page) {
        Header::Used { id, opened_at, .. } => Some(StoredSegment {
            id,
            opened_at,
            bytes,
            record: None,
            path: path.to_owned(),
        }),
        Header::Free | Header::Version(_) | Header::Damaged => None,
    })
}

impl StoredSegment {
    /// Reads and verifies the file. Blocks for as long as reading some megabytes takes.
    ///
    /// # Errors
    /// [`ReadError`] if the file cannot be read, was freed, or holds what no version 1 spool wrote.
    pub fn contents(&self) -> Result<SegmentContents, ReadError> {
        let file = (self.path.clone(), self.bytes);
        read::contents(&Segment {
            end: self.record.as_ref().and_then(|record| record.end),
            ..Segment::found(Arc::new(System), (self.id, self.opened_at), file)
        })
    }

    /// Deletes a segment that was set aside: ClickHouse has made its rows durable. A damaged one is kept as
    /// `*.corrupt`, as the spool does it. One that waits is the running spool's, and stays.
    ///
    /// # Errors
    /// If the file cannot be deleted; then nothing is lost, and doing it again is safe.
    pub fn free(self, contents: &SegmentContents) -> io::Result<()> {
        if self.record.is_none() {
            return Err(io::Error::other(
                "it waits in the log and was not set aside",
            ));
        }
        if contents.is_damaged() {
            damage::rename(&System, &self.path)?;
        } else {
            gone(fs::remove_file(&self.path))?;
        }
        gone(fs::remove_file(aside::record_path(&self.path)))?;
        self.path
            .parent()
            .map_or(Ok(()), |dir| System.sync_dir(dir))
    }
}

/// Somebody else may have done the same.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
