//! Is this text a word of the site's maker, or somebody's data?
//!
//! Names, path segments and host labels stay readable only if they are words: letters in the usual
//! mixture, few digits. The rule: in doubt it is data.

use super::base64::has_base64_digits;

/// Longest word, in characters.
pub const MAX_WORD_CHARS: usize = 40;

/// Most digits in all, and in one row: `v2`, `3.6.0`, `b64`, never an expiry date with its year or a code.
const MAX_DIGITS: usize = 4;
const MAX_DIGIT_ROW: usize = 2;

/// Longest run of letters without `-`, `_` or `.` between.
const MAX_LETTERS: usize = 24;

/// Longest token in which digits may stand between letters: `b2b`, `k8s`.
const MAX_MIXED: usize = 6;

/// From this length on, letters must look like a language: hashes and base32 do not.
const LANGUAGE_FROM: usize = 8;

/// Most consonants in a row in a word of that length.
const MAX_CONSONANTS: usize = 5;

/// Whether a text, free of percent-encoding, may stay as it is.
pub(super) fn is_word(text: &str) -> bool {
    let is_made_of_tokens = if text.is_ascii() {
        (1..=MAX_WORD_CHARS).contains(&text.len()) && has_ascii_tokens(text.as_bytes())
    } else {
        text.chars().count() <= MAX_WORD_CHARS
            && text.chars().filter(|c| c.is_numeric()).count() <= MAX_DIGITS
            && text.split(['-', '_', '.']).all(is_token)
    };
    is_made_of_tokens && !has_base64_digits(text)
}

fn has_ascii_tokens(text: &[u8]) -> bool {
    let mut digits = 0;
    text.split(|b| matches!(b, b'-' | b'_' | b'.'))
        .all(|token| {
            let row = Row::of(token);
            if !row.digits {
                return row.reads(token.len());
            }
            digits += token.iter().filter(|b| b.is_ascii_digit()).count();
            digits <= MAX_DIGITS && reads_with_digits(token)
        })
}

fn is_token(token: &str) -> bool {
    if token.is_ascii() {
        let row = Row::of(token.as_bytes());
        return row.reads(token.len()) && !row.digits || reads_with_digits(token.as_bytes());
    }
    token.chars().all(char::is_alphabetic) && token.chars().count() <= MAX_LETTERS
}

fn reads_with_digits(token: &[u8]) -> bool {
    let mut letters = token;
    while let [b'0'..=b'9', rest @ ..] | [rest @ .., b'0'..=b'9'] = letters {
        letters = rest;
    }
    let row = Row::of(letters);
    longest(token, |b| b.is_ascii_digit()) <= MAX_DIGIT_ROW
        && (!row.digits || token.len() <= MAX_MIXED)
        && row.reads(letters.len())
}

const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const VOWEL: u8 = 8;
const BEYOND_HEX: u8 = 16;

/// What each byte is; nothing, if it cannot stand in a token.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut b = 0u8;
    while b < 128 {
        let mut class = 0;
        if b.is_ascii_lowercase() {
            class |= LOWER;
        }
        if b.is_ascii_uppercase() {
            class |= UPPER;
        }
        if b.is_ascii_digit() {
            class |= DIGIT;
        }
        if matches!(
            b.to_ascii_lowercase(),
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y'
        ) {
            class |= VOWEL;
        }
        if class != 0 && !b.is_ascii_hexdigit() {
            class |= BEYOND_HEX;
        }
        classes[b as usize] = class;
        b += 1;
    }
    classes
};

/// What one look at a row of letters and digits tells.
struct Row {
    /// There is nothing else in it.
    is_plain: bool,
    digits: bool,
    lower: bool,
    beyond_hex: bool,
    /// Capitals behind small letters.
    humps: usize,
    vowels: usize,
    /// Most consonants and digits in a row.
    consonants: usize,
}

impl Row {
    fn of(letters: &[u8]) -> Self {
        let (mut all, mut is_plain, mut before) = (0, true, 0);
        let (mut humps, mut vowels) = (0, 0);
        let (mut row, mut consonants) = (0, 0);
        for &b in letters {
            let class = CLASSES[usize::from(b)];
            is_plain &= class != 0;
            all |= class;
            humps += usize::from(before & LOWER != 0 && class & UPPER != 0);
            if class & VOWEL != 0 {
                vowels += 1;
                row = 0;
            } else {
                row += 1;
                consonants = consonants.max(row);
            }
            before = class;
        }
        Self {
            is_plain,
            digits: all & DIGIT != 0,
            lower: all & LOWER != 0,
            beyond_hex: all & BEYOND_HEX != 0,
            humps,
            vowels,
            consonants,
        }
    }

    /// Whether it is plain, not too long, in the usual case, and, if long enough to tell, like a language.
    fn reads(&self, len: usize) -> bool {
        let is_usual = if self.lower {
            // Lower case, or camel case: capitals that are not too many.
            self.humps <= len / 4
        } else {
            len <= 12
        };
        let is_language =
            self.vowels * 7 >= len && self.consonants <= MAX_CONSONANTS && self.beyond_hex;
        self.is_plain && len <= MAX_LETTERS && is_usual && (len < LANGUAGE_FROM || is_language)
    }
}

/// Length of the longest row of bytes of a kind.
pub(super) fn longest(text: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    text.split(|&b| !kind(b))
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for word in [
            "checkout",
            "connect-fetch-b64",
            "e-uri.js",
            "p.gif",
            "jquery.min.js",
            "jquery-3.6.0.min.js",
            "v2",
            "utm_source",
            "c_t",
            "_r",
            "fbevents.js",
            "viewthroughconversion",
            "PageView",
            "addToCart",
            "en_US",
            "k8s",
            "b97",
            "ご注文",
            "お支払い",
            "größe",
            "googletagmanager",
            "woff2",
            "wp-content",
            "ytag.js",
            "GTM",
            "ok.js",
            "gate.php",
            "evil",
            "skimmer",
            "api",
            "ga-audiences",
        ] {
            assert!(is_word(word), "{word}");
        }
    }

    #[test]
    fn data() {
        for data in [
            "",
            "4111",
            "123",
            "1229123",
            "12-29-123-4",
            "a1b2c3d4",
            "deadbeef",
            "jane@example.test",
            "12/29",
            "SmFuZQ",
            "SmFuZSBEb2U",
            "smfuzsbeb2u",
            "ndexmtexmtex",
            "MTExMTExMTEx",
            "GEZDGNBVGY3TQOJQ",
            "gqytcmjrgeytcmjrge",
            "x=1",
            "a b",
            "a%41",
            "SECRET123",
            "9027814",
            "41-11-11-11",
            "４１１１",
            "gr😀",
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst",
        ] {
            assert!(!is_word(data), "{data}");
        }
    }
}
