//! Finding the frames of a segment in its file, and saying what is wrong with it. [`scan`] is the one to know.
//!
//! **What damage means.** A commit begins when the one before it is durable, so at most the last one may have
//! been cut off by a crash. [`scan`] calls *torn* what does not verify and may belong to it, and *corrupt*
//! what cannot: a place before the last commit, any place of a segment that was closed or whose end is known,
//! and a place behind which the head of a later commit stands, even one that does not verify.

use std::ops::Range;

use super::frame::{Frame, Seal};
use super::header::HEADER_BYTES;

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
    seal.due_at(file, HEADER_BYTES, 1).is_some()
}

/// Finds all frames of a segment in its file. `end` is where what was acknowledged ends, if that is known.
pub(super) fn scan(file: &[u8], seal: Seal, end: Option<usize>) -> Frames {
    let mut found = Scan::default();
    while let Some((start, frame)) = next_frame(file, seal, (found.position, found.expected)) {
        found.add(start, frame);
        if found.ended {
            break;
        }
    }
    let condition = match end {
        Some(end) if found.position == end && found.damaged.is_none() => Condition::Whole,
        Some(_) => Condition::Corrupt,
        None => found.condition(file, seal),
    };
    Frames {
        contents: found.contents,
        condition,
    }
}

/// How far a scan has come.
#[derive(Debug)]
struct Scan {
    contents: Vec<Range<usize>>,
    position: usize,
    /// The commit that the next byte belongs to.
    expected: u32,
    /// The latest that surely began.
    latest: u32,
    /// The commit that the first damaged place belongs to.
    damaged: Option<u32>,
    /// The closing frame was seen.
    ended: bool,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            contents: Vec::new(),
            position: HEADER_BYTES,
            expected: 1,
            latest: 0,
            damaged: None,
            ended: false,
        }
    }
}

impl Scan {
    fn add(&mut self, start: usize, frame: Frame) {
        if start > self.position && self.damaged.is_none() {
            self.damaged = Some(self.expected);
        }
        self.position = frame.content.end;
        self.expected = frame.commit.saturating_add(u32::from(frame.last));
        self.latest = frame.commit;
        if frame.content.is_empty() {
            self.ended = true;
        } else {
            self.contents.push(frame.content);
        }
    }

    /// What to make of it if nobody knows where the segment ends.
    fn condition(&self, file: &[u8], seal: Seal) -> Condition {
        let rest = file.get(self.position..).unwrap_or_default();
        if self.damaged.is_some_and(|commit| commit < self.latest) {
            return Condition::Corrupt;
        }
        if !self.ended && seal.has_later(file, self.position, self.expected) {
            return Condition::Corrupt;
        }
        // No closing frame: the process ended first. Nothing is torn if nothing was begun.
        let begun =
            self.expected == self.latest || memchr::memmem::find(rest, &seal.marker).is_some();
        if self.damaged.is_some() || (!self.ended && begun) {
            Condition::Torn
        } else {
            Condition::Whole
        }
    }
}

/// The first frame at or behind a position, where one of this commit is due, and where it starts.
fn next_frame(file: &[u8], seal: Seal, due: (usize, u32)) -> Option<(usize, Frame)> {
    let (position, commit) = due;
    if let Some(frame) = seal.due_at(file, position, commit) {
        return Some((position, frame));
    }
    let mut start = position;
    loop {
        if let Some(frame) = seal.marked_at(file, start) {
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
    use crate::spool::frame::tests::seal;
    use crate::spool::frame::{HEAD_BYTES, end, open};

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
            let frames = scan(&file, seal(1), None);
            assert_eq!(found(&file, &frames), three().concat());
            assert_eq!(frames.condition, Condition::Whole, "ended: {ended}");
        }
    }

    #[test]
    fn frames_of_another_segment_never_verify() {
        let (file, _) = file(&three(), seal(1), true);
        let frames = scan(&file, seal(2), None);
        assert!(frames.contents.is_empty());
        assert_eq!(frames.condition, Condition::Whole, "nothing was begun");
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
            let frames = scan(&file, seal(1), None);
            let mut rest = three().concat();
            rest.remove(which);
            assert_eq!(found(&file, &frames), rest, "{name}");
            assert_eq!(frames.condition, condition, "{name}");
        }
    }

    #[test]
    fn the_head_of_a_later_commit_proves_damage() {
        // Of the two last frames neither verifies, and no crash can do that.
        let commits: Vec<Vec<&[u8]>> = vec![vec![b"one"], vec![b"two"], vec![b"three"]];
        let (mut file, starts) = file(&commits, seal(1), false);
        file[starts[1] + HEAD_BYTES] ^= 1;
        file[starts[2] + HEAD_BYTES] ^= 1;
        let frames = scan(&file, seal(1), None);
        assert_eq!(found(&file, &frames), [b"one"]);
        assert_eq!(frames.condition, Condition::Corrupt);
    }

    #[test]
    fn where_the_end_is_known_nothing_is_torn() {
        let (mut file, starts) = file(&three(), seal(1), false);
        let end = file.len() - 100;
        let whole = scan(&file, seal(1), Some(end));
        assert_eq!(whole.condition, Condition::Whole);
        file[starts[5] + HEAD_BYTES] ^= 1;
        let damaged = scan(&file, seal(1), Some(end));
        assert_eq!(damaged.condition, Condition::Corrupt);
        assert_eq!(damaged.contents.len(), 5);
    }

    #[test]
    fn a_damaged_marker_costs_nothing() {
        for which in 0..6 {
            let (mut file, starts) = file(&three(), seal(1), false);
            file[starts[which]] ^= 1;
            let frames = scan(&file, seal(1), None);
            assert_eq!(found(&file, &frames), three().concat());
            assert_eq!(frames.condition, Condition::Whole);
        }
    }

    proptest! {
        #[test]
        fn a_flipped_bit_never_makes_a_wrong_frame(bit in 0usize..8 * 250, ended: bool) {
            let (mut file, _) = file(&three(), seal(1), ended);
            let written = file.len() - 100 - HEADER_BYTES;
            let bit = bit % (written * 8);
            file[HEADER_BYTES + bit / 8] ^= 1 << (bit % 8);
            let frames = scan(&file, seal(1), None);
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
            let frames = scan(&file[..cut], seal(1), None);
            let whole = three().concat();
            let got = found(&file, &frames);
            prop_assert_eq!(&got[..], &whole[..got.len()]);
            prop_assert_ne!(frames.condition, Condition::Corrupt);
        }
    }
}
