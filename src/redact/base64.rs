//! Card numbers in base64: finding them, and telling base64 of digits from words.

use super::digits;
use super::encodings::MAX_TRIES;
use super::report::CardNumber;

/// Characters before and after a pattern that are decoded with it: a number with separators fits.
const BEFORE: usize = 16;
const AFTER: usize = 64;

/// The first card number that stands in these bytes as base64.
pub(super) fn find(bytes: &[u8]) -> Option<CardNumber> {
    memchr::memchr3_iter(b'M', b'N', b'O', bytes)
        .filter(|&at| bytes.get(at..).is_some_and(is_of_digits))
        .take(MAX_TRIES)
        .find_map(|at| {
            let mut decoded = [0; (BEFORE + AFTER) / 4 * 3];
            let len = decode_around(bytes, at, &mut decoded);
            digits::find(decoded.get(..len)?)
        })
        .map(|card| CardNumber {
            encoding: "base64",
            ..card
        })
}

/// Whether the first four characters are the base64 of three digits.
fn is_of_digits(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [
            b'M'..=b'O',
            b'D' | b'T' | b'j' | b'z',
            b'A' | b'E' | b'I' | b'M' | b'Q' | b'U' | b'Y' | b'c' | b'g' | b'k',
            b'w'..=b'z' | b'0'..=b'5',
            ..,
        ]
    )
}

/// Which of the four places in the base64 of three digits a character may have, in letters of any case: host names
/// are sent in lower case, which takes nothing from the base64 of digits.
const PLACES: [u8; 256] = {
    let sets: [&[u8]; 4] = [b"mno", b"dtjz", b"aeimquycgk", b"wxyz012345"];
    let mut places = [0u8; 256];
    let mut place = 0;
    while place < sets.len() {
        let mut at = 0;
        while at < sets[place].len() {
            let b = sets[place][at];
            places[b as usize] |= 1 << place;
            places[b.to_ascii_uppercase() as usize] |= 1 << place;
            at += 1;
        }
        place += 1;
    }
    places
};

/// Whether the first four characters are the base64 of three digits in letters of any case.
pub(super) fn is_folded_of_digits(bytes: &[u8]) -> bool {
    let place = |b: u8| PLACES[usize::from(b)];
    matches!(bytes, &[a, b, c, d, ..]
        if place(a) & 1 != 0 && place(b) & 2 != 0 && place(c) & 4 != 0 && place(d) & 8 != 0)
}

/// Whether such a group stands anywhere in these bytes.
pub(super) fn has_group(bytes: &[u8]) -> bool {
    // Whatever its place, one of each four characters in a row is of the group.
    (3..bytes.len()).step_by(4).any(|at| {
        let mut places = PLACES[usize::from(bytes[at])];
        while places != 0 {
            let start = at - places.trailing_zeros() as usize;
            if is_folded_of_digits(&bytes[start..]) {
                return true;
            }
            places &= places - 1;
        }
        false
    })
}

/// Whether six digits or more stand in a text as base64, even in lower case.
pub(super) fn has_base64_digits(text: &str) -> bool {
    text.as_bytes()
        .windows(8)
        .any(|eight| is_folded_of_digits(eight) && is_folded_of_digits(&eight[4..]))
}

/// Decodes the base64 around a group of four whose place is known; gives the bytes written.
fn decode_around(bytes: &[u8], at: usize, out: &mut [u8]) -> usize {
    let mut start = at;
    while start >= 4
        && at - start < BEFORE
        && bytes
            .get(start - 4..start)
            .is_some_and(|four| four.iter().all(|&b| sextet(b).is_some()))
    {
        start -= 4;
    }
    let end = bytes.len().min(at + AFTER);
    let mut len = 0;
    let (mut bits, mut held) = (0u32, 0u32);
    for value in bytes
        .get(start..end)
        .unwrap_or(&[])
        .iter()
        .map_while(|&b| sextet(b))
    {
        bits = (bits << 6) | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            let Some(place) = out.get_mut(len) else { break };
            *place = u8::try_from((bits >> held) & 0xFF).unwrap_or(0);
            len += 1;
        }
    }
    len
}

/// Value of a character of base64, in the standard or the URL-safe alphabet.
fn sextet(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_shows_too() {
        assert!(has_base64_digits("ndexmtexmtexmtexmtexmq"));
        assert!(has_base64_digits("xxndexmtex"));
        assert!(!has_base64_digits("googletagmanager"));
        assert!(!has_base64_digits("monitoring"));
    }
}
