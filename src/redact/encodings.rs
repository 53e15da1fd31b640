//! Finds card numbers however they are written: plain, percent-encoded, as base64, as hex.
//!
//! The rule that keeps it cheap: a decoder runs only where the text shows the pattern that encoded
//! digits leave. In base64 three digits become four characters of which each has few values, so that
//! `MTEx` gives them away, and its alignment with them.

use percent_encoding::percent_decode;

use super::base64;
use super::card;
use super::digits;
use super::folded;
use super::hex;
use super::report::CardNumber;

/// How many times percent-encoding is undone: a URL within a URL within a URL.
pub const MAX_PERCENT_ROUNDS: usize = 3;

/// Most places of one text where a decoder is tried.
pub const MAX_TRIES: usize = 256;

/// The first card number in a text.
pub(super) fn find(text: &str) -> Option<CardNumber> {
    let raw = text.as_bytes();
    let mut rounds: Vec<Vec<u8>> = Vec::new();
    while rounds.len() < MAX_PERCENT_ROUNDS {
        let last = rounds.last().map_or(raw, Vec::as_slice);
        if !has_escape(last) {
            break;
        }
        rounds.push(percent_decode(last).collect());
    }
    // From the inside out: what encodes a number is full of digits, and some of them look like another.
    let Some(card) = rounds.iter().rev().find_map(|bytes| find_decoded(bytes)) else {
        return find_decoded(raw);
    };
    if card.encoding == "plain" && find_decoded(raw) != Some(card) {
        let encoding = "percent";
        return Some(CardNumber { encoding, ..card });
    }
    Some(card)
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
    let hex = (digits >= 2 * fewest).then(|| hex::find(bytes)).flatten();
    hex.or_else(|| (digits >= fewest).then(|| digits::find(bytes)).flatten())
        .or_else(|| {
            // What three digits leave in base64 is rarer than the letters that it may begin with.
            if !base64::has_group(bytes) {
                return None;
            }
            base64::find(bytes).or_else(|| folded::find(bytes))
        })
}

#[cfg(test)]
mod tests {
    use ::base64::Engine;
    use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

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
            ("?x=34:31:31:31:31:31:31:31:31:31:31:31:31:31:31:31", "hex"),
            ("ndexmtexmtexmtexmtexmq.evil.test", "base64"),
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
    fn the_digits_of_an_encoding_are_no_number() {
        // As digits alone, each of these looks like a number of another length or brand.
        let hex = |n: &str| n.bytes().map(|b| format!("{b:02x}")).collect::<String>();
        let percent = |n: &str| n.bytes().map(|b| format!("%25{b:02x}")).collect::<String>();
        for pan in ["4111111111111111", "378282246310005", "6200000000000005"] {
            for text in [hex(pan), percent(pan)] {
                let found = find(&text).map(|card| usize::from(card.length));
                assert_eq!(found, Some(pan.len()), "{text}");
            }
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
    fn hostile_text_costs_little() {
        assert_eq!(find(&"MDAw".repeat(100_000)), None);
        assert_eq!(find(&"31".repeat(100_000)), None);
        assert_eq!(find(&"%25".repeat(50_000)), None);
    }
}
