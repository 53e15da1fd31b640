//! The heads of an HTTP/2 connection, counted while they arrive. [`Heads`] is the type to know.
//!
//! The server's library keeps a head until its last frame has come, up to 16 MiB of it for each connection, and shows
//! it to nobody before. So frames are walked through here (RFC 9113 §4.1), and nothing else of them is read.

/// Bytes of one head, as compressed on the way. What a request may hold is checked again when it is read.
pub const MAX_H2_HEAD_BYTES: usize = 32 * 1024;

/// What a client sends before its first frame (RFC 9113 §3.4).
const PREFACE: usize = 24;
const FRAME_HEADER: usize = 9;
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;

/// Where in the frames of a connection its reader is.
#[derive(Debug)]
pub(super) struct Heads {
    /// Bytes to pass over: the preface, or the rest of a frame.
    rest: usize,
    /// The header of the next frame, as far as it has come.
    header: [u8; FRAME_HEADER],
    have: usize,
    /// Bytes of the head at hand.
    head: usize,
}

/// A head is longer than [`MAX_H2_HEAD_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Heads {
    pub(super) fn new() -> Self {
        Self {
            rest: PREFACE,
            header: [0; FRAME_HEADER],
            have: 0,
            head: 0,
        }
    }

    /// Walks on through what was read.
    ///
    /// # Errors
    /// [`TooLong`], as soon as the header of a frame says so.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) -> Result<(), TooLong> {
        while !bytes.is_empty() {
            let skipped = self.rest.min(bytes.len());
            self.rest -= skipped;
            bytes = bytes.get(skipped..).unwrap_or_default();
            for slot in self.header.iter_mut().skip(self.have) {
                let Some((first, others)) = bytes.split_first() else {
                    return Ok(());
                };
                *slot = *first;
                self.have += 1;
                bytes = others;
            }
            self.have = 0;
            self.frame()?;
        }
        Ok(())
    }

    fn frame(&mut self) -> Result<(), TooLong> {
        let [a, b, c, kind, ..] = self.header;
        let length = u32::from_be_bytes([0, a, b, c]);
        self.rest = usize::try_from(length).unwrap_or(usize::MAX);
        match kind {
            HEADERS => self.head = self.rest,
            CONTINUATION => self.head = self.head.saturating_add(self.rest),
            _ => return Ok(()),
        }
        if self.head > MAX_H2_HEAD_BYTES {
            return Err(TooLong);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: u8 = 0;

    fn frames(frames: &[(u8, usize)]) -> Vec<u8> {
        let mut bytes = vec![b'P'; PREFACE];
        for (kind, length) in frames {
            let [_, a, b, c] = u32::try_from(*length).expect("short").to_be_bytes();
            bytes.extend([a, b, c, *kind, 0, 0, 0, 0, 1]);
            bytes.extend(std::iter::repeat_n(HEADERS, *length));
        }
        bytes
    }

    #[test]
    fn heads_have_a_length() {
        let half = MAX_H2_HEAD_BYTES / 2;
        let cases = [
            (
                "a head as long as may be",
                vec![(HEADERS, half), (CONTINUATION, half)],
                Ok(()),
            ),
            (
                "one byte more",
                vec![(HEADERS, half), (CONTINUATION, half + 1)],
                Err(TooLong),
            ),
            (
                "in many pieces",
                [vec![(HEADERS, 0)], vec![(CONTINUATION, 100); 400]].concat(),
                Err(TooLong),
            ),
            (
                "in one",
                vec![(HEADERS, MAX_H2_HEAD_BYTES + 1)],
                Err(TooLong),
            ),
            ("each head for itself", vec![(HEADERS, half); 10], Ok(())),
            (
                "bodies are no heads",
                vec![(HEADERS, 10), (DATA, 1 << 20), (HEADERS, 10)],
                Ok(()),
            ),
        ];
        for (name, sent, expected) in cases {
            let bytes = frames(&sent);
            for piece in [1, 7, 24, 33, 4096, bytes.len()] {
                let mut heads = Heads::new();
                let passed = bytes.chunks(piece).try_for_each(|piece| heads.pass(piece));
                assert_eq!(passed, expected, "{name}, {piece} bytes at a time");
            }
        }
    }
}
