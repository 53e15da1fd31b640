//! Frames: one submission each, found and verified by the identity of their segment.
//!
//! Head: marker, length of the content, commit, checksum, four bytes each. The marker is made from the
//! identity, so that frames can be searched for behind a damaged place; the checksum is seeded by it and
//! covers all of the frame but the marker. The commit's lowest bit marks the last frame of a commit, by which
//! a torn last commit is told from damage to what was acknowledged.

use std::ops::Range;

use super::config::MAX_FRAME_BYTES;
use crate::ids::SegmentId;

/// Bytes of a frame before its content.
pub(super) const HEAD_BYTES: usize = 16;

/// What a disk writes wholly or not at all.
const SECTOR_BYTES: usize = 512;

/// What makes the frames of one segment its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    pub(super) marker: [u8; 4],
    seed: u32,
}

impl Seal {
    /// The seal of a segment.
    pub(super) fn of(id: SegmentId) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("skimwatch 2026 segment frames");
        hasher.update(id.collector.0.as_bytes());
        hasher.update(&id.epoch.to_le_bytes());
        let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
        // Within one start of the collector no two sequences share a seal.
        let sequence = id.sequence;
        Self {
            // Never zero: that is what unused space looks like.
            marker: (u32::from_le_bytes([a, b, c, d]) ^ sequence.rotate_left(16) | 1).to_le_bytes(),
            seed: u32::from_le_bytes([e, f, g, h]) ^ sequence,
        }
    }

    fn checksum(self, middle: &[u8], content: &[u8]) -> u32 {
        let mut hasher = crc32fast::Hasher::new_with_initial(self.seed);
        hasher.update(middle);
        hasher.update(content);
        hasher.finalize()
    }

    /// Completes the heads of all frames in `frames`: they are the commit of this number.
    pub(super) fn close(self, mut frames: &mut [u8], commit: u32) {
        while let Some((head, rest)) = frames.split_at_mut_checked(HEAD_BYTES) {
            let length = number(head, 4..8).and_then(|n| usize::try_from(n).ok());
            let Some((content, next)) = length.and_then(|n| rest.split_at_mut_checked(n)) else {
                return;
            };
            let last = u32::from(next.is_empty());
            put(head, 0..4, self.marker);
            put(head, 8..12, ((commit << 1) | last).to_le_bytes());
            let sum = self.checksum(head.get(4..12).unwrap_or_default(), content);
            put(head, 12..16, sum.to_le_bytes());
            frames = next;
        }
    }

    /// The frame whose marker stands there.
    pub(super) fn marked_at(self, file: &[u8], start: usize) -> Option<Frame> {
        let marker = file.get(start..start.checked_add(4)?)?;
        (marker == self.marker.as_slice())
            .then(|| self.frame_at(file, start))
            .flatten()
    }

    /// The frame there, whatever its marker says: where a frame is due, the checksum alone proves it, and
    /// damage to a marker costs nothing.
    pub(super) fn due_at(self, file: &[u8], start: usize, commit: u32) -> Option<Frame> {
        let frame = self.frame_at(file, start)?;
        (frame.commit == commit).then_some(frame)
    }

    fn frame_at(self, file: &[u8], start: usize) -> Option<Frame> {
        let head = file.get(start..start.checked_add(HEAD_BYTES)?)?;
        let length = usize::try_from(number(head, 4..8)?).ok()?;
        if length > MAX_FRAME_BYTES {
            return None;
        }
        let content = start + HEAD_BYTES..start + HEAD_BYTES + length;
        let sum = self.checksum(head.get(4..12)?, file.get(content.clone())?);
        let commit = number(head, 8..12)?;
        (sum == number(head, 12..16)?).then_some(Frame {
            content,
            commit: commit >> 1,
            last: commit & 1 == 1,
        })
    }

    /// Whether the head of a later commit stands behind a place, verifying or not. Heads that lie across two
    /// sectors prove nothing: half of one may be of the file's earlier life. The closing frame acknowledges
    /// nothing, so damage to it is none.
    pub(super) fn has_later(self, file: &[u8], position: usize, commit: u32) -> bool {
        // A head that is itself damaged may name any commit; a segment has no more commits than bytes.
        let most = u32::try_from(file.len()).unwrap_or(u32::MAX);
        let rest = file.get(position..).unwrap_or_default();
        memchr::memmem::find_iter(rest, &self.marker)
            .map(|start| position + start)
            .filter(|start| start % SECTOR_BYTES <= SECTOR_BYTES - HEAD_BYTES)
            .filter(|start| number(file, start + 4..start + 8) != Some(0))
            .filter_map(|start| number(file, start + 8..start + 12))
            .any(|found| (commit + 1..=most).contains(&(found >> 1)))
    }
}

/// Appends a frame whose content `put` appends; its head is completed by [`Seal::close`].
pub(super) fn open<T>(out: &mut Vec<u8>, put_content: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD_BYTES]);
    let answer = put_content(out);
    let length = u32::try_from(out.len() - start - HEAD_BYTES).unwrap_or(u32::MAX);
    put(
        out.get_mut(start..).unwrap_or_default(),
        4..8,
        length.to_le_bytes(),
    );
    answer
}

/// The frame without content that ends a closed segment.
pub(super) fn end(seal: Seal, commit: u32) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    seal.close(&mut head, commit);
    head
}

fn number(bytes: &[u8], at: Range<usize>) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at)?.try_into().ok()?))
}

fn put(bytes: &mut [u8], at: Range<usize>, value: [u8; 4]) {
    if let Some(place) = bytes.get_mut(at) {
        place.copy_from_slice(&value);
    }
}

/// A frame that verifies.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) content: Range<usize>,
    pub(super) commit: u32,
    /// Of its commit.
    pub(super) last: bool,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ids::CollectorId;

    /// The seal of one collector's segment.
    pub(in crate::spool) fn seal(sequence: u32) -> Seal {
        Seal::of(SegmentId {
            collector: CollectorId(uuid::Uuid::from_u128(5)),
            epoch: 1,
            sequence,
        })
    }

    #[test]
    fn seals_of_one_start_all_differ() {
        let seals: std::collections::HashSet<_> = (0..100_000).map(|n| seal(n).seed).collect();
        assert_eq!(seals.len(), 100_000);
    }
}
