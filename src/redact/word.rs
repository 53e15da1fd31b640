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
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    !text.is_empty()
        && text.chars().count() <= MAX_WORD_CHARS
        && digits <= MAX_DIGITS
        && text.split(['-', '_', '.']).all(is_token)
        && !has_base64_digits(text)
}

fn is_token(token: &str) -> bool {
    if token.is_empty() {
        return true;
    }
    if !token.is_ascii() {
        return token.chars().all(char::is_alphabetic) && token.chars().count() <= MAX_LETTERS;
    }
    if !token.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let letters = token.trim_matches(|c: char| c.is_ascii_digit());
    let inner_digits = letters.bytes().any(|b| b.is_ascii_digit());
    longest(token, |b| b.is_ascii_digit()) <= MAX_DIGIT_ROW
        && (!inner_digits || token.len() <= MAX_MIXED)
        && letters.len() <= MAX_LETTERS
        && has_usual_case(letters)
        && (letters.len() < LANGUAGE_FROM || is_language(letters))
}

/// Lower case, upper case if short, or camel case: capitals that are not too many.
fn has_usual_case(letters: &str) -> bool {
    let bytes = letters.as_bytes();
    if !bytes.iter().any(u8::is_ascii_lowercase) {
        return bytes.len() <= 12;
    }
    let humps = bytes
        .windows(2)
        .filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
        .count();
    humps <= bytes.len() / 4
}

fn is_language(letters: &str) -> bool {
    let vowels = letters.bytes().filter(|&b| is_vowel(b)).count();
    let is_hex = letters.bytes().all(|b| b.is_ascii_hexdigit());
    vowels * 7 >= letters.len() && longest(letters, |b| !is_vowel(b)) <= MAX_CONSONANTS && !is_hex
}

fn is_vowel(b: u8) -> bool {
    matches!(
        b.to_ascii_lowercase(),
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y'
    )
}

/// Length of the longest row of bytes of a kind.
pub(super) fn longest(text: &str, kind: impl Fn(u8) -> bool) -> usize {
    text.as_bytes()
        .split(|&b| !kind(b))
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
