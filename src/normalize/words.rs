//! [`Words`]: a closed list of words, in which most other words are told from its own by a look at their first
//! letter and their length.

/// A list of words in lower-case ASCII, none longer than 31 bytes.
#[derive(Debug)]
pub(super) struct Words<const N: usize> {
    words: [&'static str; N],
    /// The lengths of those that begin with a letter, by its low five bits.
    lengths: [u32; 32],
}

impl<const N: usize> Words<N> {
    /// Makes the list. To be called for constants.
    pub(super) const fn new(words: [&'static str; N]) -> Self {
        let mut lengths = [0; 32];
        let mut at = 0;
        while at < N {
            let word = words[at].as_bytes();
            assert!(!word.is_empty() && word.len() < 32, "too short or too long");
            lengths[(word[0] & 31) as usize] |= 1 << word.len();
            at += 1;
        }
        Self { words, lengths }
    }

    /// Where in the list a word stands, whatever its case.
    pub(super) fn position(&self, word: &[u8]) -> Option<usize> {
        let first = word.first()?;
        let lengths = self.lengths[usize::from(first & 31)];
        if word.len() > 31 || lengths & (1 << word.len()) == 0 {
            return None;
        }
        self.words
            .iter()
            .position(|known| known.as_bytes().eq_ignore_ascii_case(word))
    }

    /// Whether a word is in the list, whatever its case.
    pub(super) fn has(&self, word: &[u8]) -> bool {
        self.position(word).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        const WORDS: Words<3> = Words::new(["pay", "cart", "place-order"]);
        for (word, want) in [
            ("pay", Some(0)),
            ("CART", Some(1)),
            ("place-order", Some(2)),
            ("paz", None),
            ("cartoon", None),
            ("", None),
            ("abcdefghijklmnopqrstuvwxyzabcdefghijkl", None),
        ] {
            assert_eq!(WORDS.position(word.as_bytes()), want, "{word}");
        }
    }
}
