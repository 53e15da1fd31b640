//! Frames: one submission each, found and verified by the identity of their segment.
//!
//! Head: marker, length of the content, commit, checksum, four bytes each. The marker is made from the
//! identity, so that frames can be searched for behind a damaged place; the checksum is seeded by it and
//! covers all of the frame but the marker. The commit's lowest bit marks the last frame of a commit, by which
//! a torn last commit is told from damage to what was acknowledged.

use std::ops::Range;

use super::config::MAX_FRAME_BYTES;
use super::header::HEADER_BYTES;
use crate::ids::SegmentId;

/// Bytes of a frame before its content.
pub(super) const HEAD_BYTES: usize = 16;

/// What makes the frames of one segment its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    marker: [u8; 4],
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

    fn frame_at(self, file: &[u8], start: usize) -> Option<Frame> {
        let head = file.get(start..start.checked_add(HEAD_BYTES)?)?;
        if head.get(..4)? != self.marker.as_slice() {
            return None;
        }
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

#[derive(Debug)]
struct Frame {
    content: Range<usize>,
    commit: u32,
    last: bool,
}

/// In what state a segment's frames are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// All that was written verifies.
    Whole,
    /// The last commit, which may never have been acknowledged, does not verify to its end.
    Torn,
    /// Something that was acknowledged does not verify.
    Corrupt,
}

/// The frames of a file.
#[derive(Debug)]
pub(super) struct Frames {
    /// Where their contents are.
    pub(super) contents: Vec<Range<usize>>,
    /// In what state they are.
    pub(super) condition: Condition,
}

/// Whether the first frame verifies, which is all that recovery needs to see of most files.
pub(super) fn has_first(file: &[u8], seal: Seal) -> bool {
    seal.frame_at(file, HEADER_BYTES).is_some()
}

/// Finds all frames of a segment in its file.
pub(super) fn scan(file: &[u8], seal: Seal) -> Frames {
    let mut contents = Vec::new();
    let mut position = HEADER_BYTES;
    // The commit that the next byte belongs to, and the latest that surely began.
    let (mut expected, mut latest) = (1, 0);
    let mut damaged = None;
    let mut torn = true;
    while let Some((start, frame)) = next_frame(file, seal, position) {
        if start > position && damaged.is_none() {
            damaged = Some(expected);
        }
        position = frame.content.end;
        expected = frame.commit + u32::from(frame.last);
        latest = frame.commit;
        if frame.content.is_empty() {
            torn = false;
            break;
        }
        contents.push(frame.content);
    }
    if torn {
        // No closing frame: the process ended first. Nothing is torn if nothing was begun.
        let rest = file.get(position..).unwrap_or_default();
        torn = expected == latest || memchr::memmem::find(rest, &seal.marker).is_some();
    }
    let condition = match damaged {
        // A commit begins when the one before it is durable.
        Some(commit) if commit < latest => Condition::Corrupt,
        Some(_) => Condition::Torn,
        None if torn => Condition::Torn,
        None => Condition::Whole,
    };
    Frames {
        contents,
        condition,
    }
}

/// The first frame at or behind `position`, and where it starts.
fn next_frame(file: &[u8], seal: Seal, position: usize) -> Option<(usize, Frame)> {
    let mut start = position;
    loop {
        if let Some(frame) = seal.frame_at(file, start) {
            return Some((start, frame));
        }
        let behind = file.get(start + 1..)?;
        start += 1 + memchr::memmem::find(behind, &seal.marker)?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::CollectorId;

    fn seal(sequence: u32) -> Seal {
        Seal::of(SegmentId {
            collector: CollectorId(uuid::Uuid::from_u128(5)),
            epoch: 1,
            sequence,
        })
    }

    /// A file of commits, each a list of contents; closed if `ended`. Also where each frame starts.
    fn file(commits: &[Vec<&[u8]>], seal: Seal, ended: bool) -> (Vec<u8>, Vec<usize>) {
        let mut file = vec![0; HEADER_BYTES];
        let mut starts = Vec::new();
        let mut number = 0;
        for commit in commits {
            number += 1;
            let start = file.len();
            for content in commit {
                starts.push(file.len());
                open(&mut file, |out| out.extend_from_slice(content));
            }
            seal.close(&mut file[start..], number);
        }
        if ended {
            file.extend_from_slice(&end(seal, number + 1));
        }
        file.resize(file.len() + 100, 0);
        (file, starts)
    }

    fn three() -> Vec<Vec<&'static [u8]>> {
        vec![
            vec![b"one".as_slice(), b"two"],
            vec![b"three"],
            vec![b"four", b"five", b"six"],
        ]
    }

    fn found<'a>(file: &'a [u8], frames: &Frames) -> Vec<&'a [u8]> {
        let at = |range: &Range<usize>| &file[range.clone()];
        frames.contents.iter().map(at).collect()
    }

    #[test]
    fn all_frames_come_back() {
        for ended in [true, false] {
            let (file, _) = file(&three(), seal(1), ended);
            let frames = scan(&file, seal(1));
            assert_eq!(found(&file, &frames), three().concat());
            assert_eq!(frames.condition, Condition::Whole, "ended: {ended}");
        }
    }

    #[test]
    fn frames_of_another_segment_never_verify() {
        let (file, _) = file(&three(), seal(1), true);
        let frames = scan(&file, seal(2));
        assert!(frames.contents.is_empty());
        assert_eq!(frames.condition, Condition::Whole, "nothing was begun");
    }

    #[test]
    fn seals_of_one_start_all_differ() {
        let seals: std::collections::HashSet<_> = (0..100_000).map(|n| seal(n).seed).collect();
        assert_eq!(seals.len(), 100_000);
    }

    #[test]
    fn damage_is_told_from_a_torn_last_commit() {
        use Condition::{Corrupt, Torn};
        let cases = [
            ("first commit, open", 0, false, Corrupt),
            ("second commit, open", 2, false, Corrupt),
            ("middle of the last commit, open", 4, false, Torn),
            ("end of the last commit, open", 5, false, Torn),
            ("first commit, closed", 0, true, Corrupt),
            ("middle of the last commit, closed", 4, true, Corrupt),
            ("end of the last commit, closed", 5, true, Corrupt),
        ];
        for (name, which, ended, condition) in cases {
            let (mut file, starts) = file(&three(), seal(1), ended);
            file[starts[which] + HEAD_BYTES] ^= 1;
            let frames = scan(&file, seal(1));
            let mut rest = three().concat();
            rest.remove(which);
            assert_eq!(found(&file, &frames), rest, "{name}");
            assert_eq!(frames.condition, condition, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_flipped_bit_never_makes_a_wrong_frame(bit in 0usize..8 * 250, ended: bool) {
            let (mut file, _) = file(&three(), seal(1), ended);
            let written = file.len() - 100 - HEADER_BYTES;
            let bit = bit % (written * 8);
            file[HEADER_BYTES + bit / 8] ^= 1 << (bit % 8);
            let frames = scan(&file, seal(1));
            let whole = three().concat();
            let got = found(&file, &frames);
            prop_assert!(got.iter().all(|frame| whole.contains(frame)));
            prop_assert!(got.len() + 1 >= whole.len(), "one frame at most is lost");
            if got.len() < whole.len() && ended {
                prop_assert_eq!(frames.condition, Condition::Corrupt);
            }
        }

        #[test]
        fn a_cut_file_yields_a_prefix(cut in 0usize..250) {
            let (file, _) = file(&three(), seal(1), true);
            let cut = (HEADER_BYTES + cut).min(file.len());
            let frames = scan(&file[..cut], seal(1));
            let whole = three().concat();
            let got = found(&file, &frames);
            prop_assert_eq!(&got[..], &whole[..got.len()]);
            prop_assert_ne!(frames.condition, Condition::Corrupt);
        }
    }
}
