//! The reader of segments without a disk, for fuzzing.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::disk::System;
use super::frame::{self, Seal};
use super::header::{self, HEADER_BYTES, Header};
use super::read::{self, SegmentContents};
use super::scan;
use super::segment::Segment;
use crate::clock::Timestamp;
use crate::ids::SegmentId;

/// Reads bytes as the file of the segment that their header names; `None` if it names none. Also where the
/// contents of the frames lie that verified.
pub fn read(file: &[u8]) -> Option<(SegmentId, Vec<Range<usize>>, Option<SegmentContents>)> {
    let Header::Used { id, opened_at, .. } = Header::read(file) else {
        return None;
    };
    let frames = scan::scan(file, Seal::of(id), None).contents;
    let nowhere = (PathBuf::new(), file.len() as u64);
    let segment = Segment::found(Arc::new(System), (id, opened_at), nowhere);
    let contents = read::verified(&segment, file.to_vec()).ok();
    Some((id, frames, contents))
}

/// A segment's file, as written, of frames with these contents: each is a commit of its own.
pub fn write(id: SegmentId, contents: &[&[u8]]) -> Vec<u8> {
    let seal = Seal::of(id);
    let mut file = header::page(id, Timestamp(0), 0);
    file.resize(HEADER_BYTES, 0);
    let mut commit = 0;
    for content in contents {
        commit += 1;
        let start = file.len();
        frame::open(&mut file, |out| out.extend_from_slice(content));
        seal.close(file.get_mut(start..).unwrap_or_default(), commit);
    }
    file.extend_from_slice(&frame::end(seal, commit + 1));
    file
}
