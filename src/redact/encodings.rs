//! Finds card numbers however they are written: plain, percent-encoded, as base64, as hex.
//!
//! The rule that keeps it cheap: a decoder runs only where the text shows the pattern that encoded
//! digits leave. In base64 three digits become four characters of which each has few values, so that
//! `MTEx` gives them away, and its alignment with them.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::card;
use super::digits;
use super::report::CardNumber;

/// How many times percent-encoding is undone: a URL within a URL within a URL.
pub const MAX_PERCENT_ROUNDS: usize = 3;

/// Most places of one text where a decoder is tried.
pub const MAX_TRIES: usize = 256;

/// The first card number in a text.
pub(super) fn find(text: &str) -> Option<CardNumber> {
    let mut bytes = Cow::Borrowed(text.as_bytes());
    let mut card = find_decoded(&bytes);
    for _ in 0..MAX_PERCENT_ROUNDS {
        if card.is_some() || !has_escape(&bytes) {
            break;
        }
        bytes = Cow::Owned(percent_decode(&bytes).collect());
        card = find_decoded(&bytes).map(|card| match card.encoding {
            "plain" => CardNumber {
                encoding: "percent",
                ..card
            },
            _ => card,
        });
    }
    card
}

fn has_escape(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'%', bytes).any(|at| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    })
}

fn find_decoded(bytes: &[u8]) -> Option<CardNumber> {
    let fewest = *card::DIGITS.start();
    if bytes.len() < fewest {
        return None;
    }
    let digits = digits::count(bytes);
    let plain = (digits >= fewest).then(|| digits::find(bytes)).flatten();
    plain
        .or_else(|| find_base64(bytes))
        .or_else(|| (digits >= 2 * fewest).then(|| find_hex(bytes)).flatten())
}

/// Characters before and after a pattern that are decoded with it: a number with separators fits.
const BASE64_BEFORE: usize = 16;
const BASE64_AFTER: usize = 64;

fn find_base64(bytes: &[u8]) -> Option<CardNumber> {
    memchr::memchr3_iter(b'M', b'N', b'O', bytes)
        .filter(|&at| bytes.get(at..).is_some_and(is_base64_of_digits))
        .take(MAX_TRIES)
        .find_map(|at| {
            let mut decoded = [0; (BASE64_BEFORE + BASE64_AFTER) / 4 * 3];
            let len = decode_base64_around(bytes, at, &mut decoded);
            digits::find(decoded.get(..len)?)
        })
        .map(|card| CardNumber {
            encoding: "base64",
            ..card
        })
}

/// Whether the first four characters are the base64 of three digits.
fn is_base64_of_digits(bytes: &[u8]) -> bool {
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

/// Whether the first four characters are the base64 of three digits in letters of any case: host names
/// are sent in lower case, which takes nothing from the base64 of digits.
fn is_folded_base64_of_digits(bytes: &[u8]) -> bool {
    let Some(&[a, b, c, d]) = bytes.first_chunk::<4>() else {
        return false;
    };
    matches!(a.to_ascii_lowercase(), b'm'..=b'o')
        && matches!(b.to_ascii_lowercase(), b'd' | b't' | b'j' | b'z')
        && b"aeimquycgk".contains(&c.to_ascii_lowercase())
        && matches!(d.to_ascii_lowercase(), b'w'..=b'z' | b'0'..=b'5')
}

/// Whether six digits or more stand in a text as base64, even in lower case.
pub(super) fn has_base64_digits(text: &str) -> bool {
    text.as_bytes().windows(8).any(|eight| {
        is_folded_base64_of_digits(eight) && eight.get(4..).is_some_and(is_folded_base64_of_digits)
    })
}

/// Decodes the base64 around a group of four whose place is known; gives the bytes written.
fn decode_base64_around(bytes: &[u8], at: usize, out: &mut [u8]) -> usize {
    let mut start = at;
    while start >= 4
        && at - start < BASE64_BEFORE
        && bytes
            .get(start - 4..start)
            .is_some_and(|four| four.iter().all(|&b| sextet(b).is_some()))
    {
        start -= 4;
    }
    let end = bytes.len().min(at + BASE64_AFTER);
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

/// Hex digits that are decoded together: a number with separators fits.
const HEX_AFTER: usize = 96;

fn find_hex(bytes: &[u8]) -> Option<CardNumber> {
    memchr::memchr_iter(b'3', bytes)
        .filter(|&at| bytes.get(at..).is_some_and(is_hex_of_digits))
        .take(MAX_TRIES)
        .find_map(|at| {
            let mut decoded = [0; HEX_AFTER / 2];
            let pairs = bytes.get(at..)?.chunks_exact(2).zip(&mut decoded);
            let len = pairs
                .map_while(|(pair, place)| hex(pair).map(|b| *place = b))
                .count();
            digits::find(decoded.get(..len)?)
        })
        .map(|card| CardNumber {
            encoding: "hex",
            ..card
        })
}

/// Whether the first six characters are the hex of three digits.
fn is_hex_of_digits(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [b'3', b'0'..=b'9', b'3', b'0'..=b'9', b'3', b'0'..=b'9', ..]
    )
}

fn hex(pair: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(pair).ok()?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    fn encoding(text: &str) -> Option<&'static str> {
        find(text).map(|card| card.encoding)
    }

    #[test]
    fn base64_at_every_alignment() {
        for before in ["", "a", "ab", "abc", "{\"n\": \""] {
            for pan in [
                "4111111111111111",
                "378282246310005",
                "4111 1111 1111 1111",
                "4111-1111-1111-1111",
            ] {
                for after in ["", "|", "|12/29|123", "\"}"] {
                    let plain = format!("{before}{pan}{after}");
                    for text in [STANDARD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)] {
                        let url = format!("https://evil.test/x/{text}/p.gif?d={text}");
                        assert_eq!(encoding(&url), Some("base64"), "{plain}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_encoding_is_named() {
        for (text, want) in [
            ("?x=343131313131313131313131313131317c31323239", "hex"),
            ("?x=34313131203131313120313131312031313131", "hex"),
            (
                "%34%31%31%31%31%31%31%31%31%31%31%31%31%31%31%31",
                "percent",
            ),
            (
                "%2534%2531%2531%2531%2531%2531%2531%2531%2531%2531%2531%2531%2531%2531%2531%2531",
                "percent",
            ),
            ("4111%201111%201111%201111", "separated"),
            (
                "to=https%3A%2F%2Fe.test%2Fc%3Fpan%3D4111111111111111%26exp%3D12",
                "plain",
            ),
            ("%EF%BC%94111111111111111", "percent"),
            ("d=NDExMTExMTExMTExMTExMQ%3D%3D", "base64"),
        ] {
            assert_eq!(encoding(text), Some(want), "{text}");
        }
    }

    #[test]
    fn ordinary_addresses_hold_none() {
        for text in [
            "https://www.google.co.jp/ads/ga-audiences?t=sr&tid=3735351&_r=2349783343.1775066003",
            "https://bat.bing.com/action/0?ti=940308&mid=2b8b8ea41e7f0a31632a9854b28bc8d8",
            "https://ajax.googleapis.com/ajax/libs/jquery/3.6.0/jquery.min.js",
            "sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx20=",
            "%",
            "%3",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn lower_case_shows_too() {
        assert!(has_base64_digits("ndexmtexmtexmtexmtexmq"));
        assert!(has_base64_digits("xxndexmtex"));
        assert!(!has_base64_digits("googletagmanager"));
        assert!(!has_base64_digits("monitoring"));
    }

    #[test]
    fn hostile_text_costs_little() {
        assert_eq!(find(&"MDAw".repeat(100_000)), None);
        assert_eq!(find(&"31".repeat(100_000)), None);
        assert_eq!(find(&"%25".repeat(50_000)), None);
    }
}
